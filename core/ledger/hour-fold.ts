import { compareLines, encodeLine, isRedacted, knownTypeOf, type LoggedEvent, parseLine } from '../event/event.ts';
import type { FiguresRow } from '../figures/row.ts';
import { FiguresTally } from '../figures/tally.ts';
import { DistinctIds } from './distinct-ids.ts';
import { Leaders } from './leaders.ts';
import { linesOf } from './lines-of.ts';
import { sliceOfHex } from './slices.ts';
import { Visits } from './visits.ts';

/** Which events of an hour a pass takes: those of one slice of their ids' random digits. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

export interface FoldCounts {
  /** Each id once. */
  readonly events: number;
  readonly sameLine: number;
  readonly otherLine: number;
  readonly faults: number;
  /** Of `events`, how many only a later release understands: they are in no rows. */
  readonly unknown: number;
  /** Of `events`, how many an erasure redacted: they count as before. */
  readonly redacted: number;
}

/**
 * Folds the lines of one hour, each event id once, whatever the order in which segments are given. Of lines with the
 * same id the first by `compareLines` is kept, as in a segment. Lines are not held for it: they are told apart by a hash.
 * When two of one id differ, as they do where only one was redacted, the pass is made again with their ids known (`contested`), and
 * only theirs are held.
 */
export class HourFold {
  readonly visits = new Visits();
  readonly leaders = new Leaders();
  /** Ids of which lines differ and that were not known before; with any of them, nothing of this pass holds. */
  readonly contested = new Set<string>();
  readonly #share: Share;
  readonly #ids = new DistinctIds();
  readonly #held: ReadonlyMap<string, Set<string>>;
  readonly #tally: FiguresTally;
  #heldLines = 0;
  #sameLine = 0;
  #faults = 0;
  #unknown = 0;
  #redacted = 0;

  constructor(hour: string, share: Share, contested: Iterable<string> = []) {
    this.#share = share;
    this.#tally = new FiguresTally(hour, this.visits);
    this.#held = new Map([...contested].map((id) => [id, new Set<string>()]));
  }

  /** How many events it holds in memory. */
  get size(): number {
    return this.#ids.count;
  }

  /** `plain`: a segment's bytes, unpacked. */
  add(plain: Buffer): void {
    for (const { id, bytes } of linesOf(plain)) {
      if (id === '') this.#addFault();
      else if (sliceOfHex(id.slice(idRandomFrom), this.#share.of) === this.#share.index) this.#addLine(id, bytes);
    }
  }

  /** Adds the lines that were held back; nothing can be added after it. */
  finish(): void {
    for (const lines of this.#held.values()) {
      const [first] = [...lines].sort(compareLines);
      if (first !== undefined) this.#count(first);
    }
  }

  /** Of everything but visitors and leaders, which are judged when all of the hour is known. */
  rows(): readonly FiguresRow[] {
    return this.#tally.rows();
  }

  counts(): FoldCounts {
    const held = [...this.#held.values()].filter((lines) => lines.size > 0);
    const otherLine = held.reduce((sum, lines) => sum + lines.size - 1, 0);
    const sameLine = this.#sameLine + this.#heldLines - otherLine - held.length;
    const events = this.#ids.count + held.length;
    return { events, sameLine, otherLine, faults: this.#faults, unknown: this.#unknown, redacted: this.#redacted };
  }

  #addLine(id: string, bytes: Buffer): void {
    const held = this.#held.get(id);
    if (held) {
      this.#heldLines += 1;
      held.add(bytes.toString());
      return;
    }
    const sighting = this.#ids.see(id, bytes);
    if (sighting === 'new') this.#count(bytes.toString());
    else if (sighting === 'repeated') this.#sameLine += 1;
    else this.contested.add(id);
  }

  #count(line: string): void {
    const parsed = parseLine(line);
    if (parsed.kind === 'rejected') {
      this.#faults += 1;
      return;
    }
    if (knownTypeOf(parsed.event) === undefined) this.#unknown += 1;
    if (isRedacted(parsed.event)) this.#redacted += 1;
    const { competes, loser } = this.leaders.loserTo(parsed.event);
    if (!competes) this.#tally.add(parsed.event);
    else if (loser) this.#tally.add(loser, true);
  }

  /** Nothing tells in whose share a line without an id is: the first one counts it. */
  #addFault(): void {
    if (this.#share.index === 0) this.#faults += 1;
  }
}

/** The last 8 digits of a UUID v7 are random. */
const idRandomFrom = 28;

/** Leaders as NDJSON of their lines, as partial results keep them. */
export function leaderLines(events: readonly LoggedEvent[]): string {
  return events.map((event) => `${encodeLine(event)}\n`).join('');
}
