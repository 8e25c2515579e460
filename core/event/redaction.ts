import { createHmac } from 'node:crypto';
import { parseStampedCaps } from '../caps/stamped-caps.ts';
import { isOperatorType } from '../conversions/operator-events.ts';
import { visitorKey } from '../figures/classify.ts';
import { parseExactDecimal } from '../money/decimal.ts';
import { type EventFields, type EventType, type JsonValue, knownTypeOf, type LoggedEvent } from './event.ts';
import { eventColumns } from './event-columns.ts';
import { readTransactionId } from './transaction-id.ts';

/**
 * Removes from an event what identifies a person, and keeps what figures and payments need. A field stays only when its
 * value cannot be text of a stranger: a number, a flag, an exact decimal, or a word or id that Keeptrack made. A field
 * of a later release stays only when it is a number or a flag.
 *
 * Of an operator's event only the note goes. The signature covers all other fields, so it stays valid. Of an attempt to
 * tell a partner nothing goes: its fields are ids and words of the catalog.
 */

/** Fields with a fixed set of words, which no link and no postback can set. */
const ownWords: ReadonlySet<string> = new Set([
  ...['env', 'host', 'reason', 'pending_for', 'money_wait', 'destination', 'deep_link_refused', 'preview_by', 'sender'],
  ...['cap', 'over_cap'],
  ...['catalog', 'terms', 'currency', 'payout_type', 'revenue_type', 'click_region'],
]);

const decimals: ReadonlySet<string> = new Set([
  ...eventColumns.filter(({ type }) => type === 'decimal').map(({ name }) => name),
  ...['posted_payout', 'posted_revenue'],
]);

/** Which text of a field stays. */
const texts: Readonly<Record<string, (text: string) => boolean>> = {
  caps: (text) => parseStampedCaps(text) !== undefined,
  txn: (text) => readTransactionId(text) !== undefined,
  conversion_key: isHash,
  security_token_hash: isHash,
  status: isStatus,
  posted_status: isStatus,
  // Earlier releases wrote the flag like this.
  test: (text) => text === '1',
};

/** Redacts the events of one erasure. */
export type Redact = (event: LoggedEvent) => LoggedEvent;

/**
 * `secret`: random bytes that nobody keeps. Clicks with one `visitor` get the same new one, so the count of unique clicks
 * stays the same. Without the secret nobody can relate the new mark to the old one.
 */
export function createRedact(secret: Uint8Array): Redact {
  return (event) => {
    const { v, id, type, at, region } = event;
    // `redacted` comes before `type`, so that a redacted line sorts before the original.
    const redacted: Record<string, JsonValue> = { v, id, redacted: true, type, at, region };
    const stays = staysIn(knownTypeOf(event));
    for (const [name, value] of Object.entries(event)) {
      if (name !== 'visitor' && !Object.hasOwn(redacted, name) && stays(name, value)) redacted[name] = value;
    }
    return { ...redacted, ...newVisitor(event, secret) } as LoggedEvent;
  };
}

function staysIn(type: EventType | undefined): (name: string, value: JsonValue) => boolean {
  if (type === 'postback') return () => true;
  return isOperatorType(type ?? '') ? isNoNote : isKept;
}

function isNoNote(name: string): boolean {
  return name !== 'note';
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

/**
 * Only clicks count visitors. A click whose visitor is its own id needs no new mark. The day is no part of the new mark: the
 * old one already differs from day to day, and nothing here knows when a day of the network begins.
 */
function newVisitor(event: LoggedEvent, secret: Uint8Array): EventFields {
  const seenAs = visitorKey(event);
  if (event.type !== 'click' || seenAs === event.id) return {};
  const digest = createHmac('sha256', secret).update(seenAs).digest('hex');
  return { visitor: digest.slice(0, 16) };
}
