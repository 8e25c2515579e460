/**
 * The name of an hour of the log as commands print it and take it again: without the `Z` it would be read in the time
 * zone of reports.
 */
export function utcHour(hour: string): string {
  return `${hour}Z`;
}
