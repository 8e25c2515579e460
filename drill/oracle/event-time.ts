/** The UTC day of the time in the id. */
export function dayOf(eventId: string): string {
  return hourOfEvent(eventId).slice(0, 10);
}

/** The UTC hour of the time in the id, for example `2026-11-23T05`. */
export function hourOfEvent(eventId: string): string {
  return new Date(timeOfEvent(eventId)).toISOString().slice(0, 13);
}

/** The quarter of an hour of the time in the id, as the UTC minute in which it begins: `2026-11-23T05:15`. */
export function quarterOfEvent(eventId: string): string {
  return quarterAt(timeOfEvent(eventId));
}

/** The same of a time in ms since the epoch. */
export function quarterAt(timeMs: number): string {
  return new Date(timeMs - (timeMs % 900_000)).toISOString().slice(0, 16);
}

/** In ms since the epoch. */
export function timeOfEvent(eventId: string): number {
  return Number.parseInt(eventId.replaceAll('-', '').slice(0, 12), 16);
}
