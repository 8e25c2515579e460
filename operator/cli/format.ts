/** How commands write counts, durations and times for people. */

/** `1 offer`, `2 offers` */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** `4 s`, `12 min`, `3 h 20 min`, `13 d 4 h` */
export function ageText(durationSeconds: number): string {
  const minutes = Math.floor(durationSeconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 1) return `${Math.floor(durationSeconds)} s`;
  if (hours < 1) return `${minutes} min`;
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `2026-11-23 05:10:00 UTC` */
export function utcText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/**
 * The name of an hour of the log. Commands print it and take it as an argument. The `Z` is needed: a name without it is
 * read in the time zone of reports.
 */
export function utcHour(hour: string): string {
  return `${hour}Z`;
}

/** `12.3 MB`: powers of 1,000, as AWS bills them. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1_000 ** power).toFixed(1)} ${units[power]}`;
}
