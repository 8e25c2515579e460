import type { LoggedEvent } from '../event/event.ts';
import { competingKey } from '../figures/conversions.ts';

/** Of the conversions of one key in an hour, the earliest: the one that may count. */
export interface Leader {
  readonly key: string;
  readonly event: LoggedEvent;
}

/** Of each conversion key of an hour the earliest conversion, by the smallest id. */
export class Leaders {
  readonly #byKey = new Map<string, LoggedEvent>();

  get all(): readonly Leader[] {
    return [...this.#byKey].map(([key, event]) => ({ key, event }));
  }

  get count(): number {
    return this.#byKey.size;
  }

  /** The one of two that does not lead, so that it is a duplicate; undefined when there is none, or none of a key. */
  loserTo(event: LoggedEvent): { readonly competes: boolean; readonly loser?: LoggedEvent } {
    const key = competingKey(event);
    if (key === undefined) return { competes: false };
    const held = this.#byKey.get(key);
    if (held !== undefined && held.id < event.id) return { competes: true, loser: event };
    this.#byKey.set(key, event);
    return held === undefined ? { competes: true } : { competes: true, loser: held };
  }
}
