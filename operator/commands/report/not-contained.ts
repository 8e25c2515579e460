import { closesAtMs } from '../../../core/ledger/closing.ts';
import { limits } from '../../../core/limits/limits.ts';
import { explainedByCounts } from '../../../core/log/accounting.ts';
import { hourNamed } from '../../../core/log/log-key.ts';
import { plural, utcHour } from '../../cli/format.ts';
import type { QueueFacts } from '../../clients/queue-facts.ts';
import type { HourState } from '../../figures/hour-state.ts';
import type { LogAccount } from './account-log.ts';

/** What the figures of one region do not contain, as far as anybody can know; its shape is in docs/operations.md. */
export interface NotContained {
  /** Messages in the intake queues of both regions, an event each as a rule. */
  readonly intakeEvents: number;
  /** Segments that the region's log is owed, in the failure queues of both regions. */
  readonly owedSegments: number;
  /** Segments of the region's log that `stats` has still to count; none when all hours are final, which contain them all the same. */
  readonly uncountedSegments: number;
  /** All of these as events, by the mean size of a segment: an estimate. */
  readonly waitingEvents: number;
  /** Regions whose queues tell nothing, and why. */
  readonly unreachable: readonly { readonly region: string; readonly reason: string }[];
  /** Events of which the region's log knows the numbers, and which only a region that cannot be reached can have: a lower bound. */
  readonly strandedEvents: number;
  /** The same while both regions can be reached, less what waits: nothing explains these. */
  readonly unexplainedEvents: number;
  /** Events that no rung took, by their numbers: `recover-logs` brings them back. */
  readonly unconfirmedEvents: number;
  /** Hours whose numbers were looked at. */
  readonly accountedHours: readonly string[];
  /** Why those of the hours before these were not; absent when all were. */
  readonly accountingEndedBy?: string;
  /** Hours that are over for long and that no ledger made final. */
  readonly overdueHours: readonly string[];
  /** Hours without figures of which nobody knows whether the log has anything. */
  readonly notLookedUpHours: readonly string[];
}

export interface Known {
  /** Whose figures they are. */
  readonly region: string;
  readonly queues: readonly { readonly region: string; readonly queues: readonly QueueFacts[] }[];
  readonly logAccount: LogAccount;
  /** Of the hours asked for that were made final. */
  readonly states: readonly HourState[];
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
  // The ledger reads the log itself: final hours wait for nobody to count them.
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

/** Regions of which not one queue tells how many messages it has. */
export function silenceOf(region: string, queues: readonly QueueFacts[]): NotContained['unreachable'] {
  const reasons = queues.flatMap(({ depth }) => (depth.kind === 'unknown' ? [depth.reason] : []));
  return reasons.length > 0 && reasons.length === queues.length ? [{ region, reason: reasons[0] ?? '' }] : [];
}

/** Of what was read of the log, else of what the ledger read; one event, when nobody read anything. */
function meanSegment({ logAccount, states }: Known): number {
  const sumOf = (name: 'segments' | 'events') => states.reduce((sum, state) => sum + state[name], 0);
  const { segments, events } =
    logAccount.segments > 0 ? logAccount : { segments: sumOf('segments'), events: sumOf('events') };
  return segments === 0 ? 1 : Math.max(1, events / segments);
}

const { intervalSeconds } = limits.ledger.close;

/** Two runs of the ledger have passed by it. */
function isOverdue(hour: string, nowMs: number): boolean {
  return closesAtMs(hourNamed(hour)) + 2 * intervalSeconds * 1_000 < nowMs;
}

/** One line for each thing to know, the gravest first. */
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
