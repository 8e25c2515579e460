import { closesAtMs } from '../../../core/ledger/hour-state.ts';
import { limits } from '../../../core/limits/limits.ts';
import { explainedByCounts } from '../../../core/log/accounting.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import { plural, utcHour } from '../../cli/format.ts';
import type { QueueFacts } from '../../clients/queue-facts.ts';
import type { FinalHour } from '../../figures/final-hour.ts';
import type { LogAccount } from './account-log.ts';

/**
 * Events that the figures of one region do not contain, as far as that can be known. docs/operations.md describes it.
 */
export interface NotContained {
  /** Messages in the intake queues of both regions. Most hold one event. */
  readonly intakeEvents: number;
  /** Owed segments of the region's log, in the failure queues of both regions. */
  readonly owedSegments: number;
  /**
   * Segments that `stats` still has to count; 0 when all hours are final, because the ledger counts without `stats`.
   */
  readonly uncountedSegments: number;
  /** Estimate of the events in all of these, by the mean size of a segment. */
  readonly waitingEvents: number;
  /** Regions whose queues cannot be read, and why. */
  readonly unreachable: readonly { readonly region: string; readonly reason: string }[];
  /** Lower bound of events that only an unreachable region can have, by the sequence numbers in the region's log. */
  readonly strandedEvents: number;
  /** Missing sequence numbers that nothing explains: both regions answer, and the events do not wait in a queue. */
  readonly unexplainedEvents: number;
  /** Events that no rung took, by their sequence numbers. `recover-logs` brings them in. */
  readonly unconfirmedEvents: number;
  /** Hours whose sequence numbers were checked. */
  readonly accountedHours: readonly string[];
  /** Why earlier hours were not checked; absent when all were. */
  readonly accountingEndedBy?: string;
  /** Hours that should be final by now, and are not. */
  readonly overdueHours: readonly string[];
  /** Hours without figures that were not looked up in the log. */
  readonly notLookedUpHours: readonly string[];
}

export interface Known {
  /** The region that the figures were read from. */
  readonly region: string;
  readonly queues: readonly { readonly region: string; readonly queues: readonly QueueFacts[] }[];
  readonly logAccount: LogAccount;
  /** States of the requested hours that are final. */
  readonly states: readonly FinalHour[];
  readonly provisionalHours: readonly string[];
  readonly notLookedUp: readonly string[];
  readonly nowMs: number;
}

export function notContained(known: Known): NotContained {
  const { region, queues, logAccount, provisionalHours, notLookedUp, nowMs } = known;
  const messages = (isMeant: (queue: QueueFacts, of: string) => boolean) =>
    queues
      .flatMap((one) => one.queues.filter((queue) => isMeant(queue, one.region)))
      .reduce((sum, { depth }) => sum + (depth.kind === 'known' ? depth.value.messages : 0), 0);
  const intakeEvents = messages(({ role }) => role === 'intake');
  const owedSegments = messages(({ owedRegion }) => owedRegion === region);
  // The ledger reads the log itself: final hours do not wait for `stats`.
  const uncountedSegments =
    provisionalHours.length === 0
      ? 0
      : messages(({ role }, of) => of === region && (role === 'stats' || role === 'stats-failure'));
  const perSegment = meanSegment(known);
  const owedEvents = Math.round(owedSegments * perSegment);
  const account = explainedByCounts(logAccount.account, { inFlight: intakeEvents, owed: owedEvents });
  return {
    intakeEvents,
    owedSegments,
    uncountedSegments,
    waitingEvents: intakeEvents + owedEvents + Math.round(uncountedSegments * perSegment),
    unreachable: queues.flatMap((one) => silenceOf(one.region, one.queues)),
    strandedEvents: account.stranded,
    unexplainedEvents: account.unexplained,
    unconfirmedEvents: account.unconfirmed,
    accountedHours: logAccount.hours,
    ...(logAccount.endedBy !== undefined && { accountingEndedBy: logAccount.endedBy }),
    overdueHours: provisionalHours.filter((hour) => isOverdue(hour, nowMs) && !notLookedUp.includes(hour)),
    notLookedUpHours: notLookedUp,
  };
}

