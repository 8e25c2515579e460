import { isOperatorType } from '../conversions/operator-events.ts';
import { knownTypeOf, type LoggedEvent, parseLine } from '../event/event.ts';
import { uuidTimeMs } from '../event/uuid.ts';
import { OperatorKeys } from '../keys/operator-keys.ts';
import { hourMs, minuteMs } from '../log/log-key.ts';
import { conversionLine, encodeConversionLines } from './conversion-block.ts';
import { EventBlockWriter } from './event-block.ts';
import { FactsBlockWriter } from './facts-block.ts';
import { isOperatorEventWhole, salesPartOf } from './sales-part.ts';

export interface MinuteBlocks {
  /** 0 to 59. */
  readonly minute: number;
  /** event-block.ts */
  readonly events: Uint8Array;
  /** conversion-block.ts; absent when no event has a part in conversions or adjustments. */
  readonly conversions?: Uint8Array;
  /** facts-block.ts; absent when no event has facts, or when nobody asked for them. */
  readonly facts?: Uint8Array;
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
  readonly facts: FactsBlockWriter | undefined;
}

interface OperatorLine {
  readonly event: LoggedEvent;
  readonly line: string;
}

const noKeys = new OperatorKeys([]);

/** Folds the segments of one hour that are read together. Each line is parsed once. */
export class SegmentGroup {
  readonly #hourStartMs: number;
  readonly #keepsFacts: boolean;
  readonly #minutes = new Map<number, Minute>();
  /** Only `blocks` has the keys that tell which of these are signed. */
  #operatorLines: OperatorLine[] = [];
  #eventCount = 0;

  constructor(hourStartMs: number, { keepsFacts = false }: { readonly keepsFacts?: boolean } = {}) {
    this.#hourStartMs = hourStartMs;
    this.#keepsFacts = keepsFacts;
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

  /** Events that claim to come from operators. `blocks` needs the keys that tell which of them are signed. */
  get operatorEvents(): readonly LoggedEvent[] {
    return this.#operatorLines.map(({ event }) => event);
  }

  /** In the order of minutes, only those with events. The same segments in the same order give the same bytes. */
  blocks(keys: OperatorKeys = noKeys): readonly MinuteBlocks[] {
    for (const { event, line } of this.#operatorLines)
      this.#put(event, line, isOperatorEventWhole(event) && keys.hasSigned(event));
    this.#operatorLines = [];
    const minutes = [...this.#minutes].sort(([one], [other]) => one - other);
    return minutes.map(([minute, { events, conversions, facts: writer }]) => {
      const facts = writer?.encode();
      return {
        minute,
        events: events.encode(),
        ...(conversions.size > 0 && { conversions: encodeConversionLines(conversions) }),
        ...(facts && { facts }),
      };
    });
  }

  /** False for an event of another hour. */
  #addEvent(event: LoggedEvent, line: string): boolean {
    const sinceStartMs = uuidTimeMs(event.id) - this.#hourStartMs;
    if (sinceStartMs < 0 || sinceStartMs >= hourMs) return false;
    const isOperators = isOperatorType(event.type) && knownTypeOf(event) !== undefined;
    if (isOperators) this.#operatorLines.push({ event, line });
    else this.#put(event, line, false);
    return true;
  }

  #put(event: LoggedEvent, line: string, isSigned: boolean): void {
    const { events, conversions, facts } = this.#minuteOf(
      Math.floor((uuidTimeMs(event.id) - this.#hourStartMs) / minuteMs),
    );
    events.add(event, line, isSigned);
    facts?.add(event);
    const isTold = isSigned || !isOperatorType(event.type);
    if (isTold && salesPartOf(event) !== undefined) conversions.add(conversionLine(event));
  }

  #minuteOf(minute: number): Minute {
    const known = this.#minutes.get(minute);
    if (known) return known;
    const facts = this.#keepsFacts ? new FactsBlockWriter() : undefined;
    const empty = { events: new EventBlockWriter(), conversions: new Set<string>(), facts };
    this.#minutes.set(minute, empty);
    return empty;
  }
}
