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

function formatterOf(name: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
}