/** The region, when none of its queues can be read. */
export function silenceOf(region: string, queues: readonly QueueFacts[]): NotContained['unreachable'] {
  const reasons = queues.flatMap(({ depth }) => (depth.kind === 'unknown' ? [depth.reason] : []));
  return reasons.length > 0 && reasons.length === queues.length ? [{ region, reason: reasons[0] ?? '' }] : [];
}

/** Mean events a segment, from the log that was read, else from the ledger's hours, else 1. */
function meanSegment({ logAccount, states }: Known): number {
  const sumOf = (name: 'segments' | 'events') => states.reduce((sum, state) => sum + state[name], 0);
  const { segments, events } =
    logAccount.segments > 0 ? logAccount : { segments: sumOf('segments'), events: sumOf('events') };
  return segments === 0 ? 1 : Math.max(1, events / segments);
}

const { intervalSeconds } = limits.ledger.close;

/** Two runs of the ledger have passed the hour by. */
function isOverdue(hour: string, nowMs: number): boolean {
  return closesAtMs(parseHourName(hour)) + 2 * intervalSeconds * 1_000 < nowMs;
}

/** One line for each fact, the most serious first. */
export function notContainedLines(known: NotContained): readonly string[] {
  const { waitingEvents, unreachable, strandedEvents, unexplainedEvents, unconfirmedEvents } = known;
  const stranded = unreachable.map(({ region, reason }) =>
    strandedEvents > 0
      ? `at least ${plural(strandedEvents, 'event')} may be stranded in ${region}, which cannot be reached (${reason}), and are not in these figures`
      : `${region} cannot be reached (${reason}): events that it captured and could not hand on are not in these figures`,
  );
  return [
    ...stranded,
    ...(waitingEvents > 0 ? [waitingLine(known)] : []),
    ...hoursLines(known),
    ...(unexplainedEvents > 0
      ? [
          `${plural(unexplainedEvents, 'event')} of ${some(known.accountedHours)} ${unexplainedEvents === 1 ? 'was' : 'were'} captured and cannot be found (by their numbers)`,
        ]
      : []),
    ...(unconfirmedEvents > 0
      ? [
          `${plural(unconfirmedEvents, 'event')} of ${some(known.accountedHours)} may be unconfirmed: keeptrack recover-logs brings them back`,
        ]
      : []),
  ];
}

function hoursLines({ overdueHours, notLookedUpHours, accountedHours, accountingEndedBy }: NotContained) {
  const [overdue, left] = [overdueHours.length, notLookedUpHours.length];
  const isNotLookedAt = accountedHours.length === 0 && accountingEndedBy !== undefined;
  return [
    ...(overdue > 0
      ? [`${plural(overdue, 'hour')} should be final and ${verb(overdue)} not: ${some(overdueHours)}`]
      : []),
    ...(left > 0
      ? [
          `${plural(left, 'hour')} without figures ${left === 1 ? 'was' : 'were'} not looked up in the log, and may be empty: ${some(notLookedUpHours)}`,
        ]
      : []),
    ...(isNotLookedAt
      ? [`the numbers of events were not looked at (${accountingEndedBy}): more may be stranded, lost or unconfirmed`]
      : []),
  ];
}

function waitingLine({ waitingEvents, intakeEvents, owedSegments, uncountedSegments }: NotContained): string {
  const where = [
    ...(intakeEvents > 0 ? [`${intakeEvents} in intake queues`] : []),
    ...(owedSegments > 0 ? [`those of ${plural(owedSegments, 'segment')} in failure queues`] : []),
    ...(uncountedSegments > 0 ? [`those of ${plural(uncountedSegments, 'segment')} that are not counted yet`] : []),
  ];
  const says = waitingEvents === 1 ? 'event waits in queues and is' : 'events wait in queues and are';
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
