/**
 * What clocks show in a reporting time zone. The rules of the zones come with the JavaScript engine, which knows them as
 * the IANA database does; `Date` serves only as a calendar, and nothing reads the clock.
 */

/** Whether it is a name such as `Europe/Berlin` or `UTC`. */
export function isTimeZone(name: string): boolean {
  try {
    return formatterOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** How far the zone's clocks are ahead of UTC at a time, in minutes; throws a RangeError for what is no time zone. */
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
