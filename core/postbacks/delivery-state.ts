import { gunzipSync, gzipSync } from 'node:zlib';
import { compareTexts } from '../event/event.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import type { Firing } from './firing.ts';
import { isOutboxLine } from './outbox-line.ts';

/**
 * How far the postbacks of one minute are: of the conversions whose first reports are in it. Each region has a copy in
 * its bucket. A run takes a lease on the copy of its own region before it sends anything.
 */
export interface DeliveryState {
  /** By the firing's id. */
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly lease?: Lease;
}

export interface Lease {
  /** Names the run. */
  readonly owner: string;
  /** The run has ended by then, whatever happens: ms since the epoch. */
  readonly untilMs: number;
}

/**
 * `due`: to be sent from `dueAtMs` on. `failed`: given up, or the postback is suspended. `skipped`: the conversion's
 * standing changed before the partner could be told.
 */
type DeliveryStatus = 'due' | 'delivered' | 'failed' | 'skipped';

export interface Delivery extends Firing {
  readonly status: DeliveryStatus;
  readonly dueAtMs: number;
  /** Attempts that ended. */
  readonly attempts: number;
  /** Counts changes. Of two copies the one with more changes is newer. */
  readonly changes: number;
  /** How the last attempt ended, or why there is none: a word and perhaps an HTTP status. */
  readonly last?: string;
  readonly lastAtMs?: number;
}

export const noDeliveries: DeliveryState = { deliveries: new Map() };

/** Whether another run than `owner` holds the state. */
export function isLeased({ lease }: DeliveryState, owner: string, nowMs: number): boolean {
  return lease !== undefined && lease.owner !== owner && lease.untilMs > nowMs;
}

/**
 * What two copies know together, with the lease of the first. A delivery that one copy knows to be delivered is
 * delivered. Else the copy with more changes is right. The order of the copies does not matter for the deliveries.
 */
export function joined(one: DeliveryState, other: DeliveryState): DeliveryState {
  const deliveries = new Map(one.deliveries);
  for (const [id, delivery] of other.deliveries) {
    const held = deliveries.get(id);
    if (held === undefined || isNewer(delivery, held)) deliveries.set(id, delivery);
  }
  return { ...one, deliveries };
}

function isNewer(one: Delivery, other: Delivery): boolean {
  const isDelivered = ({ status }: Delivery) => Number(status === 'delivered');
  const order =
    isDelivered(one) - isDelivered(other) ||
    one.changes - other.changes ||
    compareTexts(JSON.stringify(one), JSON.stringify(other));
  return order > 0;
}

/** Whether two copies know the same of their deliveries, when one comes from the other: what changes is made anew. */
export function isSameState(before: DeliveryState, after: DeliveryState): boolean {
  if (before.deliveries.size !== after.deliveries.size) return false;
  return [...after.deliveries].every(([id, delivery]) => before.deliveries.get(id) === delivery);
}

/** A delivery with what is new. Each change has a number, so that copies can be told apart. */
export function changed(delivery: Delivery, news: Partial<Omit<Delivery, 'id' | 'changes'>>): Delivery {
  return { ...delivery, ...news, changes: delivery.changes + 1 };
}

export function encodeDeliveryState({ deliveries, lease }: DeliveryState): Uint8Array {
  const sorted = [...deliveries.values()].sort((one, other) => compareTexts(one.id, other.id));
  return gzipSync(JSON.stringify({ v: 1, ...(lease && { lease }), deliveries: sorted }));
}

/** Undefined when the bytes are no such state. */
export function parseDeliveryState(gzip: Uint8Array): DeliveryState | undefined {
  const { v, lease, deliveries } = parseObject(unpacked(gzip)) ?? {};
  if (v !== 1 || !Array.isArray(deliveries) || !deliveries.every(isDelivery)) return undefined;
  const byId = new Map(deliveries.map((delivery: Delivery) => [delivery.id, delivery]));
  return { deliveries: byId, ...(isLease(lease) && { lease }) };
}

function unpacked(gzip: Uint8Array): string {
  try {
    return gunzipSync(gzip, { maxOutputLength: limits.notify.objectBytesMax }).toString();
  } catch {
    return '';
  }
}

const statuses: readonly unknown[] = ['due', 'delivered', 'failed', 'skipped'] satisfies DeliveryStatus[];

function isDelivery(value: unknown): value is Delivery {
  const { id, postbackId, line, status, dueAtMs, attempts, changes } = (value ?? {}) as Partial<Delivery>;
  const isCounted = [postbackId, dueAtMs, attempts, changes].every(Number.isFinite);
  return typeof id === 'string' && isOutboxLine(line) && statuses.includes(status) && isCounted;
}

function isLease(value: unknown): value is Lease {
  const { owner, untilMs } = (value ?? {}) as Partial<Lease>;
  return typeof owner === 'string' && Number.isFinite(untilMs);
}
