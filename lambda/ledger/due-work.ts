import { closesAtMs, type HourState, isFinal, isOfOwnRules } from '../../core/ledger/hour-state.ts';
import { ListingSum } from '../../core/ledger/listing-sum.ts';
import { receivedPrefix } from '../../core/ledger/object-keys.ts';
import { hourPrefix } from '../../core/log/log-key.ts';
import { type ReceivedNames, receivedDigest, receivedIn } from '../fold/fold-objects.ts';
import type { StoredState } from '../fold/hour-states.ts';
import type { FoldRun } from '../fold/run.ts';
import { scanLog } from '../fold/scan-log.ts';

export interface Wanted {
  /** The cause that an operator gives. When it is absent, only hours that are due are made final. */
  readonly cause?: string;
  /** Whether an empty hour that is over is made final too. */
  readonly emptyToo: boolean;
  /** Whether to read unreadable segments again, and to judge hours again that could not be judged. */
  readonly unreadableToo: boolean;
  /** Whether to fold everything again. */
  readonly afresh: boolean;
  /** Whether to look only for what other hours left, and not for late segments. */
  readonly receivedOnly: boolean;
}

/** Why an hour has to be made final; undefined when nothing is due. Compares listings with the state of the hour. */
export async function dueCause(
  run: FoldRun,
  hourStartMs: number,
  { state }: StoredState,
  wanted: Wanted,
): Promise<string | undefined> {
  if (wanted.cause !== undefined) return wanted.cause;
  if (state === undefined || !isFinal(state)) {
    return (await isClosing(run, hourStartMs, state, wanted)) ? 'closed' : undefined;
  }
  // An earlier release did not count events that this one understands.
  if (!isOfOwnRules(state) && state.unknown > 0) return 'rules';
  if (!wanted.receivedOnly && (await listingOf(run, hourStartMs)) !== state.listing) return 'late';
  if (receivedDigest(await receivedBy(run, hourStartMs)) !== state.received) return 'conversion';
  if (!wanted.unreadableToo) return undefined;
  if (state.unreadable.length > 0) return 'readable';
  return state.accounting === undefined ? 'accounting' : undefined;
}

/**
 * An hour of which `stats` has published figures, even empty ones, is none from before the region's deployment. An
 * adjustment can be for a day from before.
 */
async function isClosing(
  run: FoldRun,
  hourStartMs: number,
  state: HourState | undefined,
  { emptyToo, receivedOnly }: Wanted,
): Promise<boolean> {
  if (run.nowMs() < closesAtMs(hourStartMs)) return false;
  if (emptyToo || state !== undefined) return true;
  if (receivedOnly) return (await receivedBy(run, hourStartMs)).some(({ later }) => later.size > 0);
  return (await run.listPage(hourPrefix(hourStartMs))).keys.length > 0;
}

async function listingOf(run: FoldRun, hourStartMs: number): Promise<string> {
  const listing = new ListingSum();
  for await (const segments of scanLog(run, hourStartMs)) for (const segment of segments) listing.add(segment);
  return listing.digest;
}

async function receivedBy(run: FoldRun, hourStartMs: number): Promise<readonly ReceivedNames[]> {
  return receivedIn(hourStartMs, await run.list(receivedPrefix(hourStartMs)));
}

/** After an erasure the segments are the same, and more events are redacted. */
export function causeOf(due: string, before: HourState | undefined, after: HourState): string {
  if (due !== 'late' || before === undefined) return due;
  return after.keys === before.keys && after.redacted > before.redacted ? 'erased' : due;
}
