import type { LoggedEvent } from '../event/event.ts';
import { competingKey } from '../figures/conversions.ts';

/** The leader of a conversion key in an hour: its earliest conversion, the only one that may count. */
export interface Leader {
  readonly key: string;
  readonly event: LoggedEvent;
}

/** The leaders of an hour. The earliest conversion of a key is the one with the smallest id. */
export class Leaders {
  readonly #byKey = new Map<string, LoggedEvent>();

  get all(): readonly Leader[] {
    return [...this.#byKey].map(([key, event]) => ({ key, event }));
  }

  get count(): number {
    return this.#byKey.size;
  }

  /** Adds an event. `loser` is a duplicate: this event or the former leader. `competes` is false without a key. */
  loserTo(event: LoggedEvent): { readonly competes: boolean; readonly loser?: LoggedEvent } {
    const key = competingKey(event);
    if (key === undefined) return { competes: false };
    const held = this.#byKey.get(key);
    if (held !== undefined && held.id < event.id) return { competes: true, loser: event };
    this.#byKey.set(key, event);
    return held === undefined ? { competes: true } : { competes: true, loser: held };
  }
}
