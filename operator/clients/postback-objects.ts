import { S3Client } from '@aws-sdk/client-s3';
import { answerText, callOutcome, isOvertaken } from '../../core/call-outcome.ts';
import { logBucketName } from '../../core/config/resource-names.ts';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { minuteMs, minuteStart } from '../../core/log/log-key.ts';
import type { Bucket, Clock } from '../../core/ports.ts';
import { deliveryHourPrefix, deliveryStateKey } from '../../core/postbacks/delivery-keys.ts';
import {
  type Delivery,
  type DeliveryState,
  joined,
  noDeliveries,
  parseDeliveryState,
} from '../../core/postbacks/delivery-state.ts';
import { type HealthBook, healthKey, joinedBooks, parseHealthBook } from '../../core/postbacks/suspension.ts';
import { listWhole } from '../../eventlog/list-hour.ts';
import { s3Bucket } from '../../lambda/aws/s3-bucket.ts';
import type { Deployment } from './deployment.ts';

/** One region's log bucket, as far as postbacks need it. */
export interface PostbackBucket {
  readonly region: string;
  readonly bucket: Pick<Bucket, 'get' | 'list' | 'replace'>;
}

/** No region tells what is asked, or none takes a change. The message says why, for people. */
export class PostbacksFailure extends Error {}

const { lookMs, pollMs } = limits.operator;

/** A run of `notify` has ended by then, and the next one as well. */
const heldMs = 2 * limits.notify.timeoutSeconds * 1_000;

/** Opens the buckets of both regions for `use`, the primary's first, and closes them afterwards. */
export async function withPostbackBuckets<T>(
  { config, regions, clientOptions }: Deployment,
  use: (buckets: readonly PostbackBucket[]) => Promise<T>,
): Promise<T> {
  const opened = regions.map((region) => ({ region, client: new S3Client(clientOptions(region)) }));
  try {
    return await use(
      opened.map(({ region, client }) => ({ region, bucket: s3Bucket(client, logBucketName(config, region)) })),
    );
  } finally {
    for (const { client } of opened) client.destroy();
  }
}

/** What the readable copies of a minute's state know together. Throws a PostbacksFailure when no region answers. */
async function readDeliveries(buckets: readonly PostbackBucket[], minuteMs: number): Promise<DeliveryState> {
  const copies = await readCopies(buckets, deliveryStateKey(minuteMs), parseDeliveryState);
  return copies.reduce<DeliveryState>(joined, noDeliveries);
}

/** `firstId`: event id of the conversion's first report. */
export async function deliveriesAt(
  buckets: readonly PostbackBucket[],
  key: string,
  firstId: string,
): Promise<readonly Delivery[]> {
  const { deliveries } = await readDeliveries(buckets, minuteStart(uuidTimeMs(firstId)));
  const ofKey = [...deliveries.values()].filter(({ line }) => line.key === key);
  return ofKey.sort((one, other) => (one.line.standingId < other.line.standingId ? -1 : 1));
}

/** The states of all minutes of an hour that have one. */
export async function readDeliveriesOfHour(
  buckets: readonly PostbackBucket[],
  hourStartMs: number,
): Promise<readonly DeliveryState[]> {
  const bounds = { pagesMax: 1, pageBudgetMs: lookMs };
  const prefix = deliveryHourPrefix(hourStartMs);
  const listed = await Promise.all(buckets.map(({ bucket }) => listWhole(bucket, prefix, bounds)));
  const reasons = listed.flatMap((one) => (one.kind === 'failed' ? [answerText(one.answer)] : []));
  if (reasons.length === buckets.length)
    throw new PostbacksFailure(`no region lists ${prefix} (${reasons.join('; ')})`);
  const keys = new Set(listed.flatMap((one) => (one.kind === 'ok' ? one.value.map(({ key }) => key) : [])));
  const minutes = Array.from({ length: 60 }, (_, minute) => hourStartMs + minute * minuteMs);
  const known = minutes.filter((startMs) => keys.has(deliveryStateKey(startMs)));
  return inParallel(known, readsAtOnce, (startMs) => readDeliveries(buckets, startMs));
}

