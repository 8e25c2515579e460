import { deliveryStateKey } from '../../core/postbacks/delivery-keys.ts';
import {
  type Delivery,
  type DeliveryState,
  encodeDeliveryState,
  isLeased,
  isSameState,
  joined,
  type Lease,
  noDeliveries,
  parseDeliveryState,
} from '../../core/postbacks/delivery-state.ts';
import { type Found, LeftToNextRun, type NotifyRun } from './notify-run.ts';

const form = { encode: encodeDeliveryState, parse: parseDeliveryState };

export function readMinute(run: NotifyRun, minuteMs: number): Promise<Found<DeliveryState> | undefined> {
  return run.find(deliveryStateKey(minuteMs), parseDeliveryState);
}

/** Brings what home knows of a minute into the other region's copy. Tells whether that copy is complete now. */
export function copyMinute(run: NotifyRun, minuteMs: number, deliveries: readonly Delivery[]): Promise<boolean> {
  const state = { deliveries: new Map(deliveries.map((delivery) => [delivery.id, delivery])) };
  return run.updateAtPeer<DeliveryState>(deliveryStateKey(minuteMs), form, (before = noDeliveries) => {
    const after = joined(before, state);
    return isSameState(before, after) ? undefined : after;
  });
}

/**
 * Takes the lease on a minute. Undefined while another run has it, in this region or in the other one.
 *
 * The lease is written in home's bucket before the other region's copy is read. So of two regions that take the lease at
 * the same moment, at least one sees the other. A copy that cannot be read holds up nothing.
 */
export async function openMinute(
  run: NotifyRun,
  minuteMs: number,
  stored: Found<DeliveryState> | undefined,
): Promise<OpenMinute | undefined> {
  const state = stored?.value ?? noDeliveries;
  if (isLeased(state, run.owner, run.nowMs())) return undefined;
  const lease = { owner: run.owner, untilMs: Math.ceil(run.deadMs) };
  const key = deliveryStateKey(minuteMs);
  const etag = await run.swap(key, encodeDeliveryState({ ...state, lease }), stored?.etag);
  if (etag === undefined) return undefined;
  const minute = new OpenMinute(run, key, { state, lease, etag });
  const copy = await run.findAtPeer(key, parseDeliveryState);
  if (typeof copy !== 'object') return minute;
  if (isLeased(copy.value, run.owner, run.nowMs())) {
    await minute.release();
    return undefined;
  }
  minute.change((before) => joined(before, copy.value));
  return minute;
}

interface Leased {
  readonly state: DeliveryState;
  readonly lease: Lease;
  readonly etag: string;
}

/** A minute on which this run has the lease. */
export class OpenMinute {
  readonly #run: NotifyRun;
  readonly #key: string;
  readonly #lease: Lease;
  #deliveries: Map<string, Delivery>;
  #etag: string;
  #isLeased = true;
  #hasLost = false;
  #isWritten = true;
  #writing: Promise<void> = Promise.resolve();

  constructor(run: NotifyRun, key: string, { state, lease, etag }: Leased) {
    this.#run = run;
    this.#key = key;
    this.#lease = lease;
    this.#deliveries = new Map(state.deliveries);
    this.#etag = etag;
  }

  get deliveries(): readonly Delivery[] {
    return [...this.#deliveries.values()];
  }

  change(news: (before: DeliveryState) => DeliveryState): void {
    this.#deliveries = new Map(news({ deliveries: this.#deliveries }).deliveries);
    this.#isWritten = false;
  }

  put(delivery: Delivery): void {
    this.#deliveries.set(delivery.id, delivery);
    this.#isWritten = false;
  }

  /**
   * Writes what has changed. Calls that come while one is under way are served by the next one together. Throws a
   * LeftToNextRun when the write fails: nothing may then be sent for the minute any more.
   */
  commit(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Gives the lease back, with everything that has changed. */
  async release(): Promise<void> {
    this.#isLeased = false;
    this.#isWritten = false;
    await this.commit();
  }

  /** A write without an answer may have happened. Nobody knows then who has the lease, so the minute is lost. */
  async #write(): Promise<void> {
    if (this.#hasLost) throw new LeftToNextRun(`${this.#key} is lost to another run`);
    if (this.#isWritten) return;
    this.#isWritten = true;
    this.#hasLost = true;
    const state = { deliveries: this.#deliveries, ...(this.#isLeased && { lease: this.#lease }) };
    const etag = await this.#run.swap(this.#key, encodeDeliveryState(state), this.#etag);
    if (etag === undefined) throw new LeftToNextRun(`${this.#key} is lost to another run`);
    this.#etag = etag;
    this.#hasLost = false;
  }
}
