import { minuteMs } from '../log/log-key.ts';

/**
 * Reporting time zones. The rules come with the JavaScript engine, which has the IANA database. `Date` serves only as a
 * calendar here. Nothing reads the clock.
 */

/** Whether `name` is a time zone such as `Europe/Berlin` or `UTC`. */
export function isTimeZone(name: string): boolean {
  try {
    return formatterOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** By how many minutes the zone is ahead of UTC at a time. Throws a RangeError when `name` is no time zone. */
export function offsetMinutesIn(name: string): (timeMs: number) => number {
  const formatter = formatterOf(name);
  return (timeMs) => {
    const part = formatter.formatToParts(timeMs).find(({ type }) => type === 'timeZoneName');
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(part?.value ?? '') ?? [];
    return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}

/** Every zone changes its offset, and begins its days, at quarters of an hour of UTC. */
const quarterMs = 15 * minuteMs;

/**
 * The zone's day at a time: `2026-11-23`. The look-up of a zone's rules is slow, so the function remembers the quarter of
 * an hour that it was last asked for. Throws a RangeError when `name` is no time zone.
 */
export function dayIn(name: string): (timeMs: number) => string {
  return dayBy(offsetMinutesIn(name));
}

function dayBy(offsetMinutes: (timeMs: number) => number): (timeMs: number) => string {
  let known = { quarter: Number.NaN, day: '' };
  return (timeMs) => {
    const quarter = Math.floor(timeMs / quarterMs);
    if (quarter !== known.quarter) {
      const localMs = timeMs + offsetMinutes(timeMs) * minuteMs;
      known = { quarter, day: new Date(localMs).toISOString().slice(0, 10) };
    }
    return known.day;
  };
}

/**
 * The offsets of a zone from 2026 to 2040 as text, such as `0:-300,1969948:-240`: from which quarter of an hour since the
 * epoch the zone is ahead of UTC by how many minutes. `track` gets this text at deploy, because asking the engine for a
 * zone the first time takes 12 ms of CPU. Throws a RangeError when `name` is no time zone.
 */
export function zoneOffsets(name: string): string {
  const known = offsetTexts.get(name);
  if (known !== undefined) return known;
  const offsetMinutes = offsetMinutesIn(name);
  const offsetAt = (quarter: number) => offsetMinutes(quarter * quarterMs);
  let offset = offsetAt(tableStart);
  const entries = [`0:${offset}`];
  for (let quarter = tableStart; quarter < tableEnd; quarter += quartersOfDay) {
    if (offsetAt(quarter + quartersOfDay) === offset) continue;
    const change = firstChange(offsetAt, quarter, quarter + quartersOfDay);
    offset = offsetAt(change);
    entries.push(`${change}:${offset}`);
  }
  const text = entries.join();
  offsetTexts.set(name, text);
  return text;
}

const offsetTexts = new Map<string, string>();
const quartersOfDay = 96;
const tableStart = Date.UTC(2026, 0, 1) / quarterMs;
const tableEnd = Date.UTC(2041, 0, 1) / quarterMs;

/** The first quarter of an hour after `from` with another offset than `from`. `to` has another one. */
function firstChange(offsetAt: (quarter: number) => number, from: number, to: number): number {
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offsetAt(from)) before = middle;
    else after = middle;
  }
  return after;
}

/** The same as `dayIn` of the zone whose `zoneOffsets` the text is. Throws on any other text. */
export function dayByOffsets(text: string): (timeMs: number) => string {
  const entries = text.split(',').map((entry) => {
    const [, quarter, minutes] = /^(\d{1,9}):(-?\d{1,4})$/.exec(entry) ?? [];
    if (quarter === undefined) throw new Error(`offsets of a time zone are quarters and minutes, not "${entry}"`);
    return { fromMs: Number(quarter) * quarterMs, minutes: Number(minutes) };
  });
  return dayBy((timeMs) => entries.findLast(({ fromMs }) => fromMs <= timeMs)?.minutes ?? 0);
}

function formatterOf(name: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
}
