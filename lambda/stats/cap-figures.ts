import type { CapPeriod, DayOf } from '../../core/caps/cap.ts';
import { periodOf, periodStartMs } from '../../core/caps/cap.ts';
import { type OwnerNumbers, sameOwners } from '../../core/caps/capped-owners.ts';
import { CapSums, countCaps } from '../../core/caps/count-caps.ts';
import { dayIn } from '../../core/config/time-zone.ts';
import type { FiguresRow } from '../../core/figures/row.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { parseDayState, readUniquesObject } from '../../core/ledger/day-state.ts';
import { type HourState, partsOf, quarterMs } from '../../core/ledger/hour-state.ts';
import { dayStateKey, dayUniquesKey, figuresKey } from '../../core/ledger/object-keys.ts';
import { earlierSumKeys, noSums, parseSumsIndex, type SumsIndex, sumsIndexKey } from '../../core/ledger/sums.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, hourName, hourStart, minuteMs, recentHours } from '../../core/log/log-key.ts';
import { readState } from '../fold/hour-states.ts';
import type { FoldRun } from '../fold/run.ts';

const { olderHoursMs, openDaysMax } = limits.caps;
const { blocksAtOnceMax } = limits.fold;

/** A piece of the figures that is counted by itself: a kind of rows of a quarter of an hour, or what a day corrects. */
interface Part {
  readonly name: string;
  readonly day: string;
  /** Changes whenever the rows change. */
  readonly digest: string;
  readonly read: () => Promise<readonly FiguresRow[]>;
}

interface CountedPart {
  readonly day: string;
  readonly digest: string;
  readonly sums: CapSums;
}

/** What caps have used lately, and in how many minutes. */
export interface RecentUse {
  readonly recent: CapSums;
  readonly recentMinutes: number;
}

/**
 * What caps have used, as one environment counts it from the figures. A part is read once and counted again when its
 * digest changes. So a run reads little more than the running quarter of an hour.
 */
export class CapFigures {
  readonly #homeRegion: string;
  readonly #timeZone: string;
  readonly #dayOf: DayOf;
  #numbers: OwnerNumbers | undefined;
  #counted = new Map<string, CountedPart>();
  #ofDays = new Map<string, CapSums>();
  readonly #hours = new RememberedReads<HourState>();
  readonly #days = new RememberedReads<string>();
  readonly #sums = new RememberedReads<SumsIndex>();

  /** Throws a RangeError when `timeZone` is no time zone. */
  constructor(homeRegion: string, timeZone: string) {
    this.#homeRegion = homeRegion;
    this.#timeZone = timeZone;
    this.#dayOf = dayIn(timeZone);
  }

