import type { AlertHour } from '../../../core/alerts/alert-hour.ts';
import { type RowsOf, sumTallies, type Tally, tallyRows } from '../../../core/alerts/tally.ts';
import { answerText, callOutcome } from '../../../core/call-outcome.ts';
import { readFiguresObject } from '../../../core/figures/figures-object.ts';
import { inParallel } from '../../../core/in-parallel.ts';
import { type HourState, parseHourState, quarterMs } from '../../../core/ledger/hour-state.ts';
import { figuresKey, hourStateKey } from '../../../core/ledger/object-keys.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourStart, parseHourName } from '../../../core/log/log-key.ts';
import type { Bucket } from '../../../core/ports.ts';

const { getBudgetMs, readsAtOnce } = limits.alerts;

/** Figures that cannot be read now. Rules then stay quiet. */
export class FiguresSilent extends Error {}

/**
 * Reads home's figures as tallies of the subjects that rules are about. It keeps the tallies of each object of figures,
 * because such an object never changes. So a run reads only what is new.
 */
export class TallyReader {
  readonly #bucket: Pick<Bucket, 'get'>;
  readonly #subjects: ReadonlySet<string>;
  /** By key. Those that the last run did not need are dropped. */
  #kept = new Map<string, SubjectTallies>();
  #used = new Map<string, SubjectTallies>();
  #isOver = () => false;

  constructor(bucket: Pick<Bucket, 'get'>, subjects: ReadonlySet<string>) {
    this.#bucket = bucket;
    this.#subjects = subjects;
  }

  isFor(subjects: ReadonlySet<string>): boolean {
    return subjects.size === this.#subjects.size && [...subjects].every((subject) => this.#subjects.has(subject));
  }

  /** `isOver`: when it says so, nothing more is read. */
  beginRun(isOver: () => boolean): void {
    this.#isOver = isOver;
    this.#kept = this.#used;
    this.#used = new Map();
  }

  /** Undefined when the hour was never folded. Throws a FiguresSilent. */
  async state(hourStartMs: number): Promise<HourState | undefined> {
    const key = hourStateKey(hourStartMs);
    const bytes = await this.#find(key);
    if (bytes === undefined) return undefined;
    const state = parseHourState(bytes);
    if (state === undefined) throw new FiguresSilent(`${key} cannot be understood`);
    return state;
  }

  /** By subject; no tally where it had nothing. `states`: of the hours of UTC that the hour overlaps. */
  async tallies({ startMs, endMs }: AlertHour, states: readonly HourState[]): Promise<SubjectTallies> {
    const parts = states.flatMap((state) => partsWithin(state, startMs, endMs));
    const found = await inParallel(parts, readsAtOnce, (part) => this.#tallied(part));
    const subjects = new Set(found.flatMap((tallies) => [...tallies.keys()]));
    return new Map(
      [...subjects].map((subject) => [subject, sumTallies(found.flatMap((tallies) => tallies.get(subject) ?? []))]),
    );
  }

  async #tallied({ key, rowsOf }: Part): Promise<SubjectTallies> {
    const known = this.#used.get(key) ?? this.#kept.get(key);
    const tallies = known ?? (await this.#read(key, rowsOf));
    this.#used.set(key, tallies);
    return tallies;
  }

  async #read(key: string, rowsOf: RowsOf): Promise<SubjectTallies> {
    const bytes = await this.#find(key);
    const rows = bytes && readFiguresObject(bytes);
    // Replaced figures are gone a day later. The next run reads the state that names the new ones.
    if (rows === undefined) throw new FiguresSilent(`${key} is gone or cannot be understood`);
    return tallyRows(rows, rowsOf, this.#subjects);
  }

  async #find(key: string): Promise<Uint8Array | undefined> {
    if (this.#isOver()) throw new FiguresSilent('the time is over');
    const object = await this.#bucket.get(key, getBudgetMs);
    if (object.kind === 'ok') return object.value.body;
    if (callOutcome(object.answer) === 'missing') return undefined;
    throw new FiguresSilent(`cannot read ${key}: ${answerText(object.answer)}`);
  }
}

export type SubjectTallies = ReadonlyMap<string, Tally>;

/** Starts of the hours of UTC that an hour overlaps: one or two. */
export function hoursOf({ startMs, endMs }: AlertHour): readonly number[] {
  const first = hourStart(startMs);
  return first + hourMs < endMs ? [first, first + hourMs] : [first];
}

/** An object of figures. */
interface Part {
  readonly key: string;
  readonly rowsOf: RowsOf;
}

function partsWithin({ hour, quarters }: HourState, startMs: number, endMs: number): readonly Part[] {
  const hourStartMs = parseHourName(hour);
  return quarters.flatMap(({ clicks, sales }, quarter) => {
    const fromMs = hourStartMs + quarter * quarterMs;
    if (fromMs < startMs || fromMs >= endMs) return [];
    const named = [
      { digest: clicks.figures, rowsOf: 'clicks' as const },
      { digest: sales.figures, rowsOf: 'sales' as const },
    ];
    return named.flatMap(({ digest, rowsOf }) =>
      digest === '' ? [] : [{ key: figuresKey(hourStartMs, digest), rowsOf }],
    );
  });
}
