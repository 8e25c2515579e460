import type { Command } from 'commander';
import { isTimeZone } from '../../core/config/time-zone.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs } from '../../core/log/log-key.ts';
import { type Calendar, calendarOf, hoursNamed, hoursOfDay } from './calendar.ts';

/** Hours of UTC, both inclusive, each as the ms at which it starts. */
export interface HourRange {
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
  | { readonly kind: 'range'; readonly range: HourRange; readonly calendar: Calendar }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

export function addRangeOptions(command: Command, toDefault: string): Command {
  return command
    .option(
      '--from <time>',
      'first day or hour: 2026-11-23, 2026-11-23T05, today, yesterday, 24h, 7d (default: the day of --to)',
    )
    .option('--to <time>', `last day or hour, included (default: ${toDefault})`)
    .option(
      '--time-zone <zone>',
      'the time zone of days and hours (default: reporting.timeZone of the config, else UTC)',
    );
}

/**
 * `lastMs` is the start of the current hour, which is the last one that can be asked for. `usualToMs` replaces a
 * missing `--to`.
 */
export function readRange(options: RangeOptions, timeZone: string, lastMs: number, usualToMs = lastMs): ReadRange {
  const zone = options.timeZone ?? timeZone;
  if (!isTimeZone(zone)) return wrong(`--time-zone: "${zone}" is not a time zone such as UTC or America/New_York`);
  const calendar = calendarOf(zone);
  const problems: string[] = [];
  const toMs = options.to === undefined ? usualToMs : namedHours('--to', options.to, calendar, lastMs, problems).at(-1);
  const from = options.from ?? (toMs === undefined ? undefined : calendar.dayOf(toMs));
  const fromMs = from === undefined ? undefined : namedHours('--from', from, calendar, lastMs, problems)[0];
  if (fromMs === undefined || toMs === undefined || problems.length > 0) return { kind: 'wrong', problems };
  const range = { fromMs, toMs: Math.min(toMs, lastMs) };
  const problem = rangeProblem(range, calendar, lastMs, options.to !== undefined);
  return problem === undefined ? { kind: 'range', range, calendar } : wrong(problem);
}

export function hoursIn({ fromMs, toMs }: HourRange): readonly number[] {
  return Array.from({ length: (toMs - fromMs) / hourMs + 1 }, (_, index) => fromMs + index * hourMs);
}

function wrong(problem: string): ReadRange {
  return { kind: 'wrong', problems: [problem] };
}

const dayShape = /^\d{4}-\d{2}-\d{2}$/;
const hourShape = /^\d{4}-\d{2}-\d{2}T\d{2}(?:Z|[+-]\d\d:\d\d)?$/;

/** The hours that `text` means, in order. When there are none, adds the problem to `problems`. */
function namedHours(
  option: string,
  text: string,
  calendar: Calendar,
  lastMs: number,
  problems: string[],
): readonly number[] {
  const hours = hoursMeant(text, calendar, lastMs);
  if (hours.length === 0) problems.push(`${option}: "${text}" ${problemOf(text, calendar)}`);
  return hours;
}

function hoursMeant(text: string, calendar: Calendar, lastMs: number): readonly number[] {
  const today = hoursOfDay(calendar.dayOf(lastMs), calendar);
  if (text === 'today') return today;
  if (text === 'yesterday') return hoursOfDay(calendar.dayOf((today[0] ?? lastMs) - hourMs), calendar);
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  if (count !== undefined) return [lastMs - (Number(count) * (unit === 'd' ? 24 : 1) - 1) * hourMs, lastMs];
  if (dayShape.test(text)) return hoursOfDay(text, calendar);
  return hourShape.test(text) ? hoursNamed(text, calendar) : [];
}

function problemOf(text: string, { timeZone }: Calendar): string {
  if (dayShape.test(text) || hourShape.test(text)) return `does not exist in ${timeZone}`;
  return 'is not a time such as 2026-11-23, 2026-11-23T05, today, yesterday, 24h or 7d';
}

const { daysMax } = limits.report;

function rangeProblem(range: HourRange, calendar: Calendar, lastMs: number, isToGiven: boolean): string | undefined {
  const { fromMs, toMs } = range;
  if (fromMs > lastMs) return `--from: is later than the current hour, ${calendar.hourOf(lastMs)}`;
  if (fromMs > toMs && isToGiven) return '--from: is after --to';
  if (fromMs > toMs) return `--from: is later than ${calendar.hourOf(toMs)}, the last hour of the range without --to`;
  if (toMs - fromMs >= daysMax * 24 * hourMs) return `--from: the range must have at most ${daysMax} days`;
  const off = hoursIn(range).find((hour) => calendar.minutesOff(hour) !== 0);
  if (off === undefined) return undefined;
  return `--time-zone: hours of ${calendar.timeZone} begin ${calendar.minutesOff(off)} minutes after hours of UTC, and figures are stored by hours of UTC: choose a zone whose offset from UTC is whole hours`;
}
