import type { Command } from 'commander';
import { isTimeZone } from '../../core/config/time-zone.ts';
import { quarterMs } from '../../core/ledger/hour-state.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, hourName, hourStart } from '../../core/log/log-key.ts';
import { type Calendar, calendarOf, quartersNamed, quartersOfDay } from './calendar.ts';

/** Quarter hours of UTC, both included, each as the ms at which it starts. */
export interface QuarterRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The options, as commander parses them. */
export interface RangeOptions {
  readonly from?: string;
  readonly to?: string;
  readonly timeZone?: string;
}

export type ReadRange =
  | { readonly kind: 'range'; readonly range: QuarterRange; readonly calendar: Calendar }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

export function addRangeOptions(command: Command, toDefault: string): Command {
  return command
    .option(
      '--from <time>',
      'first day or hour: 2026-11-23, 2026-11-23T05, today, yesterday, 24h, 7d (default: the day of --to)',
    )
    .option('--to <time>', `last day or hour, included; --to 2h ends where --from 2h begins (default: ${toDefault})`)
    .option(
      '--time-zone <zone>',
      'the time zone of days and hours (default: reporting.timeZone of the config, else UTC)',
    );
}

/**
 * `lastMs` is the start of the current quarter, which is the last one that can be asked for. `usualToMs` replaces a
 * missing `--to`.
 */
export function readRange(options: RangeOptions, timeZone: string, lastMs: number, usualToMs = lastMs): ReadRange {
  const zone = options.timeZone ?? timeZone;
  if (!isTimeZone(zone)) return wrong(`--time-zone: "${zone}" is not a time zone such as UTC or America/New_York`);
  const calendar = calendarOf(zone);
  const problems: string[] = [];
  const quarters = (option: RangeOption, text: string) => namedQuarters(option, text, calendar, lastMs, problems);
  const toMs = options.to === undefined ? usualToMs : quarters('--to', options.to).at(-1);
  const from = options.from ?? (toMs === undefined ? undefined : calendar.dayOf(toMs));
  const fromMs = from === undefined ? undefined : quarters('--from', from)[0];
  if (fromMs === undefined || toMs === undefined || problems.length > 0) return { kind: 'wrong', problems };
  const range = { fromMs, toMs: Math.min(toMs, lastMs) };
  const problem = rangeProblem(range, calendar, lastMs, options.to !== undefined);
  return problem === undefined ? { kind: 'range', range, calendar } : wrong(problem);
}

/** The quarters of UTC from the first day to the last. */
export function rangeOfDays(from: string, to: string, calendar: Calendar): QuarterRange {
  const fromMs = quartersOfDay(from, calendar)[0] ?? 0;
  return { fromMs, toMs: quartersOfDay(to, calendar).at(-1) ?? fromMs };
}

/** The names of the hours of UTC that the range touches. */
export function hoursTouchedBy({ fromMs, toMs }: QuarterRange): readonly string[] {
  const firstMs = hourStart(fromMs);
  const count = (hourStart(toMs) - firstMs) / hourMs + 1;
  return Array.from({ length: count }, (_, index) => hourName(firstMs + index * hourMs));
}

export function quarterStart(timeMs: number): number {
  return timeMs - (timeMs % quarterMs);
}

function wrong(problem: string): ReadRange {
  return { kind: 'wrong', problems: [problem] };
}

const dayShape = /^\d{4}-\d{2}-\d{2}$/;
const hourShape = /^\d{4}-\d{2}-\d{2}T\d{2}(?:Z|[+-]\d\d:\d\d)?$/;

type RangeOption = '--from' | '--to';

/** The quarters that `text` means, in order. When there are none, adds the problem to `problems`. */
function namedQuarters(
  option: RangeOption,
  text: string,
  calendar: Calendar,
  lastMs: number,
  problems: string[],
): readonly number[] {
  const quarters = lastHours(option, text, calendar, lastMs) ?? quartersMeant(text, calendar, lastMs);
  if (quarters.length === 0) problems.push(`${option}: "${text}" ${problemOf(text, calendar)}`);
  return quarters;
}

function quartersMeant(text: string, calendar: Calendar, lastMs: number): readonly number[] {
  const today = quartersOfDay(calendar.dayOf(lastMs), calendar);
  if (text === 'today') return today;
  if (text === 'yesterday') return quartersOfDay(calendar.dayOf((today[0] ?? lastMs) - quarterMs), calendar);
  if (dayShape.test(text)) return quartersOfDay(text, calendar);
  return hourShape.test(text) ? quartersNamed(text, calendar) : [];
}

/**
 * `24h` and `7d` are the last hours, of which the current hour of the zone is one. A range that begins with `2h` begins
 * with these hours, and a range that ends with `2h` ends before them. Undefined for any other text.
 */
function lastHours(option: RangeOption, text: string, calendar: Calendar, lastMs: number) {
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  const [currentMs = lastMs] = quartersNamed(calendar.hourOf(lastMs), calendar);
  const startMs = currentMs - (Number(count) * (unit === 'd' ? 24 : 1) - 1) * hourMs;
  return [option === '--from' ? startMs : startMs - quarterMs];
}

function problemOf(text: string, { timeZone }: Calendar): string {
  if (dayShape.test(text) || hourShape.test(text)) return `does not exist in ${timeZone}`;
  return 'is not a time such as 2026-11-23, 2026-11-23T05, today, yesterday, 24h or 7d';
}

const { daysMax } = limits.report;

function rangeProblem(range: QuarterRange, { hourOf }: Calendar, lastMs: number, isToGiven: boolean) {
  const { fromMs, toMs } = range;
  if (fromMs > lastMs) return `--from: is later than the current hour, ${hourOf(lastMs)}`;
  if (fromMs > toMs && isToGiven) return '--from: is after --to';
  if (fromMs > toMs) return `--from: is later than ${hourOf(toMs)}, the last hour of the range without --to`;
  if (toMs - fromMs >= daysMax * 24 * hourMs) return `--from: the range must have at most ${daysMax} days`;
  return undefined;
}
