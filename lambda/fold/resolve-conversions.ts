import { callOutcome } from '../../core/call-outcome.ts';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import { earliestByKey, encodeFirsts, readConversions } from '../../core/figures/conversion-block.ts';
import { claimFirstWrite, firstConversionKey, firstConversionOf } from '../../core/figures/first-conversion.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { anyGeneration, digestOf, foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourStart, minuteMs } from '../../core/log/log-key.ts';
import type { Fetched } from '../../core/ports.ts';
import type { FoldObjects } from './fold-objects.ts';
import { isThrottled } from './patient-call.ts';
import { type FoldRun, LeftToNextRun, refuse } from './run.ts';

const { blocksAtOnceMax, indexBudgetMs, indexCallsAtOnceMax, attemptsMax } = limits.fold;

/** A conversion that takes its key from the conversion `was`. Undefined `was`: the index does not have the key. */
interface Claim {
  readonly key: string;
  readonly id: string;
  readonly was: string | undefined;
}

/** A conversion key, and the id of its first conversion as far as the caller knows. */
type FirstOfKey = readonly [key: string, id: string];

/**
 * Looks up every block of conversions that was not looked up yet. Gives how many blocks are left because the index does
 * not answer. Their conversions count meanwhile, perhaps beside an earlier report in another minute or hour.
 */
export async function resolveConversions(run: FoldRun, objects: FoldObjects): Promise<number> {
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
  objects: FoldObjects,
  minute: number,
  name: string,
  claimsAtOnce: number,
): Promise<void> {
  const { hourStartMs, generation } = objects;
  const key = foldKey(hourStartMs, { kind: 'conversions', generation, minute, name });
  const events = await run.read(key, readConversions);
  const elsewhere = new Map<string, string>();
  const mine = [...earliestByKey(events)];
  for (let from = 0; from < mine.length; from += keysAtOnceMax) {
    let open: readonly FirstOfKey[] = mine.slice(from, from + keysAtOnceMax);
    for (let attempt = 1; open.length > 0; attempt += 1) {
      if (attempt > attemptsMax) throw new LeftToNextRun('other runs claim the same conversions all the time');
      open = await claim(run, objects, open, elsewhere, claimsAtOnce);
    }
  }
  await run.put(foldKey(hourStartMs, { kind: 'firsts', generation, minute, name }), encodeFirsts(elsewhere));
}

/** As many as one call to the index reads. What is claimed stays claimed when a later call fails. */
const keysAtOnceMax = 100;

/**
 * Claims keys for the conversions of a block. A key with an earlier conversion goes into `elsewhere`. Gives the keys for
 * which another run was faster.
 */
async function claim(
  run: FoldRun,
  objects: FoldObjects,
  mine: readonly FirstOfKey[],
  elsewhere: Map<string, string>,
  claimsAtOnce: number,
): Promise<readonly FirstOfKey[]> {
  run.checkTime();
  const known = await lookUpFirsts(
    run,
    mine.map(([key]) => key),
  );
  const claims: Claim[] = [];
  for (const [key, id] of mine) {
    const was = known.get(key);
    if (was === undefined || was > id) claims.push({ key, id, was });
    else if (was < id) elsewhere.set(key, was);
  }
  // The minutes that lose a key are told first. When a run dies in between, the next run makes the claim.
  await tellDisplaced(run, objects, claims);
  const isClaimed = await inParallel(claims, claimsAtOnce, (wanted) => makeClaim(run, wanted));
  return claims.filter((_, index) => !isClaimed[index]).map(({ key, id }) => [key, id]);
}

/** False when another run was faster. */
async function makeClaim(run: FoldRun, { key, id, was }: Claim): Promise<boolean> {
  const write = async (): Promise<Fetched<undefined>> => {
    const answer = await run.ports.index.write(claimFirstWrite(key, id, was), indexBudgetMs);
    return callOutcome(answer) === 'done' ? { kind: 'ok', value: undefined } : { kind: 'failed', answer };
  };
  const written = await run.patiently(write, isThrottled);
  if (written.kind === 'ok') return true;
  return callOutcome(written.answer) === 'unmet'
    ? false
    : refuse('cannot write to the conversion index', written.answer);
}

async function lookUpFirsts(run: FoldRun, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const asked = keys.map(firstConversionKey);
  const items = await run.patiently(() => run.ports.index.get(asked, indexBudgetMs), isThrottled);
  if (items.kind === 'failed') refuse('cannot read the conversion index', items.answer);
  const keyOf = new Map(keys.map((key) => [firstConversionKey(key).pk, key]));
  return new Map(
    items.value.flatMap((item): readonly FirstOfKey[] => {
      const [key, id] = [keyOf.get(`${item['pk']}`), firstConversionOf(item)];
      return key !== undefined && id !== undefined ? [[key, id]] : [];
    }),
  );
}

/** Leaves a `firsts` object in each minute whose conversion is not the first any more. */
async function tellDisplaced(run: FoldRun, objects: FoldObjects, claims: readonly Claim[]): Promise<void> {
  const byMinute = new Map<number, Map<string, string>>();
  for (const { key, id, was } of claims) {
    if (was === undefined) continue;
    const startMs = uuidTimeMs(was) - (uuidTimeMs(was) % minuteMs);
    byMinute.set(startMs, (byMinute.get(startMs) ?? new Map<string, string>()).set(key, id));
  }
  await inParallel([...byMinute], limits.fold.blocksAtOnceMax, async ([startMs, firsts]) => {
    const hourStartMs = hourStart(startMs);
    const minute = (startMs - hourStartMs) / minuteMs;
    const name = digestOf([...firsts].sort().flat());
    const key = foldKey(hourStartMs, { kind: 'firsts', generation: anyGeneration, minute, name });
    await run.put(key, encodeFirsts(firsts));
    if (hourStartMs === objects.hourStartMs) objects.foreignFirsts[minute]?.add(name);
    else run.displacedHours.add(hourStartMs);
  });
}
