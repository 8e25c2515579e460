import type { LoggedEvent } from '../../../core/event/event.ts';
import { counterOf } from '../../../core/figures/classify.ts';
import { eventOutcome, hasCounter } from '../../../core/figures/outcome.ts';
import { competingKey } from '../../../core/figures/sales-part.ts';
import type { AskedFigures, CountedHour, FiguresFacts } from './figures-facts.ts';
import type { SegmentCopy } from './segment-copies.ts';

/**
 * Whether an event is in a region's figures, and if not, why. `as` is a counter, such as `clicks` or `duplicates`. The
 * counter of a conversion's first report depends on the conversion's standing, so `as` is `first report` there.
 */
export type PlaceInFigures =
  | { readonly kind: 'counted'; readonly as: string; readonly duplicateOf?: string }
  | { readonly kind: 'not-yet'; readonly why: string }
  | { readonly kind: 'never'; readonly why: string };

export interface RegionCounting {
  readonly region: string;
  /** Absent when the region's figures could not be read; `reason` says why. */
  readonly place?: PlaceInFigures;
  readonly reason?: string;
  /** What is in force of the event's hour. Revision 0 is provisional. */
  readonly hour?: Omit<CountedHour, 'unreadable'>;
}

/** A copy of one of the segments that hold the event, with the segment's key. */
export interface KeyedCopy {
  readonly key: string;
  readonly copy: SegmentCopy;
}

export function countingIn(
  region: string,
  event: LoggedEvent,
  copies: readonly KeyedCopy[],
  asked: AskedFigures,
): RegionCounting {
  if (asked.kind === 'unknown') return { region, reason: asked.reason };
  const { facts } = asked;
  const own = copies.filter(({ copy }) => copy.region === region);
  const { revision = 0, cause = '', atMs = 0, foldedToMs = 0 } = facts.hour ?? {};
  return {
    region,
    place: placeOf(event, own, facts),
    ...(facts.hour && { hour: { revision, cause, atMs, foldedToMs } }),
  };
}

/**
 * Figures do not name single events, but every segment that the log had when the hour was folded is counted. So this
 * compares when the copy was written with that moment. S3 gives whole seconds, so the answer may err within one second.
 */
function placeOf(event: LoggedEvent, copies: readonly KeyedCopy[], { hour, firstId }: FiguresFacts): PlaceInFigures {
  const outcome = eventOutcome(event);
  if (outcome === 'probe') return { kind: 'never', why: 'probes are not counted' };
  if (!hasCounter(outcome)) {
    return { kind: 'never', why: 'a later release wrote it, and this one does not understand it' };
  }
  if (hour === undefined) return { kind: 'not-yet', why: 'nothing of its hour is counted' };
  const written = copies.filter(({ copy }) => copy.kind === 'there');
  if (written.length === 0) return { kind: 'not-yet', why: 'this region’s log does not have it' };
  const readable = written.filter(({ key }) => !hour.unreadable.includes(key));
  if (readable.length === 0) return { kind: 'not-yet', why: 'its segment could not be read' };
  if (readable.every(({ copy }) => copy.kind === 'there' && copy.writtenAtMs > hour.foldedToMs)) {
    return { kind: 'not-yet', why: 'it came after its hour was counted last' };
  }
  if (event.type !== 'conversion' || competingKey(event) === undefined) {
    return { kind: 'counted', as: counterOf(event, outcome) };
  }
  const isFirst = firstId === undefined || firstId === event.id;
  return isFirst
    ? { kind: 'counted', as: 'first report' }
    : { kind: 'counted', as: 'duplicates', duplicateOf: firstId };
}
