import { HourFold, type Share } from '../core/ledger/hour-fold.ts';
import type { HourListing } from '../core/ledger/listing.ts';
import { type Pass, passOf } from '../core/ledger/pass.ts';
import { hourName } from '../core/log/log-key.ts';
import { type HourReading, readSegments, type UnreadHour } from './read-segments.ts';

export interface PassReading extends HourReading {
  /** Events that a pass may hold in memory. */
  readonly eventsMax: number;
}

export type PassOverHour =
  | { readonly kind: 'made'; readonly pass: Pass }
  /** The share has more than `eventsMax` events: smaller shares have fewer. */
  | { readonly kind: 'too-many-events' }
  | UnreadHour;

/**
 * Reads an hour of a log and folds the events of one share of it, each once. Two lines of one event can differ. Their
 * fold has to know the event's id from the start, so the hour is read again with the ids that the first reading found.
 */
export async function passOverHour(
  hourStartMs: number,
  listing: HourListing,
  share: Share,
  reading: PassReading,
): Promise<PassOverHour> {
  let contested: ReadonlySet<string> = new Set();
  for (;;) {
    const fold = new HourFold(hourName(hourStartMs), share, contested);
    const isFull = () => fold.size > reading.eventsMax;
    const read = await readSegments(listing, reading, (plain) => {
      fold.add(plain);
      return isFull() ? 'stop' : 'go on';
    });
    if (read.kind !== 'read') return read;
    if (isFull()) return { kind: 'too-many-events' };
    if (fold.contested.size === 0) {
      fold.finish();
      return { kind: 'made', pass: passOf(fold, read.unreadable) };
    }
    contested = new Set([...contested, ...fold.contested]);
  }
}
