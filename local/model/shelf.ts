import type { StandingMessage } from './queue-message.ts';
import { Timeline } from './timeline.ts';

export type ShelfEntry = {
  -readonly [Key in keyof StandingMessage]: StandingMessage[Key];
} & {
  /** The number of the last receive of this message, counted over all receives of the queue; 0 = none. */
  lastReceive: number;
};

interface Place {
  readonly entry: ShelfEntry;
  readonly atMs: number;
}

/** The messages of one queue, by id and by the time from which they can be received. */
export class Shelf {
  readonly #places = new Map<string, Place>();
  /** Holds the current place of each entry, and also places that are out of date. */
  readonly #timeline = new Timeline<Place>();
  /** Received messages: in flight, or visible again. */
  readonly #received = new Set<ShelfEntry>();

  get(id: string): ShelfEntry | undefined {
    return this.#places.get(id)?.entry;
  }

  /** In their order of arrival. */
  *entries(): Generator<ShelfEntry> {
    for (const { entry } of this.#places.values()) yield entry;
  }

  /** Adds an entry, or moves it to another time. */
  place(entry: ShelfEntry, atMs: number): void {
    const place = { entry, atMs };
    entry.availableAtMs = atMs;
    this.#places.set(entry.id, place);
    this.#timeline.put(atMs, place);
    if (entry.receiveCount > 0) this.#received.add(entry);
  }

  /** The entry that has been available longest. It stays on the shelf, but `take` skips it until it is placed again. */
  take(nowMs: number): ShelfEntry | undefined {
    const nextAtMs = this.nextAtMs();
    if (nextAtMs === undefined || nextAtMs > nowMs) return undefined;
    return this.#timeline.take()?.entry;
  }

  /** When the next entry becomes available, or since when it is. */
  nextAtMs(): number | undefined {
    for (;;) {
      const place = this.#timeline.peek();
      if (place === undefined) return undefined;
      if (this.#places.get(place.entry.id) === place) return place.atMs;
      this.#timeline.take();
    }
  }

  /** How many of `wanted` messages may go in flight too. Looks for messages that are visible again only near the limit. */
  room(wanted: number, inFlightMax: number, nowMs: number): number {
    if (this.#received.size + wanted > inFlightMax) {
      for (const entry of this.#received) if (entry.availableAtMs <= nowMs) this.#received.delete(entry);
    }
    return Math.min(wanted, inFlightMax - this.#received.size);
  }

  delete(entry: ShelfEntry): void {
    this.#places.delete(entry.id);
    this.#received.delete(entry);
  }
}
