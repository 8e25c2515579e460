import { encodeLine } from '../../core/event/event.ts';
import { segmentsOf } from '../../core/log/segment.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { type Arrivals, arrivalsAt, type Batches, batchesOf, type LoadName } from '../capacity/loads.ts';
import { type Spread, sampleEvent, usualSpread } from '../sample-events.ts';

export interface StoredSegment {
  readonly key: string;
  readonly gzip: Uint8Array;
  readonly storedAtMs: number;
  readonly eventIds: readonly string[];
  /** The events that the segment stands for. It may hold fewer. */
  readonly events: number;
}

export interface TrafficOptions {
  readonly load: LoadName;
  readonly windowSeconds: number;
  readonly pollers: number;
  readonly batchEventsMax: number;
  /** A segment holds no more events. The real segment would have as many as its batch. */
  readonly heldEventsMax: number;
  readonly spread?: Spread;
}

/**
 * The segments that the two regions' `store` write at a load, in the order of their writing. All clicks come to one
 * region. Conversions come to both, so each stands in two segments.
 */
export class Traffic {
  readonly batches: Readonly<Record<'home' | 'standby', Batches>>;
  /** Different conversions in the segments so far. */
  conversions = 0;
  readonly #options: TrafficOptions;
  readonly #chance = seededChance(7);
  readonly #due: Record<'home' | 'standby', number>;
  #conversionLines: string[] = [];
  #seq = 0;

  constructor(startMs: number, options: TrafficOptions) {
    this.#options = options;
    const { windowSeconds, pollers, batchEventsMax, load } = options;
    const arrivals = arrivalsAt(load);
    const batches = ({ eventsPerSecond }: Arrivals) =>
      batchesOf(eventsPerSecond, windowSeconds, pollers, batchEventsMax);
    this.batches = { home: batches(arrivals.home), standby: batches(arrivals.standby) };
    this.#due = { home: startMs + this.#everyMs('home'), standby: startMs + this.#everyMs('standby') };
  }

  /** Segments written before `endMs` that were not yet given. */
  *until(endMs: number): Generator<StoredSegment> {
    for (;;) {
      const region = this.#due.home <= this.#due.standby ? 'home' : 'standby';
      const storedAtMs = this.#due[region];
      if (storedAtMs >= endMs) return;
      this.#due[region] += this.#everyMs(region);
      const lines = region === 'home' ? this.#homeLines(storedAtMs) : this.#standbyLines();
      const events = this.batches[region].eventsEach;
      for (const { key, gzip, eventIds } of segmentsOf(lines)) {
        const share = eventIds.length / lines.length;
        yield { key, gzip, storedAtMs, eventIds, events: Math.round(events * share) };
      }
    }
  }

  #everyMs(region: 'home' | 'standby'): number {
    return 1_000 / this.batches[region].perSecond;
  }

  /** The events of a batch came while its poller gathered it, so batches of different pollers overlap. */
  #homeLines(storedAtMs: number): readonly string[] {
    const { pollers, heldEventsMax, spread = usualSpread } = this.#options;
    const { eventsEach, perSecond } = this.batches.home;
    const gatheredMs = (pollers / perSecond) * 1_000;
    return Array.from({ length: Math.min(heldEventsMax, Math.round(eventsEach)) }, () => {
      const atMs = Math.floor(storedAtMs - this.#chance() * gatheredMs);
      this.#seq += 1;
      const event = sampleEvent(atMs, this.#seq, this.#chance, spread);
      const line = encodeLine(event);
      if (event.type !== 'conversion') return line;
      this.conversions += 1;
      this.#conversionLines.push(line);
      return line;
    });
  }

  #standbyLines(): readonly string[] {
    const lines = this.#conversionLines;
    this.#conversionLines = [];
    return lines;
  }
}
