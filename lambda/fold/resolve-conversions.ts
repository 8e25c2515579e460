import { callOutcome } from '../../core/call-outcome.ts';
import type { LoggedEvent } from '../../core/event/event.ts';
import { encodeFirsts, readConversions } from '../../core/figures/conversion-block.ts';
import {
  claimFirstWrite,
  type FirstMark,
  firstConversionKey,
  firstMarkOf,
  holdsAt,
  isWaiting,
  type KeptMark,
  markTimeMs,
} from '../../core/figures/first-conversion.ts';
import { type Forwarded, smallestMarks } from '../../core/figures/merge-sales.ts';
import { keptMarkOf, salesPartOf } from '../../core/figures/sales-part.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { minuteMs } from '../../core/log/log-key.ts';
import type { Fetched } from '../../core/ports.ts';
import type { SalesObjects } from './fold-objects.ts';
import { isThrottled } from './patient-call.ts';
import { type FoldRun, LeftToNextRun, refuse } from './run.ts';
import { tellMinutes } from './tell-minute.ts';

const { blocksAtOnceMax, indexBudgetMs, indexCallsAtOnceMax, attemptsMax } = limits.fold;

/** An event that takes its key from the event `was`. Undefined `was`: the index does not have the key. */
interface Claim {
  readonly key: string;
  readonly mark: FirstMark;
  readonly was: FirstMark | undefined;
  readonly kept: KeptMark;
}

interface MarkOfKey {
  readonly key: string;
  /** The smallest one that the block has of the key. Undefined when the block has only decisions of it. */
  readonly mark: FirstMark | undefined;
  readonly kept: KeptMark;
}

/**
 * Looks up every block of conversions that was not looked up yet. Gives how many blocks are left because the index does
 * not answer. Their conversions count meanwhile, perhaps beside an earlier report in another minute or hour.
 */
export async function resolveConversions(run: FoldRun, objects: SalesObjects): Promise<number> {
  const open = objects.minutes.flatMap(({ conversions, firsts }, minute) =>
    [...conversions].filter((name) => !firsts.has(name)).map((name) => ({ minute, name, firsts })),
  );
  // Overlapping runs look up the same blocks, so each begins elsewhere.
  const blocks = run.shuffled(open);
  const atOnce = Math.min(blocksAtOnceMax, blocks.length);
  const claimsAtOnce = Math.floor(indexCallsAtOnceMax / Math.max(1, atOnce));
  let leftCount = blocks.length;
  let why: string | undefined;
  await inParallel(blocks, atOnce, async ({ minute, name, firsts }) => {
    if (why !== undefined) return;
    try {
      await resolveBlock(run, objects, minute, name, claimsAtOnce);
      firsts.add(name);
      leftCount -= 1;
    } catch (error) {
      if (!(error instanceof LeftToNextRun)) throw error;
      why = error.message;
    }
  });
  if (leftCount > 0) run.ports.log.warn('conversions are not looked up in the index', { blocks: leftCount, why });
  return leftCount;
}

/** The `firsts` object of the block's name is written last: where it exists, the index knows the block. */
async function resolveBlock(
  run: FoldRun,
  objects: SalesObjects,
  minute: number,
  name: string,
  claimsAtOnce: number,
): Promise<void> {
  const { hourStartMs, generation } = objects;
  const key = foldKey(hourStartMs, { kind: 'conversions', generation, minute, name });
  const events = await run.read(key, readConversions);
  const startMs = hourStartMs + minute * minuteMs;
  const elsewhere = new Map<string, FirstMark>();
  const mine = marksIn(events);
  for (let from = 0; from < mine.length; from += keysAtOnceMax) {
    let open: readonly MarkOfKey[] = mine.slice(from, from + keysAtOnceMax);
    for (let attempt = 1; open.length > 0; attempt += 1) {
      if (attempt > attemptsMax) throw new LeftToNextRun('other runs claim the same conversions all the time');
      open = await claim(run, objects, open, { elsewhere, claimsAtOnce, startMs });
    }
  }
  await run.put(foldKey(hourStartMs, { kind: 'firsts', generation, minute, name }), encodeFirsts(elsewhere));
}

