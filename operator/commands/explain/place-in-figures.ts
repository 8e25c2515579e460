import type { LoggedEvent } from '../../../core/event/event.ts';
import { counterOf } from '../../../core/figures/classify.ts';
import { competingKey } from '../../../core/figures/conversions.ts';
import { type EventOutcome, eventOutcome, hasCounter } from '../../../core/figures/outcome.ts';
import type { AskedFigures, FiguresFacts } from './figures-facts.ts';
import type { SegmentCopy } from './segment-copies.ts';

/** Whether an event is in a region's figures, and if not, why. `as` is a counter, such as `clicks` or `duplicates`. */
export type PlaceInFigures =
  | { readonly kind: 'counted'; readonly as: string; readonly duplicateOf?: string }
  | { readonly kind: 'not-yet'; readonly why: string }
  | { readonly kind: 'never'; readonly why: string };

export interface RegionCounting {
  readonly region: string;
  /** This and `final` are absent when the region's figures could not be read; `reason` says why. */
  readonly provisional?: PlaceInFigures;
  readonly final?: PlaceInFigures;
  readonly hour?: FiguresFacts['hour'];
  readonly reason?: string;
}

export function countingIn(
  region: string,
  event: LoggedEvent,
  copies: readonly SegmentCopy[],
  asked: AskedFigures,
): RegionCounting {
  if (asked.kind === 'unknown') return { region, reason: asked.reason };
  const { facts } = asked;
  const own = copies.filter((copy) => copy.region === region);
  return {
    region,
    provisional: provisionalOf(event, facts),
    final: finalOf(event, own, facts),
    ...(facts.hour && { hour: facts.hour }),
  };
}

function provisionalOf(event: LoggedEvent, { countedSegments, claim }: FiguresFacts): PlaceInFigures {
  const outcome = eventOutcome(event);
  if (!hasCounter(outcome)) return neverCounted(outcome);
  if (countedSegments.size === 0) return { kind: 'not-yet', why: 'none of its segments is counted' };
  const holder = competingKey(event) === undefined ? undefined : claim?.eventId;
  return as(counterOf(event, outcome), event, holder);
}

/**
 * Figures do not name single events, so this compares the copy's time with the hour's. It may err within one second.
 */
function finalOf(
  event: LoggedEvent,
  copies: readonly SegmentCopy[],
  { hour, first, isReopened }: FiguresFacts,
): PlaceInFigures {
  const outcome = eventOutcome(event);
  if (!hasCounter(outcome)) return neverCounted(outcome);
  if (hour === undefined) return { kind: 'not-yet', why: 'its hour is not final' };
  const written = copies.flatMap((copy) => (copy.kind === 'there' ? [copy.writtenAtMs] : []));
  if (written.length === 0) return { kind: 'not-yet', why: 'this region’s log does not have it' };
  if (Math.min(...written) > hour.finalizedAtMs) {
    return { kind: 'not-yet', why: `it came after revision ${hour.revision} of its hour was made` };
  }
  const competes = competingKey(event) !== undefined;
  if (competes && isReopened) return { kind: 'not-yet', why: 'its hour is about to be made final again' };
  return as(counterOf(event, outcome), event, competes ? first?.firstId : undefined);
}

function neverCounted(outcome: EventOutcome): PlaceInFigures {
  if (outcome === 'probe') return { kind: 'never', why: 'probes are not counted' };
  return { kind: 'never', why: 'a later release wrote it, and this one does not understand it' };
}

function as(counter: string, event: LoggedEvent, holder: string | undefined): PlaceInFigures {
  if (holder === undefined || holder === event.id) return { kind: 'counted', as: counter };
  return { kind: 'counted', as: 'duplicates', duplicateOf: holder };
}
