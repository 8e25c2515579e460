import type { LoggedEvent } from '../../core/event/event.ts';

/** The events of conversions could not be read as a whole. The message names the reason. */
export class ConversionsUnreadable extends Error {}

/** Finds the events of conversions. Each method throws a ConversionsUnreadable when it cannot read everything. */
export interface ConversionSource {
  /** Events of conversions and adjustments with these ids; those that were captured some minutes ago at the latest. */
  withIds(ids: ReadonlySet<string>): Promise<readonly LoggedEvent[]>;
  /** By key, all events of these conversions. `firsts`: by key, the id of the first report. */
  ofKeys(firsts: ReadonlyMap<string, string>): Promise<EventsByKey>;
  /**
   * Hands over all events of the conversions whose first report was captured in these hours, some conversions at once.
   * Starts of hours, sorted. Memory need not hold all conversions of a month.
   */
  ofHours(hours: readonly number[], take: (events: EventsByKey) => void): Promise<void>;
  /** The adjustments of days that begin in these hours. Starts of hours, sorted. */
  adjustmentsOf(hours: readonly number[]): Promise<readonly LoggedEvent[]>;
}

export type EventsByKey = ReadonlyMap<string, readonly LoggedEvent[]>;
