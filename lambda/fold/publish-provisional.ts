import {
  closesAtMs,
  encodeHourState,
  type HourState,
  isFinal,
  type QuarterState,
  quarterCount,
} from '../../core/ledger/hour-state.ts';
import { hourStateKey } from '../../core/ledger/object-keys.ts';
import type { FoldedHour } from './fold-hour.ts';
import { type StoredState, stateOf } from './hour-states.ts';
import type { FoldRun } from './run.ts';
import { putPart, salesPart, sourcesOf, sumClicks } from './sum-quarters.ts';

/**
 * Publishes the provisional figures of an hour. Only quarters that changed are summed. Returns the state that this run
 * saw last. When another run was faster, the figures of that run stay: they are as new.
 */
export async function publishProvisional(
  run: FoldRun,
  folded: FoldedHour,
  before: StoredState,
): Promise<HourState | undefined> {
  if (before.state && isFinal(before.state)) return before.state;
  const quarters: QuarterState[] = [];
  for (let quarter = 0; quarter < quarterCount; quarter += 1) {
    quarters.push(await quarterOf(run, folded, quarter, before.state?.quarters[quarter]));
  }
  const state = stateOf(run, folded, quarters, { revision: 0, cause: 'provisional' });
  if (run.nowMs() >= closesAtMs(folded.hourStartMs) && saysTheSame(before.state, state)) return before.state;
  const isPublished = await run.swap(hourStateKey(folded.hourStartMs), encodeHourState(state), before.etag);
  return isPublished ? state : before.state;
}

async function quarterOf(
  run: FoldRun,
  folded: FoldedHour,
  quarter: number,
  known: QuarterState | undefined,
): Promise<QuarterState> {
  const sales = await salesPart(run, { ...folded, names: folded.sales }, quarter, known?.sales);
  const ofClicks = { ...folded, names: folded.clicks };
  if (known?.clicks.sources === sourcesOf(ofClicks, quarter)) return { ...known, sales };
  const { rows, capped, sources, events, unknown, redacted } = await sumClicks(run, ofClicks, quarter);
  const clicks = await putPart(run, folded.hourStartMs, { sources, rows, capped });
  return { clicks, sales, events, unknown, redacted };
}

/** Such a state is not written again: the ledger is making the hour final meanwhile, and would have to begin anew. */
function saysTheSame(one: HourState | undefined, other: HourState): boolean {
  const telling = (state: HourState) => encodeHourState({ ...state, atMs: 0, foldedToMs: 0 });
  return one !== undefined && Buffer.from(telling(one)).equals(telling(other));
}
