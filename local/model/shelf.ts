import type { StandingMessage } from './queue-message.ts';
import { Timeline } from './timeline.ts';

/** A message as the queue keeps it. */
export type ShelfEntry = {
  -readonly [Key in keyof StandingMessage]: StandingMessage[Key];
} & {
  /** Number of the receive that handed it out last, of all receives of this queue; 0 = none. */
  lastReceive: number;
};

interface Place {
  readonly entry: ShelfEntry;
  readonly atMs: number;
}

/** The messages of one queue, by id and by the time from which they can be received. */
export class Shelf {
  readonly #places = new Map<string, Place>();
  /** Holds the place of each entry, and also places that entries have left since. */
  readonly #timeline = new Timeline<Place>();
  /** In flight, or visible again since. */
  readonly #received = new Set<ShelfEntry>();

  get(id: string): ShelfEntry | undefined {
    return this.#places.get(id)?.entry;
  }

  /** In the order in which they came. */
  *entries(): Generator<ShelfEntry> {
    for (const { entry } of this.#places.values()) yield entry;
  }

  /** Puts in a new entry, or moves one to another time. */
  place(entry: ShelfEntry, atMs: number): void {
    const place = { entry, atMs };
    entry.availableAtMs = atMs;
    this.#places.set(entry.id, place);
    this.#timeline.put(atMs, place);
    if (entry.receiveCount > 0) this.#received.add(entry);
  }

  /** The entry that has been available longest. It stays on the shelf, but is not taken again until it is placed. */
  take(nowMs: number): ShelfEntry | undefined {
    const nextAtMs = this.nextAtMs();
    if (nextAtMs === undefined || nextAtMs > nowMs) return undefined;
    return this.#timeline.take()?.entry;
  }

  /** When the next entry is, or has been, available. */
  nextAtMs(): number | undefined {
    for (;;) {
      const place = this.#timeline.peek();
      if (place === undefined) return undefined;
      if (this.#places.get(place.entry.id) === place) return place.atMs;
      this.#timeline.take();
    }
  }

  /** How many of `wanted` may go in flight besides those that are. Looks who is visible again only if that matters. */
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
