import { withoutUniques } from '../../core/figures/row.ts';
import { counterTotals, RowSum } from '../../core/figures/row-sum.ts';
import {
  encodeHourState,
  type HourState,
  isFinal,
  type QuarterState,
  quarterCount,
} from '../../core/ledger/hour-state.ts';
import { digestOf, hourStateKey, revisionKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import { type FoldedHour, foldHour } from '../fold/fold-hour.ts';
import type { GroupMemory } from '../fold/fold-objects.ts';
import { generationOf, readState, type StoredState, stateOf } from '../fold/hour-states.ts';
import { type FoldRun, LeftToNextRun } from '../fold/run.ts';
import { putQuarter, type QuarterSum, sumQuarter } from '../fold/sum-quarters.ts';
import { countHourUniques } from './count-uniques.ts';
import { causeOf, dueCause, type Wanted } from './due-work.ts';
import { judgeNumbers, noteLoss } from './judge-numbers.ts';

export interface Settled {
  /** `final`: a new revision is in force. `same`: the figures did not have to change. */
  readonly outcome: 'final' | 'same';
  /** In force now. Absent when the hour was never folded. */
  readonly state?: HourState;
}

export interface SettleOptions extends Wanted {
  readonly memory: GroupMemory;
  readonly visitorsMax: number;
}

/** Does what is due for an hour. Looks again when another run swaps the state first. Throws a LeftToNextRun. */
export async function settleHour(run: FoldRun, hourStartMs: number, options: SettleOptions): Promise<Settled> {
  let generation = 0;
  for (let attempt = 1; attempt <= limits.ledger.attemptsMax; attempt += 1) {
    run.checkTime();
    const before = await readState(run, hourStartMs);
    generation = Math.max(generationOf(before), generation || nextGeneration(run, hourStartMs, before, options));
    const due = await dueCause(run, hourStartMs, before, options);
    if (due === undefined) return { outcome: 'same', ...(before.state && { state: before.state }) };
    const settled = await makeRevision(run, { hourStartMs, generation, due, before }, options);
    if (settled !== 'overtaken') return settled;
  }
  throw new LeftToNextRun('other runs make the hour final all the time');
}

interface DueHour {
  readonly hourStartMs: number;
  readonly generation: number;
  /** Why it is due. */
  readonly due: string;
  readonly before: StoredState;
}

async function makeRevision(
  run: FoldRun,
  { hourStartMs, generation, due, before }: DueHour,
  options: SettleOptions,
): Promise<Settled | 'overtaken'> {
  const folded = await foldHour(run, hourStartMs, { generation, ...options });
  checkWhole(folded, before);
  const { quarters, accounting } = await finalQuarters(run, folded, options.visitorsMax);
  const revision = (before.state?.revision ?? 0) + 1;
  const made = { ...stateOf(run, folded, quarters, { revision, cause: due }), ...(accounting && { accounting }) };
  checkRemembered(run, hourStartMs, before, made);
  const isAsked = options.cause !== undefined;
  const same = !isAsked && hasSameFigures(before.state, made) ? before.state : undefined;
  const state = same
    ? { ...made, revision: same.revision, cause: same.cause, atMs: same.atMs }
    : { ...made, cause: causeOf(due, before.state, made) };
  const bytes = encodeHourState(state);
  if (!same) await run.put(revisionKey(hourStartMs, revision, digestOf([bytes])), bytes);
  if (!(await run.swap(hourStateKey(hourStartMs), bytes, before.etag))) return 'overtaken';
  noteLoss(run, state, before.state);
  if (same) return { outcome: 'same', state };
  run.ports.metrics.count(metrics.hoursFinal, 1, { cause: state.cause });
  return { outcome: 'final', state };
}

const dayMs = 24 * hourMs;

/** Fold objects expire. An hour whose fold objects may soon be incomplete is folded in a new generation. */
function nextGeneration(run: FoldRun, hourStartMs: number, before: StoredState, { afresh }: Wanted): number {
  const current = generationOf(before);
  const isExpiring = run.nowMs() - hourStartMs > (limits.fold.keptDays - 2) * dayMs;
  return before.state !== undefined && (afresh || isExpiring) ? current + 1 : current;
}

/** An erasure keeps the keys. So when the log has fewer segments, some have expired or somebody deleted them. */
function checkWhole({ listing, unresolved }: FoldedHour, { state }: StoredState): void {
  const goneCount = (state?.segments ?? 0) - listing.count;
  if (goneCount > 0) throw new LeftToNextRun(`segments that were counted are gone from the log: ${goneCount}`);
  if (unresolved > 0) throw new LeftToNextRun(`the index has not seen ${unresolved} blocks of conversions`);
}

const { indexDays, clickAgeDaysMax } = limits.figures;

/** The index knows the first report of every conversion that can count, for so long after each later report of it. */
const rememberedMs = (indexDays - clickAgeDaysMax) * dayMs - hourMs;

/**
 * The index forgets. An old hour that is folded again would then count conversions that were duplicates. A log only
 * grows, so fewer duplicates than before mean that this has happened.
 */
function checkRemembered(run: FoldRun, hourStartMs: number, { state }: StoredState, made: HourState): void {
  if (state === undefined || !isFinal(state) || run.nowMs() - hourStartMs <= rememberedMs) return;
  const forgotten = (state.totals.duplicates ?? 0n) - (made.totals.duplicates ?? 0n);
  if (forgotten <= 0n) return;
  throw new LeftToNextRun(
    `the index has forgotten the first reports of ${forgotten} conversions: make the hours of these reports anew before`,
  );
}

async function finalQuarters(run: FoldRun, folded: FoldedHour, visitorsMax: number) {
  const sums: QuarterSum[] = [];
  for (let quarter = 0; quarter < quarterCount; quarter += 1) sums.push(await sumQuarter(run, folded, quarter));
  const environments = sums.flatMap((sum) => sum.environments);
  const visits = Number(counterTotals(sums.flatMap(({ rows }) => rows)).unique_clicks ?? 0n);
  const uniques = await countHourUniques(run, folded, visits, visitorsMax);
  const quarters: QuarterState[] = [];
  for (const [quarter, sum] of sums.entries()) {
    const ofQuarter = uniques.filter(({ key }) => key.quarter === quarter);
    const final = new RowSum();
    final.add(sum.rows.map(withoutUniques));
    final.add(ofQuarter);
    quarters.push(await putQuarter(run, folded.hourStartMs, { ...sum, rows: final.rows() }));
  }
  const accounting = await judgeNumbers(run, folded.hourStartMs, environments, folded.listing.keysDigest);
  return { quarters, accounting };
}

function hasSameFigures(one: HourState | undefined, other: HourState): boolean {
  return (
    one !== undefined &&
    isFinal(one) &&
    one.figuresDigest === other.figuresDigest &&
    one.unreadable.join() === other.unreadable.join() &&
    one.events === other.events &&
    one.redacted === other.redacted
  );
}
