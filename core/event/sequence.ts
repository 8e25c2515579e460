import { parseLine } from './event.ts';

/**
 * Tells from one hour of a log alone what was lost on the way to it. Each event carries its environment, its number
 * there, and how many events of that environment and hour a rung had taken for certain before it. The last one thus
 * says how many there have to be; what no rung took needs no explanation, since it was never counted.
 *
 * What it cannot see: the last events of an environment in an hour, because nothing after them tells of them; and it
 * sees one less for each event that landed although nobody could tell at the time (an answer got lost).
 */
export interface SequenceGap {
  readonly env: string;
  readonly region: string;
  /** Events that a rung took and the log lacks. */
  readonly missing: number;
  /** The lowest and the highest number that the log has. */
  readonly from: number;
  readonly to: number;
}

/** What a line says of its event's place among those of its environment. */
export interface SequenceMark {
  readonly region: string;
  readonly env: string;
  readonly seq: number;
  /** Capture time, ms since the epoch; `capturedBefore` counts within its hour. */
  readonly at: number;
  readonly capturedBefore: number;
}

interface Seen {
  readonly region: string;
  readonly numbers: Set<number>;
  from: number;
  to: number;
  /** How many there have to be, the last one included. */
  expected: number;
}

/** The numbers of one hour, fed line by line in any order. */
export class SequenceTally {
  readonly #environments = new Map<string, Seen>();
  #eventCount = 0;

  /** How many different events it has seen: what it holds in memory. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** A line without numbers, of a probe or of an older release, says nothing. The same event may come again. */
  add(line: string): void {
    const mark = sequenceMark(line);
    if (mark === undefined) return;
    const { seq, capturedBefore } = mark;
    const seen = this.#seenOf(mark);
    if (seen.numbers.has(seq)) return;
    seen.numbers.add(seq);
    this.#eventCount += 1;
    seen.from = Math.min(seen.from, seq);
    if (seq < seen.to) return;
    seen.to = seq;
    seen.expected = capturedBefore + 1;
  }

  gaps(): readonly SequenceGap[] {
    return [...this.#environments].flatMap(([env, { region, numbers, from, to, expected }]) => {
      const missing = expected - numbers.size;
      return missing > 0 ? [{ env, region, missing, from, to }] : [];
    });
  }

  #seenOf({ env, region }: SequenceMark): Seen {
    const known = this.#environments.get(env);
    if (known !== undefined) return known;
    const seen = { region, numbers: new Set<number>(), from: Number.POSITIVE_INFINITY, to: 0, expected: 0 };
    this.#environments.set(env, seen);
    return seen;
  }
}

/** As `track` writes a line; parsing all of it would take several times as long. */
const usualStart =
  /^\{"v":1,"id":"[^"]{36}",(?:"redacted":true,)?"type":"[a-z0-9-]+","at":(\d+),"region":"([^"\\]+)","env":"([^"\\]+)","seq":(\d+),"captured_before":(\d+)[,}]/;

/** Undefined for a line without numbers: of a probe of the schedule, or of an older release. */
export function sequenceMark(line: string): SequenceMark | undefined {
  const [, at, region, env, seq, capturedBefore] = usualStart.exec(line) ?? [];
  if (region === undefined || env === undefined) return parsedMark(line);
  return { region, env, seq: Number(seq), at: Number(at), capturedBefore: Number(capturedBefore) };
}

function parsedMark(line: string): SequenceMark | undefined {
  const parsed = parseLine(line);
  if (parsed.kind === 'rejected') return undefined;
  const { region, env, seq, at, captured_before: capturedBefore } = parsed.event;
  if (typeof env !== 'string' || typeof seq !== 'number' || typeof capturedBefore !== 'number') return undefined;
  return { region, env, seq, at, capturedBefore };
}
