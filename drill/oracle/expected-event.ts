import { knownTypeOf, type LoggedEvent } from '../../core/event/event.ts';
import type { LogView } from '../evidence/log-view.ts';
import { visitorOfBrowser } from '../load/sender.ts';
import { isAcknowledged, type SentRecord } from '../load/sent-record.ts';

/** One event that the final figures must count, in the words of whoever caused it. */
export interface ExpectedEvent {
  readonly id: string;
  readonly type: 'click' | 'impression' | 'conversion';
  /** Of the link. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly visitor: number;
  /** What the click said that a conversion brings back. */
  readonly click: Readonly<Record<string, string>>;
  /** Who captured it; empty when no log has it. */
  readonly region: string;
  /** Of a conversion that only its line tells of, which has no more than a hash of its token: why its sender was not believed, if so. */
  readonly senderRefusal?: string;
}

/**
 * What was acknowledged, and what stands in a log besides: an event whose answer was lost may count all the same.
 * What was sent tells what it is; of those that no answer named, their own line.
 */
export function expectedEvents(
  records: readonly SentRecord[],
  logs: readonly LogView[],
  earlier: ReadonlySet<string>,
): readonly ExpectedEvent[] {
  const lines = new Map(logs.flatMap(({ events }) => [...events]));
  const named = new Map(records.filter(({ eventId }) => eventId !== '').map((record) => [record.eventId, record]));
  const clicks = clicksByTransaction(records, lines.values());
  const sent = [...named.values()]
    .filter((record) => lines.has(record.eventId) || isAcknowledged(record))
    .map((record) => sentHappening(record, clicks, lines.get(record.eventId)?.region ?? ''));
  const unnamed = [...lines.values()].filter(({ id }) => !named.has(id));
  return [...sent, ...unnamed.flatMap((event) => loggedHappening(event, clicks, earlier.has(event.region)))];
}

type Clicks = ReadonlyMap<string, ExpectedEvent['parameters']>;

function clicksByTransaction(records: readonly SentRecord[], events: Iterable<LoggedEvent>): Clicks {
  const clicks = new Map<string, ExpectedEvent['parameters']>();
  for (const event of events) if (event.type === 'click') clicks.set(String(event['txn']), textsOf(event));
  for (const { transactionId, link } of records) if (transactionId !== '') clicks.set(transactionId, link.parameters);
  return clicks;
}

function sentHappening({ eventId, type, link, visitor }: SentRecord, clicks: Clicks, region: string): ExpectedEvent {
  const { parameters } = link;
  const click = clicks.get(parameters['transaction_id'] ?? '') ?? {};
  return { id: eventId, type, parameters, visitor, click, region };
}

function loggedHappening(event: LoggedEvent, clicks: Clicks, isEarlier: boolean): ExpectedEvent[] {
  const { id, region } = event;
  const type = knownTypeOf(event);
  // What this release does not know is in no figures of it.
  if (type === undefined || type === 'preview' || type === 'probe') return [];
  const texts = textsOf(event);
  const parameters = isEarlier ? { ...texts, status: String(event['status'] ?? '') } : texts;
  const click = clicks.get(String(event['txn'])) ?? parameters;
  const visitor = visitorOfBrowser(String(event['user_agent']));
  const { reason = '' } = texts;
  const isOfSender = reason.startsWith('security-token') || reason === 'ip-not-allowed';
  return [{ id, type, parameters, visitor, click, region, senderRefusal: isOfSender ? reason : '' }];
}

/** What a line says in the words of the link that it came from. */
function textsOf(event: LoggedEvent): ExpectedEvent['parameters'] {
  const texts = Object.fromEntries(Object.entries(event).map(([name, value]) => [name, String(value)]));
  const { txn } = texts;
  return {
    ...texts,
    // A line's own payout is the offer's, and its own status what the system made of it (but for the earlier release).
    payout: givenText(texts, 'posted_payout'),
    revenue: givenText(texts, 'posted_revenue'),
    status: givenText(texts, 'posted_status'),
    amount: givenText(texts, 'amount'),
    ...(txn !== undefined && { transaction_id: txn }),
    ...givenIds(texts),
    ...(texts['test'] === 'true' && { test: '1' }),
  };
}

/** A line carries what was given only where something else was made of it. */
function givenText(texts: ExpectedEvent['parameters'], name: string): string {
  return texts[`${name}_given`] ?? texts[name] ?? '';
}

/** An id that the catalog does not know stands on a line as it was given. */
function givenIds(texts: ExpectedEvent['parameters']): ExpectedEvent['parameters'] {
  const given = ['offer_id', 'aff_id', 'goal_id'].map((name) => [name, texts[`${name}_given`] ?? '']);
  return Object.fromEntries(given.filter(([, text]) => text !== ''));
}
