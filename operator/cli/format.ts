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
