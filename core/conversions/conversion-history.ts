import { compareTexts, distinctEvents, type LoggedEvent } from '../event/event.ts';
import type { OperatorKeys } from '../keys/operator-keys.ts';
import { conversionEventOf } from './conversion-events.ts';
import { type ConversionWorth, worthOf } from './conversion-terms.ts';
import { isOperatorType } from './operator-events.ts';
import { type ConversionStanding, conversionStanding } from './standing.ts';

/** All that happened to one conversion, and what it comes to. */
export interface ConversionHistory {
  readonly key: string;
  /** In the order of their ids, each once. */
  readonly events: readonly HistoryEvent[];
  /** The report that fixes the hour, the offer, the affiliate and the goal. */
  readonly first: LoggedEvent;
  readonly standing: ConversionStanding;
  readonly worth: ConversionWorth;
  /** The hard caps that have no room for the conversion, such as `3/0/conversion_cap`. Absent when all have. */
  readonly overCaps?: readonly string[];
}

export interface HistoryEvent {
  readonly event: LoggedEvent;
  /** False for a test, for a report that Keeptrack refused, and for a decision that no published key has signed. */
  readonly counts: boolean;
}

/** `events`: all events of one conversion key. Undefined when no report among them can begin a standing. */
export function conversionHistory(
  key: string,
  events: Iterable<LoggedEvent>,
  keys: OperatorKeys,
): ConversionHistory | undefined {
  const sorted = distinctEvents(events).toSorted((one, other) => compareTexts(one.id, other.id));
  const known = sorted.map((event) => ({ event, said: wordOf(event, keys) }));
  const standing = conversionStanding(known.flatMap(({ said }) => said ?? []));
  const first = known.find(({ event }) => event.id === standing?.firstId)?.event;
  if (standing === undefined || first === undefined) return undefined;
  const all = known.map(({ event, said }) => ({ event, counts: said !== undefined }));
  return { key, events: all, first, standing, worth: worthOf(standing) };
}

function wordOf(event: LoggedEvent, keys: OperatorKeys) {
  return isOperatorType(event.type) && !keys.hasSigned(event) ? undefined : conversionEventOf(event);
}

type Due = Pick<ConversionHistory, 'standing' | 'worth' | 'overCaps'>;

/** What is due for the conversion now: nothing unless it is approved, and within its caps or paid over them. */
export function dueOf(due: Due): ConversionWorth {
  const isDue = due.standing.status === 'approved' && !isHeldByCap(due);
  return isDue ? due.worth : { payoutMicros: 0n, revenueMicros: 0n };
}

/** Whether the conversion is not paid because a hard cap has no room for it. */
export function isHeldByCap({ standing, overCaps }: Pick<Due, 'standing' | 'overCaps'>): boolean {
  return overCaps !== undefined && !standing.isPaidOverCap;
}

/** What the conversion would come to with one more event of its key. */
export function historyWith(
  { events, overCaps }: Pick<ConversionHistory, 'events' | 'overCaps'>,
  event: LoggedEvent,
): Due | undefined {
  const counting = [...events.filter(({ counts }) => counts).map((one) => one.event), event];
  const standing = conversionStanding(counting.flatMap((one) => conversionEventOf(one) ?? []));
  return standing && { standing, worth: worthOf(standing), ...(overCaps && { overCaps }) };
}
