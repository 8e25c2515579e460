import { meaningOf } from '../../core/answers.ts';
import { firstConversionKey } from '../../core/figures/table-keys.ts';
import { claim, type FirstConversion, firstConversionOf, release } from '../../core/ledger/first-conversion.ts';
import type { Leader } from '../../core/ledger/leaders.ts';
import { limits } from '../../core/limits.ts';
import type { Answer, Fetched, TableWrite } from '../../core/ports.ts';
import { inParallel } from '../in-parallel.ts';
import { persist } from '../persist.ts';
import { done, type LedgerPorts, left, newToken, refused, type Step } from './ports.ts';

const { tableBudgetMs, tableCallsAtOnceMax, attemptsMax } = limits.ledger;

/** So many keys are read at once: as many as one call of DynamoDB takes. */
const keysAtOnce = 100;

/**
 * Claims for each leader that it is the first conversion of its key, and gives the keys of those that are. An hour that
 * loses its conversion by it is reopened in the same transaction.
 */
export async function claimLeaders(
  leaders: readonly Leader[],
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<ReadonlySet<string>>> {
  const counted = new Set<string>();
  for (let from = 0; from < leaders.length; from += keysAtOnce) {
    if (ports.clock.nowMs() >= endMs) return left('the time is over');
    const batch = leaders.slice(from, from + keysAtOnce);
    const firsts = await readFirsts(
      batch.map(({ key }) => key),
      ports,
    );
    if (firsts.kind === 'failed') return refused('cannot read the conversion index', firsts.answer);
    const claimed = await inParallel(batch, tableCallsAtOnceMax, (leader) =>
      claimOne(leader, firsts.value.get(leader.key), ports, endMs),
    );
    const failure = claimed.find((step) => step.kind === 'left');
    if (failure?.kind === 'left') return failure;
    for (const [index, step] of claimed.entries()) {
      if (step.kind === 'done' && step.value) counted.add(batch[index]?.key ?? '');
    }
  }
  return done(counted);
}

async function claimOne(
  { key, event }: Leader,
  known: FirstConversion | undefined,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<boolean>> {
  let first = known;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const { isCounted, writes } = claim(key, event.id, first, newToken(ports));
    if (writes.length === 0) return done(isCounted);
    const answer = await writeTogether(writes, ports, endMs);
    if (meaningOf(answer) === 'done') return done(isCounted);
    if (meaningOf(answer) !== 'unmet') return refused('cannot write to the conversion index', answer);
    // Another hour claimed the key meanwhile.
    const read = await readFirsts([key], ports);
    if (read.kind === 'failed') return refused('cannot read the conversion index', read.answer);
    first = read.value.get(key);
  }
  return left(`other hours claim the conversion ${key} all the time`);
}

/** Gives up keys of which the conversion is gone from its hour, for those hours that have another one. `gone`: ids by key. */
export async function releaseGone(
  gone: ReadonlyMap<string, string>,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<undefined>> {
  const firsts = await readFirsts([...gone.keys()], ports);
  if (firsts.kind === 'failed') return refused('cannot read the conversion index', firsts.answer);
  for (const [key, id] of gone) {
    for (const writes of release(key, id, firsts.value.get(key), newToken(ports))) {
      const answer = await writeTogether(writes, ports, endMs);
      if (meaningOf(answer) === 'unmet') break;
      if (meaningOf(answer) !== 'done') return refused('cannot write to the conversion index', answer);
    }
  }
  return done(undefined);
}

/** One write alone needs no transaction, which costs double. */
function writeTogether(writes: readonly TableWrite[], ports: LedgerPorts, endMs: number): Promise<Answer> {
  const [write, ...others] = writes;
  const { table } = ports;
  return persist(
    (budgetMs) => (write && others.length === 0 ? table.write(write, budgetMs) : table.transact(writes, budgetMs)),
    ports,
    endMs + tableBudgetMs,
  );
}

async function readFirsts(
  keys: readonly string[],
  { table }: LedgerPorts,
): Promise<Fetched<ReadonlyMap<string, FirstConversion>>> {
  if (keys.length === 0) return { kind: 'ok', value: new Map() };
  const items = await table.get(keys.map(firstConversionKey), tableBudgetMs);
  if (items.kind === 'failed') return items;
  const byPk = new Map(items.value.map((item) => [item['pk'], firstConversionOf(item)]));
  const firsts = keys.flatMap((key): [string, FirstConversion][] => {
    const first = byPk.get(firstConversionKey(key).pk);
    return first ? [[key, first]] : [];
  });
  return { kind: 'ok', value: new Map(firsts) };
}