function marksIn(events: readonly LoggedEvent[]): readonly MarkOfKey[] {
  const smallest = smallestMarks(events);
  const kept = new Map(
    events.flatMap((event): [string, KeptMark][] => {
      const part = salesPartOf(event);
      return part ? [[part.key, keptMarkOf(part)]] : [];
    }),
  );
  return [...kept].map(([key, ofKey]) => ({ key, mark: smallest.get(key), kept: ofKey }));
}

interface ClaimOptions {
  /** Gets the keys whose first event is in another minute. */
  readonly elsewhere: Map<string, FirstMark>;
  readonly claimsAtOnce: number;
  /** Start of the block's minute, ms since the epoch. */
  readonly startMs: number;
}

/** As many as one call to the index reads. What is claimed stays claimed when a later call fails. */
const keysAtOnceMax = 100;

/**
 * Claims keys for the events of a block. A key whose first event the index has elsewhere goes into `elsewhere`. Gives the
 * keys for which another run was faster. A decision claims nothing.
 */
async function claim(
  run: FoldRun,
  objects: SalesObjects,
  mine: readonly MarkOfKey[],
  { elsewhere, claimsAtOnce, startMs }: ClaimOptions,
): Promise<readonly MarkOfKey[]> {
  run.checkTime();
  const known = await lookUpFirsts(
    run,
    mine.map(({ key }) => key),
  );
  const claims: Claim[] = [];
  for (const { key, mark, kept } of mine) {
    const was = known.get(key);
    const isFree = was === undefined || was > (mark ?? was) || !holdsAt(was, startMs, kept);
    if (mark !== undefined && isFree) claims.push({ key, mark, was, kept });
    else if (was !== undefined && isElsewhere(was, mark)) elsewhere.set(key, was);
  }
  // The minutes that lose a key are told first. When a run dies in between, the next run makes the claim.
  await tellMinutes(run, objects, displacedBy(claims));
  const isClaimed = await inParallel(claims, claimsAtOnce, (wanted) => makeClaim(run, wanted));
  return claims.filter((_, index) => !isClaimed[index]);
}

/** A decision goes to a report that can be first. What merely waits for one has no use for a decision. */
function isElsewhere(was: FirstMark, mark: FirstMark | undefined): boolean {
  return mark === undefined ? !isWaiting(was) : was < mark;
}

/** False when another run was faster. */
async function makeClaim(run: FoldRun, { key, mark, was, kept }: Claim): Promise<boolean> {
  const write = async (): Promise<Fetched<undefined>> => {
    const answer = await run.ports.index.write(claimFirstWrite(key, mark, was, kept), indexBudgetMs);
    return callOutcome(answer) === 'done' ? { kind: 'ok', value: undefined } : { kind: 'failed', answer };
  };
  const written = await run.patiently(write, isThrottled);
  if (written.kind === 'ok') return true;
  return callOutcome(written.answer) === 'unmet'
    ? false
    : refuse('cannot write to the conversion index', written.answer);
}

async function lookUpFirsts(run: FoldRun, keys: readonly string[]): Promise<ReadonlyMap<string, FirstMark>> {
  const asked = keys.map(firstConversionKey);
  const items = await run.patiently(() => run.ports.index.get(asked, indexBudgetMs), isThrottled);
  if (items.kind === 'failed') refuse('cannot read the conversion index', items.answer);
  const keyOf = new Map(keys.map((key) => [firstConversionKey(key).pk, key]));
  return new Map(
    items.value.flatMap((item): readonly (readonly [string, FirstMark])[] => {
      const [key, mark] = [keyOf.get(`${item['pk']}`), firstMarkOf(item)];
      return key !== undefined && mark !== undefined ? [[key, mark]] : [];
    }),
  );
}

/** What each minute must know whose event is not the first any more, by the start of the minute. */
function displacedBy(claims: readonly Claim[]): ReadonlyMap<number, Forwarded> {
  const byMinute = new Map<number, Forwarded>();
  for (const { key, mark, was, kept } of claims) {
    // What is older than the index remembers does not lose its key.
    if (was === undefined || was < mark || !holdsAt(mark, markTimeMs(was), kept)) continue;
    const startMs = markTimeMs(was) - (markTimeMs(was) % minuteMs);
    const told = byMinute.get(startMs) ?? { later: [], firsts: new Map<string, FirstMark>() };
    byMinute.set(startMs, told);
    told.firsts.set(key, mark);
  }
  return byMinute;
}