  /** Counts what has changed. Throws a LeftToNextRun; what was counted until then stays counted. */
  async update(run: FoldRun, numbers: OwnerNumbers): Promise<void> {
    if (this.#numbers === undefined || !sameOwners(this.#numbers, numbers)) {
      this.#counted = new Map();
      this.#ofDays = new Map();
    }
    this.#numbers = numbers;
    const sums = await this.#sumsIndex(run);
    const days = openDays(run.nowMs(), this.#dayOf).filter((day) => sums.days[day]?.sum === undefined);
    const parts = [
      ...(await this.#quarterParts(run, days)),
      ...(await this.#dayParts(run, days)),
      ...earlierParts(run, sums, this.#dayOf(run.nowMs()), numbers),
    ];
    const names = new Set(parts.map(({ name }) => name));
    for (const name of [...this.#counted.keys()].filter((one) => !names.has(one))) this.#forget(name);
    const changed = parts.filter(({ name, digest }) => this.#counted.get(name)?.digest !== digest);
    await inParallel(changed, blocksAtOnceMax, async (part) => this.#count(part, await part.read(), numbers));
  }

  /** What was used in the period of `nowMs`. A part may be a day or a month. */
  sums(period: CapPeriod, nowMs: number): CapSums {
    const sums = this.#noSums();
    const own = periodOf(period, nowMs, this.#dayOf);
    for (const [day, ofDay] of this.#ofDays) if (own === 'lifetime' || day.startsWith(own)) sums.add(ofDay);
    return sums;
  }

  /** The running quarter of an hour up to `asOfMs`, and the one before it. */
  recent(asOfMs: number): RecentUse {
    const recent = this.#noSums();
    const fromMs = asOfMs - (asOfMs % quarterMs) - quarterMs;
    for (const startMs of [fromMs, fromMs + quarterMs]) {
      for (const kind of kinds) {
        const part = this.#counted.get(partName(startMs, kind));
        if (part) recent.add(part.sums);
      }
    }
    return { recent, recentMinutes: (asOfMs - fromMs) / minuteMs };
  }

  /** The state of an hour as it was last read. */
  stateOf(hourStartMs: number): HourState | undefined {
    return this.#hours.value(hourName(hourStartMs));
  }

  async #sumsIndex(run: FoldRun): Promise<SumsIndex> {
    const read = async () => {
      const object = await run.find(sumsIndexKey);
      return object && parseSumsIndex(object.body);
    };
    const index = await this.#sums.read(sumsIndexKey, run.nowMs() - olderHoursMs, run.nowMs(), read);
    return index?.timeZone === this.#timeZone ? index : noSums(this.#timeZone);
  }

  async #quarterParts(run: FoldRun, days: readonly string[]): Promise<readonly Part[]> {
    const nowMs = run.nowMs();
    const folded = new Set(recentHours(nowMs, limits.stats.hoursBack + 1));
    const hours = hoursSince(days[0] ?? '', nowMs, this.#dayOf);
    const parts = await inParallel(hours, blocksAtOnceMax, async (hour) => {
      const goodForMs = folded.has(hour) ? 0 : olderHoursMs;
      const read = async () => (await readState(run, hour)).state;
      const state = await this.#hours.read(hourName(hour), run.nowMs() - goodForMs, run.nowMs(), read);
      return state ? partsOfHour(run, hour, state, this.#dayOf) : [];
    });
    return parts.flat().filter(({ day }) => days.includes(day));
  }

  /** What the ledger has corrected in days that are not yet whole. */
  async #dayParts(run: FoldRun, days: readonly string[]): Promise<readonly Part[]> {
    const parts = await inParallel(days, blocksAtOnceMax, async (day): Promise<readonly Part[]> => {
      const readDigest = async () => {
        const object = await run.find(dayStateKey(day));
        return object && parseDayState(object.body)?.uniques;
      };
      const digest = await this.#days.read(day, run.nowMs() - olderHoursMs, run.nowMs(), readDigest);
      if (digest === undefined) return [];
      const read = async () => (await run.read(dayUniquesKey(day, digest), readUniquesObject)).payable;
      return [{ name: day, day, digest, read }];
    });
    return parts.flat();
  }

  #count({ name, day, digest }: Part, rows: readonly FiguresRow[], numbers: OwnerNumbers): void {
    this.#forget(name);
    const sums = countCaps(rows, numbers, this.#homeRegion);
    const ofDay = this.#ofDays.get(day) ?? this.#noSums();
    this.#ofDays.set(day, ofDay);
    ofDay.add(sums);
    this.#counted.set(name, { day, digest, sums });
  }

  #forget(name: string): void {
    const counted = this.#counted.get(name);
    if (counted === undefined) return;
    this.#ofDays.get(counted.day)?.subtract(counted.sums);
    this.#counted.delete(name);
  }

  #noSums(): CapSums {
    return new CapSums(this.#numbers?.owners.length ?? 0);
  }
}

/** Values that were read, with the time when reading began. */
class RememberedReads<Value> {
  readonly #known = new Map<string, { readonly atMs: number; readonly value: Value | undefined }>();

  value(name: string): Value | undefined {
    return this.#known.get(name)?.value;
  }

  /** Reads again what was read before `sinceMs`. */
  async read(
    name: string,
    sinceMs: number,
    nowMs: number,
    read: () => Promise<Value | undefined>,
  ): Promise<Value | undefined> {
    const known = this.#known.get(name);
    if (known !== undefined && known.atMs > sinceMs) return known.value;
    const value = await read();
    this.#known.set(name, { atMs: nowMs, value });
    return value;
  }
}

/** In the order of `partsOf`. */
const kinds = ['clicks', 'sales'] as const;

function partName(startMs: number, kind: (typeof kinds)[number]): string {
  return `${startMs} ${kind}`;
}

function partsOfHour(run: FoldRun, hourStartMs: number, { quarters }: HourState, dayOf: DayOf): readonly Part[] {
  return quarters.flatMap((quarter, index) =>
    partsOf(quarter).flatMap(({ figures: digest }, ofKind): readonly Part[] => {
      const kind = kinds[ofKind];
      if (digest === '' || kind === undefined) return [];
      const startMs = hourStartMs + index * quarterMs;
      const read = () => run.rowsAt(figuresKey(hourStartMs, digest));
      return [{ name: partName(startMs, kind), day: dayOf(startMs), digest, read }];
    }),
  );
}

/** Sums of whole days and months, as far as the caps need any. */
function earlierParts(run: FoldRun, index: SumsIndex, today: string, { owners }: OwnerNumbers): readonly Part[] {
  const periods = new Set(owners.flatMap(({ caps }) => caps.map(({ period }) => period)));
  if (!periods.has('monthly') && !periods.has('lifetime')) return [];
  const keys = earlierSumKeys(index, today, periods.has('lifetime') ? 'lifetime' : 'monthly');
  return keys.map((key) => {
    const [, day = ''] = /\/(\d{4}-\d{2}(?:-\d{2})?)-/.exec(key) ?? [];
    return { name: key, day, digest: key, read: () => run.rowsAt(key) };
  });
}

/** Days whose hours are counted one by one, the oldest first and today last. */
function openDays(nowMs: number, dayOf: DayOf): readonly string[] {
  const days = [dayOf(nowMs)];
  for (let startMs = periodStartMs('daily', nowMs, dayOf); days.length < openDaysMax; ) {
    days.unshift(dayOf(startMs - 1));
    startMs = periodStartMs('daily', startMs - 1, dayOf);
  }
  return days;
}

/** Starts of the hours from the beginning of a day until now. */
function hoursSince(day: string, nowMs: number, dayOf: DayOf): readonly number[] {
  const hours: number[] = [];
  for (let hour = hourStart(nowMs); dayOf(hour + hourMs - 1) >= day; hour -= hourMs) hours.unshift(hour);
  return hours;
}
