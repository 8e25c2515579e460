import { closesAtMs, type HourState, isFinal } from '../../../core/ledger/hour-state.ts';
import { limits } from '../../../core/limits/limits.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import { plural, utcHour } from '../../cli/format.ts';
import type { QueueFacts } from '../../clients/queue-facts.ts';
import type { ProvisionalHour } from './provisional-hours.ts';

/**
 * Events that the figures of one region do not contain, as far as that can be known. docs/operations.md describes it.
 */
export interface NotContained {
  /** Messages in the intake queues of both regions. Most hold one event. */
  readonly intakeEvents: number;
  /** Owed segments of the region's log, in the failure queues of both regions. */
  readonly owedSegments: number;
  /** Segments in the region's log that the provisional hours do not count yet. */
  readonly uncountedSegments: number;
  /** Estimate of the events in all of these, by the mean size of a segment. */
  readonly waitingEvents: number;
  /** Regions whose queues cannot be read, and why. */
  readonly unreachable: readonly { readonly region: string; readonly reason: string }[];
  /** Captured events that the log lacks, by the sequence numbers in the hours that the ledger judged. */
  readonly missingEvents: number;
  /** The hours that lack them. */
  readonly missingHours: readonly string[];
  /** Final hours whose sequence numbers the ledger could not judge yet. */
  readonly unjudgedHours: readonly string[];
  /** Hours that should be final by now, and are not. */
  readonly overdueHours: readonly string[];
  /** Hours without figures that were not looked up in the log. */
  readonly notLookedUpHours: readonly string[];
}

export interface Known {
  /** The region that the figures were read from. */
  readonly region: string;
  readonly queues: readonly { readonly region: string; readonly queues: readonly QueueFacts[] }[];
  /** States of the requested hours. */
  readonly states: readonly HourState[];
  readonly provisional: readonly ProvisionalHour[];
  readonly notLookedUp: readonly string[];
  readonly nowMs: number;
}

export function notContained({ region, queues, states, provisional, notLookedUp, nowMs }: Known): NotContained {
  const messages = (isMeant: (queue: QueueFacts) => boolean) =>
    queues
      .flatMap((one) => one.queues.filter(isMeant))
      .reduce((sum, { depth }) => sum + (depth.kind === 'known' ? depth.value.messages : 0), 0);
  const intakeEvents = messages(({ role }) => role === 'intake');
  const owedSegments = messages(({ owedRegion }) => owedRegion === region);
  const uncountedSegments = provisional.reduce((sum, { newSegments = 0 }) => sum + newSegments, 0);
  const missing = states.filter(({ accounting }) => (accounting?.missing ?? 0) > 0);
  const unjudged = states.filter((state) => isFinal(state) && state.accounting === undefined);
  const overdue = provisional.filter(({ hour }) => isOverdue(hour, nowMs) && !notLookedUp.includes(hour));
  return {
    intakeEvents,
    owedSegments,
    uncountedSegments,
    waitingEvents: intakeEvents + Math.round((owedSegments + uncountedSegments) * meanSegment(states)),
    unreachable: queues.flatMap((one) => silenceOf(one.region, one.queues)),
    missingEvents: missing.reduce((sum, { accounting }) => sum + (accounting?.missing ?? 0), 0),
    missingHours: missing.map(({ hour }) => hour),
    unjudgedHours: unjudged.map(({ hour }) => hour),
    overdueHours: overdue.map(({ hour }) => hour),
    notLookedUpHours: notLookedUp,
  };
}

/** The region, when none of its queues can be read. */
function silenceOf(region: string, queues: readonly QueueFacts[]): NotContained['unreachable'] {
  const reasons = queues.flatMap(({ depth }) => (depth.kind === 'unknown' ? [depth.reason] : []));
  return reasons.length > 0 && reasons.length === queues.length ? [{ region, reason: reasons[0] ?? '' }] : [];
}

/** Mean events a segment in these hours, else 1. */
function meanSegment(states: readonly HourState[]): number {
  const sumOf = (name: 'segments' | 'events') => states.reduce((sum, state) => sum + state[name], 0);
  const segments = sumOf('segments');
  return segments === 0 ? 1 : Math.max(1, sumOf('events') / segments);
}

const { intervalSeconds } = limits.ledger.close;

/** Two runs of the ledger have passed the hour by. */
function isOverdue(hour: string, nowMs: number): boolean {
  return closesAtMs(parseHourName(hour)) + 2 * intervalSeconds * 1_000 < nowMs;
}

/** One line for each fact, the most serious first. */
export function notContainedLines(known: NotContained): readonly string[] {
  const { waitingEvents, unreachable, missingEvents, missingHours } = known;
  return [
    ...unreachable.map(
      ({ region, reason }) =>
        `${region} cannot be reached (${reason}): events that it captured and could not hand on are not in these figures`,
    ),
    ...(waitingEvents > 0 ? [waitingLine(known)] : []),
    ...hoursLines(known),
    ...(missingEvents > 0
      ? [
          `${plural(missingEvents, 'event')} of ${some(missingHours)} ${missingEvents === 1 ? 'was' : 'were'} captured and ${verb(missingEvents)} in neither log (by their numbers): keeptrack recover-logs brings back those that no rung took`,
        ]
      : []),
  ];
}

function hoursLines({ overdueHours, notLookedUpHours, unjudgedHours }: NotContained) {
  const [overdue, left, unjudged] = [overdueHours.length, notLookedUpHours.length, unjudgedHours.length];
  return [
    ...(overdue > 0
      ? [`${plural(overdue, 'hour')} should be final and ${verb(overdue)} not: ${some(overdueHours)}`]
      : []),
    ...(left > 0
      ? [
          `${plural(left, 'hour')} without figures ${left === 1 ? 'was' : 'were'} not looked up in the log, and may be empty: ${some(notLookedUpHours)}`,
        ]
      : []),
    ...(unjudged > 0
      ? [
          `the ledger has not judged the numbers of events in ${plural(unjudged, 'final hour')}, so events may be missing there: ${some(unjudgedHours)}`,
        ]
      : []),
  ];
}

function waitingLine({ waitingEvents, intakeEvents, owedSegments, uncountedSegments }: NotContained): string {
  const where = [
    ...(intakeEvents > 0 ? [`${intakeEvents} in intake queues`] : []),
    ...(owedSegments > 0 ? [`those of ${plural(owedSegments, 'segment')} in failure queues`] : []),
    ...(uncountedSegments > 0
      ? [`those of ${plural(uncountedSegments, 'segment')} of the log that ${verb(uncountedSegments)} not counted yet`]
      : []),
  ];
  const says = waitingEvents === 1 ? 'event waits and is' : 'events wait and are';
  return `about ${waitingEvents} ${says} not in these figures (an estimate): ${where.join(', ')}`;
}

function verb(count: number): string {
  return count === 1 ? 'is' : 'are';
}

const namedMax = 4;

function some(hours: readonly string[]): string {
  const left = hours.length - namedMax;
  return [...hours.slice(0, namedMax).map(utcHour), ...(left > 0 ? [`${left} more`] : [])].join(', ');
}
