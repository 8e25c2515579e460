import { gzipSync } from 'node:zlib';
import { readSegment } from '../log/segment.ts';
import { knownTypeOf, type LoggedEvent, parseLine } from './event.ts';

/**
 * Which events an erasure redacts (redaction.ts). Values match as stored: a truncated address is found truncated only.
 */
export type ErasureCriterion =
  | { readonly kind: 'event'; readonly eventId: string }
  /** The click with this transaction id and all its conversions. */
  | { readonly kind: 'transaction'; readonly transactionId: string }
  | { readonly kind: 'client-address'; readonly address: string }
  /** Sub ids by name. An event must have all of them. */
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

/** In an event of a later release the transaction id may have another key, so any field counts. */
function isOfTransaction(event: LoggedEvent, transactionId: string): boolean {
  if (event['txn'] === transactionId) return true;
  return knownTypeOf(event) === undefined && Object.values(event).includes(transactionId);
}

/** A segment without events. Earlier releases replaced a segment with erased events by it, and it stays in the log. */
export const tombstone: Uint8Array = gzipSync('');

export type OpenedSegment =
  | { readonly kind: 'tombstone' }
  | { readonly kind: 'events'; readonly lines: readonly string[]; readonly events: readonly LoggedEvent[] }
  /** Nobody can say what the segment holds, so an erasure must not change it. */
  | { readonly kind: 'unreadable' };

/** In the result, `events` has the parsed `lines`, in the same order. */
export function openSegment(gzip: Uint8Array): OpenedSegment {
  const read = readSegment(gzip);
  if (read.kind === 'unreadable') return read;
  if (read.lines.length === 0) return { kind: 'tombstone' };
  const parsed = read.lines.map(parseLine);
  const events = parsed.flatMap((line) => (line.kind === 'event' ? [line.event] : []));
  return events.length === parsed.length ? { kind: 'events', lines: read.lines, events } : { kind: 'unreadable' };
}
