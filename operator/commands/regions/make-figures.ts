import { inParallel } from '../../../core/in-parallel.ts';
import { closesAtMs, type HourState, isFinal } from '../../../core/ledger/hour-state.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourName, hourStart, parseHourName, recentHours } from '../../../core/log/log-key.ts';
import { plural, utcHour } from '../../cli/format.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';
import type { MadeFinal } from '../rebuild/make-final.ts';

/** The figures of both regions, and who makes those of the fresh one. */
export interface BothFigures {
  readonly survivor: Pick<FiguresReader, 'hourStates'>;
  readonly fresh: Pick<FiguresReader, 'hourStates'>;
  /** Has the fresh region's ledger make an hour anew. */
  make(hour: string): Promise<MadeFinal>;
  nowMs(): number;
  progress(line: string): void;
}

export interface MadeFigures {
  /** Hours that are final in the survivor. */
  readonly hours: number;
  readonly made: number;
  /** Hours whose figures still differ, and why as far as it is known. The oldest first. */
  readonly differing: readonly { readonly hour: string; readonly why: string }[];
}

/** Hours of which the states are read at once: some megabytes of memory. */
const hoursReadAtOnce = 480;

/**
 * Compares the final figures of both regions, and has the fresh region's ledger make the hours anew that differ. Also
 * makes `open` hours anew. They are the hours that the region folded before its index was whole, and that are not final
 * in the survivor yet. Throws a FiguresFailure.
 */
export async function makeFigures(both: BothFigures, firstMs: number, open: readonly string[]): Promise<MadeFigures> {
  const { hours, differing } = await compare(both, hoursSince(firstMs, both.nowMs()));
  const wanted = [...new Set([...differing, ...open])];
  let begun = 0;
  const whys = new Map<string, string>();
  await inParallel(wanted, limits.replacing.ledgerRunsAtOnce, async (hour) => {
    const made = await both.make(hour);
    begun += 1;
    if (made.kind === 'left') whys.set(hour, made.reason);
    both.progress(`figures: ${begun} of ${plural(wanted.length, 'hour')} made by the ledger (${utcHour(hour)})`);
  });
  const left = new Set([...(await compare(both, differing)).differing, ...whys.keys()]);
  return {
    hours,
    made: wanted.length - whys.size,
    differing: [...left].sort().map((hour) => ({ hour, why: whys.get(hour) ?? 'its figures are other ones' })),
  };
}

/** The latest hours that the fresh region has folded and that the survivor has not made final. */
export async function openHours({ survivor, fresh, nowMs }: BothFigures): Promise<readonly string[]> {
  const recent = recentHours(nowMs(), limits.ledger.close.hours + 1).map(hourName);
  const [theirs, own] = await Promise.all([survivor.hourStates(recent), fresh.hourStates(recent)]);
  return recent.filter((hour) => {
    const state = theirs.get(hour);
    return own.has(hour) && !(state !== undefined && isFinal(state) && isOver(state, nowMs()));
  });
}

function hoursSince(firstMs: number, nowMs: number): readonly string[] {
  const first = hourStart(firstMs);
  return Array.from({ length: (hourStart(nowMs) - first) / hourMs + 1 }, (_, index) =>
    hourName(first + index * hourMs),
  );
}

async function compare({ survivor, fresh, nowMs }: BothFigures, hours: readonly string[]) {
  let count = 0;
  const differing: string[] = [];
  for (let from = 0; from < hours.length; from += hoursReadAtOnce) {
    const some = hours.slice(from, from + hoursReadAtOnce);
    const [theirs, own] = await Promise.all([survivor.hourStates(some), fresh.hourStates(some)]);
    const finals = [...theirs.values()].filter((state) => isFinal(state) && isOver(state, nowMs()));
    count += finals.length;
    differing.push(...finals.filter((state) => !isSame(state, own.get(state.hour))).map(({ hour }) => hour));
  }
  return { hours: count, differing };
}

/** An operator can have an hour made final that is still running. */
function isOver({ hour }: HourState, nowMs: number): boolean {
  return closesAtMs(parseHourName(hour)) <= nowMs;
}

function isSame({ figuresDigest }: HourState, own: HourState | undefined): boolean {
  return own !== undefined && isFinal(own) && own.figuresDigest === figuresDigest;
}
