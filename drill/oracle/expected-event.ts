import { knownTypeOf, type LoggedEvent } from '../../core/event/event.ts';
import type { LogView } from '../evidence/log-view.ts';
import { visitorOfBrowser } from '../load/sender.ts';
import { isAcknowledged, type LoadType, type SentRecord } from '../load/sent-record.ts';

/** One event that the final figures must count, described by the request that caused it. */
export interface ExpectedEvent {
  readonly id: string;
  readonly type: LoadType | 'decision' | 'adjustment';
  /** The link's parameters; the fields of the line of an operator's event. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly visitor: number;
  /** Of a click. */
  readonly transactionId?: string;
  /** A conversion's click: the parameters of its link. */
  readonly click: Readonly<Record<string, string>>;
  /** The region that captured the event; empty when no log has it. */
  readonly region: string;
  /** The counting rules that its line names. An earlier release names none, which means 1. */
  readonly rules: number;
  /** Why a closed cap kept the click, or the conversion's click, from its offer; absent when none did. */
  readonly cappedFor?: string;
  /**
   * Only for a conversion that is known from its log line alone: why its sender was refused, or empty. The line has
   * only a hash of the security token, so the oracle cannot check the token itself.
   */
  readonly senderRefusal?: string;
}

/**
 * All acknowledged events but those that are gone with their region, and all other events in a log, because an event may count although its answer was lost. An
 * event that an answer named is described by its request; any other event by its own log line. Operators' events are
 * described by their lines too. checks/operator-words.ts compares these with what the drill told the operator to say.
 */
export function expectedEvents(
  records: readonly SentRecord[],
  logs: readonly LogView[],
  gone: ReadonlyMap<string, unknown> = new Map(),
): readonly ExpectedEvent[] {
  const lines = new Map(logs.flatMap(({ events }) => [...events]));
  const named = new Map(records.filter(({ eventId }) => eventId !== '').map((record) => [record.eventId, record]));
  const clicks = clicksByTransaction(records, lines.values());
  const closed = closedCaps(lines.values());
  const withCaps = (event: ExpectedEvent): ExpectedEvent => {
    const why = closed.get(event.type === 'conversion' ? (event.parameters['transaction_id'] ?? '') : event.id);
    return why === undefined ? event : { ...event, cappedFor: why };
  };
  const sent = [...named.values()]
    .filter((record) => lines.has(record.eventId) || (isAcknowledged(record) && !gone.has(record.eventId)))
    .map((record) => sentEvent(record, clicks, lines.get(record.eventId)));
  const unnamed = [...lines.values()].filter(({ id }) => !named.has(id));
  return [...sent, ...unnamed.flatMap((event) => loggedEvent(event, clicks))].map(withCaps);
}

/** By the click's event id and by its transaction id. Nobody but `track` knows which caps it took for closed. */
function closedCaps(events: Iterable<LoggedEvent>): ReadonlyMap<string, string> {
  const closed = new Map<string, string>();
  for (const { id, type, reason, cap, txn } of events)
    if (type === 'click' && cap !== undefined) closed.set(id, String(reason)).set(String(txn), String(reason));
  return closed;
}

type Clicks = ReadonlyMap<string, ExpectedEvent['parameters']>;

function clicksByTransaction(records: readonly SentRecord[], events: Iterable<LoggedEvent>): Clicks {
  const clicks = new Map<string, ExpectedEvent['parameters']>();
  for (const event of events) if (event.type === 'click') clicks.set(String(event['txn']), textsOf(event));
  for (const { transactionId, link } of records)
    if (transactionId !== '') clicks.set(transactionId, parametersOf(link));
  return clicks;
}

/** The sub ids of a click's link have no influence on figures, but partners get them. */
function parametersOf({ parameters, decoration = '' }: SentRecord['link']): ExpectedEvent['parameters'] {
  return { ...Object.fromEntries(new URLSearchParams(decoration)), ...parameters };
}

function sentEvent(
  { eventId, type, link, visitor, transactionId }: SentRecord,
  clicks: Clicks,
  line?: LoggedEvent,
): ExpectedEvent {
  const { parameters } = link;
  const click = clicks.get(parameters['transaction_id'] ?? '') ?? {};
  const { region, rules = 1 } = line ?? { region: '', rules: 2 };
  return { id: eventId, type, parameters, visitor, transactionId, click, region, rules };
}

function loggedEvent(event: LoggedEvent, clicks: Clicks): ExpectedEvent[] {
  const { id, region, rules = 1 } = event;
  const type = knownTypeOf(event);
  if (type === 'decision' || type === 'adjustment')
    return [{ id, type, parameters: plainTextsOf(event), visitor: 0, click: {}, region, rules }];
  if (type !== 'click' && type !== 'impression' && type !== 'conversion') return [];
  const texts = textsOf(event);
  const click = clicks.get(String(event['txn'])) ?? texts;
  const visitor = visitorOfBrowser(String(event['user_agent']));
  const { reason = '' } = texts;
  const isOfSender = /^(security-token|signature)-|^ip-not-allowed$/.test(reason);
  const transactionId = texts['transaction_id'] ?? '';
  return [
    {
      id,
      type,
      parameters: texts,
      visitor,
      transactionId,
      click,
      region,
      rules,
      senderRefusal: isOfSender ? reason : '',
    },
  ];
}

function plainTextsOf(event: LoggedEvent): ExpectedEvent['parameters'] {
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, String(value)]));
}

/** The parameters of the link that a log line came from. */
function textsOf(event: LoggedEvent): ExpectedEvent['parameters'] {
  const texts = plainTextsOf(event);
  const { txn } = texts;
  return {
    ...texts,
    // The fields `payout` and `status` of a line are the system's results. The posted values have other names.
    payout: givenText(texts, 'posted_payout'),
    revenue: givenText(texts, 'posted_revenue'),
    status: givenText(texts, 'posted_status'),
    amount: givenText(texts, 'amount'),
    ...(txn !== undefined && { transaction_id: txn }),
    ...givenIds(texts),
    ...(texts['test'] === 'true' && { test: '1' }),
  };
}

/** A line has the given text only when the system changed it. */
function givenText(texts: ExpectedEvent['parameters'], name: string): string {
  return texts[`${name}_given`] ?? texts[name] ?? '';
}

/** A line has a `_given` text for each id that the catalog does not know. */
function givenIds(texts: ExpectedEvent['parameters']): ExpectedEvent['parameters'] {
  const given = ['offer_id', 'aff_id', 'goal_id'].map((name) => [name, texts[`${name}_given`] ?? '']);
  return Object.fromEntries(given.filter(([, text]) => text !== ''));
}
