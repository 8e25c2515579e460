import { createHmac } from 'node:crypto';
import { visitorKey } from '../figures/classify.ts';
import { parseExactDecimal } from '../money/decimal.ts';
import type { EventFields, JsonValue, LoggedEvent } from './event.ts';
import { eventColumns } from './event-columns.ts';
import { readTransactionId } from './transaction-id.ts';

/**
 * Takes out of an event what identifies a person, and keeps what money and accounts rest on. A field stays only when its
 * value cannot be a stranger's text: numbers, flags, exact decimals, and words and ids that Keeptrack itself made. So a
 * field of a later release goes unless it is a number or a flag.
 */

/** Words of closed sets, which no link and no postback can set. */
const ownWords: ReadonlySet<string> = new Set([
  ...['env', 'reason', 'pending_for', 'destination', 'deep_link_refused', 'preview_by'],
  ...['catalog', 'currency', 'payout_type', 'revenue_type', 'click_region'],
]);

const decimals: ReadonlySet<string> = new Set([
  ...eventColumns.filter(({ type }) => type === 'decimal').map(({ name }) => name),
  ...['posted_payout', 'posted_revenue'],
]);

/** What the text of a field has to be to stay. */
const texts: Readonly<Record<string, (text: string) => boolean>> = {
  txn: (text) => readTransactionId(text) !== undefined,
  conversion_key: isHash,
  security_token_hash: isHash,
  status: isStatus,
  posted_status: isStatus,
  // As earlier releases wrote the flag.
  test: (text) => text === '1',
};

/** Makes redacted events of one erasure. */
export type Redact = (event: LoggedEvent) => LoggedEvent;

/**
 * `secret`: random bytes that nobody keeps. A visitor's clicks of one UTC day get one new `visitor`, so that unique
 * clicks stay as they are; without the secret nothing leads from the new one to the old one.
 */
export function createRedact(secret: Uint8Array): Redact {
  return (event) => {
    const { v, id, type, at, region, visitor: _, ...fields } = event;
    const kept = Object.entries(fields).filter(([name, value]) => isKept(name, value));
    // The mark stands before `type`, so that the redacted one of two lines is also the smaller one.
    const head = { v, id, redacted: true, type, at, region } as const;
    return { ...head, ...(Object.fromEntries(kept) as EventFields), ...newVisitor(event, secret) };
  };
}

function isKept(name: string, value: JsonValue): boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return true;
  if (typeof value !== 'string') return false;
  return (
    ownWords.has(name) ||
    (decimals.has(name) && parseExactDecimal(value) !== undefined) ||
    texts[name]?.(value) === true
  );
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{8,64}$/.test(text);
}

function isStatus(text: string): boolean {
  return ['approved', 'pending', 'rejected'].includes(text);
}

/** Only clicks count visitors; a click that nothing tells apart from others counts by its id, and needs none. */
function newVisitor(event: LoggedEvent, secret: Uint8Array): EventFields {
  const seenAs = visitorKey(event);
  if (event.type !== 'click' || seenAs === event.id) return {};
  const day = new Date(event.at).toISOString().slice(0, 10);
  const digest = createHmac('sha256', secret).update(`${day}|${seenAs}`).digest('hex');
  return { visitor: digest.slice(0, 16) };
}