const readsAtOnce = 16;

/** The same of the health of all postbacks. */
export async function readHealthBooks(buckets: readonly PostbackBucket[]): Promise<HealthBook> {
  const copies = await readCopies(buckets, healthKey, parseHealthBook);
  return copies.reduce<HealthBook>(joinedBooks, new Map());
}

async function readCopies<T>(
  buckets: readonly PostbackBucket[],
  key: string,
  parse: (bytes: Uint8Array) => T | undefined,
): Promise<readonly T[]> {
  const read = await Promise.all(buckets.map(({ bucket }) => bucket.get(key, lookMs)));
  const copies: T[] = [];
  const reasons: string[] = [];
  for (const [index, one] of read.entries()) {
    if (one.kind === 'failed' && callOutcome(one.answer) === 'missing') continue;
    const value = one.kind === 'ok' ? parse(one.value.body) : undefined;
    const reason = one.kind === 'ok' ? 'it cannot be understood' : answerText(one.answer);
    if (value === undefined) reasons.push(`${buckets[index]?.region}: ${reason}`);
    else copies.push(value);
  }
  if (reasons.length === buckets.length) throw new PostbacksFailure(`no region tells ${key} (${reasons.join('; ')})`);
  return copies;
}

export interface Change<T> {
  readonly key: string;
  readonly encode: (value: T) => Uint8Array;
  readonly parse: (bytes: Uint8Array) => T | undefined;
  /** Whether somebody works with the copy, so that it has to be left alone for now. Absent = never. */
  readonly isHeld?: (before: T | undefined) => boolean;
  readonly change: (before: T | undefined) => T;
}

export interface Changed {
  /** Whether at least one region took the change. */
  readonly isTaken: boolean;
  /** The regions whose copy could not be changed, each with the reason. */
  readonly failed: readonly string[];
}

/** Changes each region's copy. Waits for those who hold one, but not for ever. */
export async function changeCopies<T>(
  buckets: readonly PostbackBucket[],
  change: Change<T>,
  clock: Clock,
): Promise<Changed> {
  const reasons = await Promise.all(buckets.map((one) => changeCopy(one, change, clock)));
  const failed = reasons.flatMap((reason, index) => (reason ? [`${buckets[index]?.region}: ${reason}`] : []));
  return { isTaken: failed.length < buckets.length, failed };
}

/** `notify` changes the same objects, so another writer may be faster several times. Undefined = changed. */
async function changeCopy<T>(copy: PostbackBucket, change: Change<T>, clock: Clock): Promise<string | undefined> {
  const untilMs = clock.nowMs() + heldMs;
  let swaps = 0;
  while (swaps < limits.notify.swapsMax) {
    const tried = await tryChange(copy, change);
    if (tried === 'changed') return undefined;
    if (tried === 'overtaken') swaps += 1;
    else if (tried !== 'held') return tried.reason;
    else if (clock.nowMs() >= untilMs) return `notify works on ${change.key} all the time`;
    else await clock.sleep(pollMs);
  }
  return `others change ${change.key} all the time`;
}

async function tryChange<T>(
  { bucket }: PostbackBucket,
  { key, encode, parse, change, isHeld }: Change<T>,
): Promise<'changed' | 'overtaken' | 'held' | { readonly reason: string }> {
  const read = await bucket.get(key, lookMs);
  if (read.kind === 'failed' && callOutcome(read.answer) !== 'missing') return { reason: answerText(read.answer) };
  const found = read.kind === 'ok' ? read.value : undefined;
  const before = found && parse(found.body);
  if (found && before === undefined) return { reason: `${key} cannot be understood` };
  if (isHeld?.(before)) return 'held';
  const replaced = await bucket.replace(key, encode(change(before)), found?.etag, lookMs);
  if (replaced.kind === 'ok') return 'changed';
  return isOvertaken(replaced.answer) ? 'overtaken' : { reason: answerText(replaced.answer) };
}
