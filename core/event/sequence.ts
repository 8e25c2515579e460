import { parseLine } from './event.ts';

/**
 * Finds events that were lost on the way to a log, from one hour of the log alone. Each event carries its environment,
 * its number there, and how many events of that environment and hour a rung confirmed before it. So the last event
 * tells how many there must be. Events that no rung confirmed are not expected.
 *
 * Two losses stay invisible. No later event tells of the last events of an environment in an hour. An event that is in
 * the log although its confirmation got lost hides the loss of another event.
 */
export interface SequenceGap {
  readonly env: string;
  readonly region: string;
  /** How many events a rung confirmed and the log lacks. */
  readonly missing: number;
  /** The lowest and the highest number in the log. */
  readonly from: number;
  readonly to: number;
}

/** The place of an event among the events of its environment, as its line tells. */
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
  /** How many events there must be, the last one included. */
  expected: number;
}

/** Collects the numbers of one hour. Lines come in any order. */
export class SequenceTally {
  readonly #environments = new Map<string, Seen>();
  #eventCount = 0;

  /** How many different events it has seen and holds in memory. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** Ignores lines without numbers (of probes or older releases). The same event may come again. */
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

/** The start of a line as `track` writes it. Parsing the whole line would take several times as long. */
const usualStart =
  /^\{"v":1,"id":"[^"]{36}",(?:"redacted":true,)?"type":"[a-z0-9-]+","at":(\d+),"region":"([^"\\]+)","env":"([^"\\]+)","seq":(\d+),"captured_before":(\d+)[,}]/;

/** Undefined for a line without numbers: a probe of the schedule, or a line of an older release. */
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
