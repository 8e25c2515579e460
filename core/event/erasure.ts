import { gzipSync } from 'node:zlib';
import { readSegment } from '../log/segment.ts';
import { knownTypeOf, type LoggedEvent, parseLine } from './event.ts';

/** Whose events are to be redacted (redaction.ts). Exactly as stored: an address that was truncated is found truncated only. */
export type ErasureCriterion =
  | { readonly kind: 'event'; readonly eventId: string }
  /** The click that handed the id out, and every conversion that brought it back. */
  | { readonly kind: 'transaction'; readonly transactionId: string }
  | { readonly kind: 'client-address'; readonly address: string }
  /** All of them have to hold. */
  | { readonly kind: 'sub-ids'; readonly values: ReadonlyMap<string, string> };

export function matchesCriterion(criterion: ErasureCriterion, event: LoggedEvent): boolean {
  switch (criterion.kind) {
    case 'event':
      return event.id === criterion.eventId;
    case 'transaction':
      return isOfTransaction(event, criterion.transactionId);
    case 'client-address':
      return [event['ip'], event['conv_ip']].includes(criterion.address);
    case 'sub-ids':
      return [...criterion.values].every(([name, value]) => event[name] === value);
  }
}

/** A later release may name the transaction under a key that this one does not know. */
function isOfTransaction(event: LoggedEvent, transactionId: string): boolean {
  if (event['txn'] === transactionId) return true;
  return knownTypeOf(event) === undefined && Object.values(event).includes(transactionId);
}

/** A segment of no events. Earlier releases put it in the place of one that held erased events, and it stays there. */
export const tombstone: Uint8Array = gzipSync('');

export type OpenedSegment =
  | { readonly kind: 'tombstone' }
  | { readonly kind: 'events'; readonly lines: readonly string[]; readonly events: readonly LoggedEvent[] }
  /** Not to be touched: what it holds cannot be told. */
  | { readonly kind: 'unreadable' };

/** `events` are those of `lines`, in the same order. */
export function openSegment(gzip: Uint8Array): OpenedSegment {
  const read = readSegment(gzip);
  if (read.kind === 'unreadable') return read;
  if (read.lines.length === 0) return { kind: 'tombstone' };
  const parsed = read.lines.map(parseLine);
  const events = parsed.flatMap((line) => (line.kind === 'event' ? [line.event] : []));
  return events.length === parsed.length ? { kind: 'events', lines: read.lines, events } : { kind: 'unreadable' };
}
