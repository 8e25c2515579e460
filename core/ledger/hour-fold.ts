import { compareLines, encodeLine, isRedacted, knownTypeOf, type LoggedEvent, parseLine } from '../event/event.ts';
import type { FiguresRow } from '../figures/row.ts';
import { FiguresTally } from '../figures/tally.ts';
import { DistinctIds } from './distinct-ids.ts';
import { Leaders } from './leaders.ts';
import { linesOf } from './lines-of.ts';
import { sliceOfHex } from './slices.ts';
import { Visits } from './visits.ts';

/** Which events of an hour a pass counts: slice `index` of `of`, by the random digits of their ids. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

export interface FoldCounts {
  /** Distinct event ids. */
  readonly events: number;
  /** Further lines with a known id: the same line, or another one. */
  readonly sameLine: number;
  readonly otherLine: number;
  readonly faults: number;
  /** How many of `events` only a later release understands. They are in no rows. */
  readonly unknown: number;
  /** How many of `events` an erasure redacted. They count as before. */
  readonly redacted: number;
}

/**
 * Counts the lines of one hour, each event id once, in any order of the segments. Of several lines with one id the
 * first by `compareLines` counts, as in a segment.
 *
 * A pass keeps only a hash of each line. When two lines of one id differ (for example because only one was redacted),
 * the pass is repeated with these ids as `contested`. It then holds the lines of these ids and chooses at the end.
 */
export class HourFold {
  readonly visits = new Visits();
  readonly leaders = new Leaders();
  /** New ids with differing lines. When there is one, the results of this pass are invalid. */
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

  /** How many event ids it holds in memory. */
  get size(): number {
    return this.#ids.count;
  }

  /** `plain`: the unpacked bytes of a segment. */
  add(plain: Buffer): void {
    for (const { id, bytes } of linesOf(plain)) {
      if (id === '') this.#addFault();
      else if (sliceOfHex(id.slice(idRandomFrom), this.#share.of) === this.#share.index) this.#addLine(id, bytes);
    }
  }

  /** Counts the held lines of contested ids. Nothing can be added afterwards. */
  finish(): void {
    for (const lines of this.#held.values()) {
      const [first] = [...lines].sort(compareLines);
      if (first !== undefined) this.#count(first);
    }
  }

  /** The rows without unique visitors and leaders, which are counted when the whole hour is known. */
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

  /** A line without an id belongs to no slice, so the first slice counts it. */
  #addFault(): void {
    if (this.#share.index === 0) this.#faults += 1;
  }
}

/** The last 8 digits of a UUID v7 begin here. They are random. */
const idRandomFrom = 28;

/** The lines of leaders as NDJSON, for a partial result. */
export function leaderLines(events: readonly LoggedEvent[]): string {
  return events.map((event) => `${encodeLine(event)}\n`).join('');
}
