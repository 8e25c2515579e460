import { withoutUniques } from '../../core/figures/row.ts';
import { counterTotals, RowSum } from '../../core/figures/row-sum.ts';
import {
  encodeHourState,
  type HourState,
  isFinal,
  isOfOwnRules,
  type QuarterState,
  quarterCount,
} from '../../core/ledger/hour-state.ts';
import { digestOf, hourStateKey, revisionKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import { type FoldedHour, foldHour } from '../fold/fold-hour.ts';
import { type GroupMemory, lookAtSales, receivedDigest } from '../fold/fold-objects.ts';
import { figuresOf, generationOf, readState, type StoredState, stateOf } from '../fold/hour-states.ts';
import { mergeHourSales } from '../fold/merge-sales.ts';
import { resolveConversions } from '../fold/resolve-conversions.ts';
import { type FoldRun, LeftToNextRun } from '../fold/run.ts';
import { type ClicksSum, putPart, salesPart, sumClicks } from '../fold/sum-quarters.ts';
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
    const { state } = before;
    const isOfSales = due === 'conversion' && state !== undefined && isOfOwnRules(state);
    const settled = isOfSales
      ? await settleSales(run, hourStartMs, before, state)
      : await makeRevision(run, { hourStartMs, generation, due, before }, options);
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
  const { quarters, accounting } = await finalQuarters(run, folded, before, options.visitorsMax);
  const revision = (before.state?.revision ?? 0) + 1;
  const made = { ...stateOf(run, folded, quarters, { revision, cause: due }), ...(accounting && { accounting }) };
  checkRemembered(run, hourStartMs, before, made);
  const isAsked = options.cause !== undefined;
  const same = !isAsked && hasSameFigures(before.state, made) ? before.state : undefined;
  const state = same
    ? { ...made, revision: same.revision, cause: same.cause, atMs: same.atMs }
    : { ...made, cause: causeOf(due, before.state, made) };
  const settled = await putState(run, hourStartMs, before, state);
  if (settled !== 'overtaken') noteLoss(run, state, before.state);
  return settled;
}

/**
 * Makes a revision of a final hour that only received events or marks from other hours. Merges conversions again and
 * nothing else, and reads no log. So this works as long as the fold objects of conversions are kept.
 */
async function settleSales(
  run: FoldRun,
  hourStartMs: number,
  before: StoredState,
  state: HourState,
): Promise<Settled | 'overtaken'> {
  const objects = await lookAtSales(run, hourStartMs, state.generation);
  const unresolved = await resolveConversions(run, objects);
  checkResolved(unresolved);
  const merged = { ...objects, names: await mergeHourSales(run, objects) };
  const quarters: QuarterState[] = [];
  for (const [quarter, known] of state.quarters.entries()) {
    quarters.push({ ...known, sales: await salesPart(run, merged, quarter, known.sales) });
  }
  checkKept(state.quarters, quarters);
  const made = { ...state, received: receivedDigest(objects.received), ...figuresOf(quarters) };
  const isSame = made.figuresDigest === state.figuresDigest;
  const news = { revision: state.revision + 1, cause: 'conversion', atMs: Math.floor(run.nowMs()) };
  return putState(run, hourStartMs, before, isSame ? made : { ...made, ...news });
}

/** A report of an hour counts in one of these, in whichever, for ever. */
const reportCounters = ['approved', 'pending', 'rejected', 'reversed', 'duplicates'] as const;

/** Fewer reports than before mean that fold objects have expired, or that somebody deleted them. */
function checkKept(before: readonly QuarterState[], made: readonly QuarterState[]): void {
  const reportsIn = (quarters: readonly QuarterState[]): bigint => {
    const totals = counterTotals(quarters.map(({ sales }) => ({ counters: sales.totals })));
    return reportCounters.reduce((sum, counter) => sum + (totals[counter] ?? 0n), 0n);
  };
  const goneCount = reportsIn(before) - reportsIn(made);
  if (goneCount > 0n) throw new LeftToNextRun(`fold objects of ${goneCount} reports are gone: rebuild the hour`);
}

/** Puts a state in force. When its revision is that of the state before, only what the state says of its sources is new. */
async function putState(
  run: FoldRun,
  hourStartMs: number,
  before: StoredState,
  state: HourState,
): Promise<Settled | 'overtaken'> {
  const isNew = state.revision !== before.state?.revision;
  const bytes = encodeHourState(state);
  if (isNew) await run.put(revisionKey(hourStartMs, state.revision, digestOf([bytes])), bytes);
  if (!(await run.swap(hourStateKey(hourStartMs), bytes, before.etag))) return 'overtaken';
  if (!isNew) return { outcome: 'same', state };
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
  checkResolved(unresolved);
}

function checkResolved(unresolved: number): void {
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

async function finalQuarters(run: FoldRun, folded: FoldedHour, { state }: StoredState, visitorsMax: number) {
  const sums: ClicksSum[] = [];
  for (let quarter = 0; quarter < quarterCount; quarter += 1) {
    sums.push(await sumClicks(run, { ...folded, names: folded.clicks }, quarter));
  }
  const environments = sums.flatMap((sum) => sum.environments);
  const visits = Number(counterTotals(sums.flatMap(({ rows }) => rows)).unique_clicks ?? 0n);
  const uniques = await countHourUniques(run, folded, visits, visitorsMax);
  const quarters: QuarterState[] = [];
  for (const [quarter, { rows, capped, sources, events, unknown, redacted }] of sums.entries()) {
    const final = new RowSum();
    final.add(rows.map(withoutUniques));
    final.add(uniques.filter(({ key }) => key.quarter === quarter));
    const clicks = await putPart(run, folded.hourStartMs, { sources, rows: final.rows(), capped });
    const known = state?.quarters[quarter]?.sales;
    const sales = await salesPart(run, { ...folded, names: folded.sales }, quarter, known);
    quarters.push({ clicks, sales, events, unknown, redacted });
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
