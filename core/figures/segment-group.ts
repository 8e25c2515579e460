import { knownTypeOf, type LoggedEvent, parseLine } from '../event/event.ts';
import { uuidTimeMs } from '../event/uuid.ts';
import { hourMs, minuteMs } from '../log/log-key.ts';
import { conversionLine, encodeConversionLines } from './conversion-block.ts';
import { competingKey } from './conversions.ts';
import { EventBlockWriter } from './event-block.ts';

export interface MinuteBlocks {
  /** 0 to 59. */
  readonly minute: number;
  /** event-block.ts */
  readonly events: Uint8Array;
  /** conversion-block.ts; absent when no conversion competes for a conversion key. */
  readonly conversions?: Uint8Array;
}

/** What a segment had. A repeated line counts again here. */
export interface SegmentCounts {
  readonly events: number;
  /** Lines that are no events of the hour. They are left out, so that they do not harm their neighbours. */
  readonly faults: number;
  /** How many of `events` only a later release understands. */
  readonly unknown: number;
}

interface Minute {
  readonly events: EventBlockWriter;
  /** Lines and not events, which would need more memory. */
  readonly conversions: Set<string>;
}

/** Folds the segments of one hour that are read together. Each line is parsed once. */
export class SegmentGroup {
  readonly #hourStartMs: number;
  readonly #minutes = new Map<number, Minute>();
  #eventCount = 0;

  constructor(hourStartMs: number) {
    this.#hourStartMs = hourStartMs;
  }

  /** How many events it holds in memory, at 48 bytes each. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** `plain`: the unpacked lines of a segment. Each event goes into its block at once: keeping events would cost memory. */
  add(plain: Uint8Array): SegmentCounts {
    const text = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString();
    let [events, faults, unknown] = [0, 0, 0];
    for (let start = 0, end = 0; start < text.length; start = end + 1) {
      end = text.indexOf('\n', start);
      if (end < 0) end = text.length;
      if (end === start) continue;
      const line = text.slice(start, end);
      const parsed = parseLine(line);
      if (parsed.kind === 'event' && this.#addEvent(parsed.event, line)) {
        events += 1;
        if (knownTypeOf(parsed.event) === undefined) unknown += 1;
      } else {
        faults += 1;
      }
    }
    this.#eventCount += events;
    return { events, faults, unknown };
  }

  /** In the order of minutes, only those with events. The same segments in the same order give the same bytes. */
  blocks(): readonly MinuteBlocks[] {
    const minutes = [...this.#minutes].sort(([one], [other]) => one - other);
    return minutes.map(([minute, { events, conversions }]) => ({
      minute,
      events: events.encode(),
      ...(conversions.size > 0 && { conversions: encodeConversionLines(conversions) }),
    }));
  }

  /** False for an event of another hour. */
  #addEvent(event: LoggedEvent, line: string): boolean {
    const sinceStartMs = uuidTimeMs(event.id) - this.#hourStartMs;
    if (sinceStartMs < 0 || sinceStartMs >= hourMs) return false;
    const { events, conversions } = this.#minuteOf(Math.floor(sinceStartMs / minuteMs));
    events.add(event, line);
    if (competingKey(event) !== undefined) conversions.add(conversionLine(event));
    return true;
  }

  #minuteOf(minute: number): Minute {
    const known = this.#minutes.get(minute);
    if (known) return known;
    const empty = { events: new EventBlockWriter(), conversions: new Set<string>() };
    this.#minutes.set(minute, empty);
    return empty;
  }
}
