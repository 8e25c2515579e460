import { isOperatorType } from '../../core/conversions/operator-events.ts';
import type { LoggedEvent } from '../../core/event/event.ts';
import { readConversions, readFirsts } from '../../core/figures/conversion-block.ts';
import { mergeSales } from '../../core/figures/merge-sales.ts';
import { encodeSales } from '../../core/figures/sales-object.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { anyGeneration, digestOf, foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { minuteMs } from '../../core/log/log-key.ts';
import { outboxKey } from '../../core/postbacks/outbox-key.ts';
import { encodeOutbox, type OutboxLine } from '../../core/postbacks/outbox-line.ts';
import { minuteCount, type SalesObjects } from './fold-objects.ts';
import type { FoldRun } from './run.ts';
import { tellMinutes } from './tell-minute.ts';

const { blocksAtOnceMax } = limits.fold;

/**
 * Merges the conversions of every minute where something has changed since they were merged. Gives the names of all 60
 * minutes; undefined where a minute has nothing. Most events are forwarded to earlier minutes, so the last minute comes
 * first. Minutes that receive something after their turn are merged again.
 */
export async function mergeHourSales(run: FoldRun, objects: SalesObjects): Promise<readonly (string | undefined)[]> {
  const merged: (string | undefined)[] = Array.from({ length: minuteCount });
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (let minute = minuteCount - 1; minute >= 0; minute -= 1) {
      const name = nameOf(objects, minute);
      if (name === merged[minute]) continue;
      if (name !== undefined) await mergeMinute(run, objects, minute, name);
      merged[minute] = name;
      isChanged = true;
    }
  }
  return merged;
}

/** A digest over the names of the sources. A minute that was only told of `firsts` has nothing to count. */
function nameOf({ minutes, received }: SalesObjects, minute: number): string | undefined {
  const { conversions = noNames, firsts = noNames } = minutes[minute] ?? {};
  const { firsts: told = noNames, later = noNames } = received[minute] ?? {};
  if (conversions.size + later.size === 0) return undefined;
  const sources = [
    ...conversions,
    ...[...firsts].map((name) => `first ${name}`),
    ...[...told].map((name) => `told ${name}`),
    ...[...later].map((name) => `later ${name}`),
  ];
  return digestOf(sources.sort());
}

const noNames: ReadonlySet<string> = new Set();

/** Forwards before it writes the rows: where the rows exist, other minutes and the outbox have what they need. */
async function mergeMinute(run: FoldRun, objects: SalesObjects, minute: number, name: string): Promise<void> {
  const { hourStartMs, generation, minutes, received } = objects;
  const names = minutes[minute];
  if (names?.sales.has(name)) return;
  run.checkTime();
  const read = <Value>(kind: Kind, from: Names, of: number, parse: (bytes: Uint8Array) => Value | undefined) =>
    inParallel([...(from ?? [])], blocksAtOnceMax, (one) =>
      run.read(foldKey(hourStartMs, { kind, generation: of, minute, name: one }), parse),
    );
  const own = await read('conversions', names?.conversions, generation, readConversions);
  const later = await read('later', received[minute]?.later, anyGeneration, readConversions);
  const firsts = [
    ...(await read('firsts', names?.firsts, generation, readFirsts)),
    ...(await read('firsts', received[minute]?.firsts, anyGeneration, readFirsts)),
  ];
  const startMs = hourStartMs + minute * minuteMs;
  const foreign = await stillSigned(run, later.flat());
  const { rows, capped, forwarded, outbox } = mergeSales({ startMs, own: own.flat(), received: foreign, firsts });
  await tellMinutes(run, objects, forwarded);
  await tellNotify(run, startMs, name, outbox);
  await run.put(foldKey(hourStartMs, { kind: 'sales', generation, minute, name }), encodeSales({ rows, capped }));
  names?.sales.add(name);
}

/** Runs that overlap can both write the lines of a minute. `notify` sends each postback once all the same. */
async function tellNotify(run: FoldRun, startMs: number, name: string, lines: readonly OutboxLine[]): Promise<void> {
  if (!run.ports.hasPostbacks || lines.length === 0) return;
  await run.put(outboxKey({ writtenAtMs: run.nowMs(), minuteMs: startMs, name }), encodeOutbox(lines));
}

type Kind = 'conversions' | 'firsts' | 'later';
type Names = ReadonlySet<string> | undefined;

/**
 * Leaves out events of operators whose key was revoked from an earlier time on. They stay in the bucket, so a rebuild
 * would count them otherwise.
 */
async function stillSigned(run: FoldRun, received: readonly LoggedEvent[]): Promise<readonly LoggedEvent[]> {
  const ofOperators = received.filter(({ type }) => isOperatorType(type));
  if (ofOperators.length === 0) return received;
  const keys = await run.operatorKeys(ofOperators);
  return received.filter((event) => !isOperatorType(event.type) || keys.hasSigned(event));
}
