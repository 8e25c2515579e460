import { createHash } from 'node:crypto';
import type { CatalogContent } from '../../core/catalog/catalog.ts';
import { encodePublications, publicationsKey } from '../../core/catalog/publications.ts';
import { catalogKey, makeSnapshot, parseSnapshot } from '../../core/catalog/snapshot.ts';
import { uuidV7 } from '../../core/event/uuid.ts';
import { digestOf } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { outboxKey } from '../../core/postbacks/outbox-key.ts';
import { encodeOutbox, type OutboxLine } from '../../core/postbacks/outbox-line.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { createNotify } from '../../lambda/notify/notify.ts';
import type { NotifyPorts } from '../../lambda/notify/notify-run.ts';
import { SimulatedTime } from '../../simulation/simulated-time.ts';
import { arrivalsAt, type LoadName } from '../capacity/loads.ts';
import { silentLog, silentMetrics } from '../world/bench-world.ts';
import { cappedCatalog } from '../world/capped-catalog.ts';
import { type BucketUse, bucketUse, FileObjects, fileBucket } from '../world/file-bucket.ts';

/** What `notify` of both regions does in a second of a load, besides looking up facts. */
export interface NotifyCalls {
  readonly runs: number;
  /** By wall clock, of all runs. */
  readonly runSeconds: number;
  readonly s3Puts: number;
  readonly s3Gets: number;
  readonly s3Lists: number;
  readonly messages: number;
  readonly messageBytes: number;
}

export interface NotifyOptions {
  readonly s3Ms: number;
  readonly sqsMs: number;
  readonly partnerMs: number;
}

export const notifyLoads = ['small', 'day'] as const satisfies readonly LoadName[];

const startMs = Date.UTC(2026, 10, 23, 5);
const minuteMs = 60_000;
/** By then the second region looks at what the first one told 15 minutes before. */
const warmMinutes = 17;
const countedMinutes = 4;

/**
 * Runs the real `notify` of both regions, with one postback to one partner for each conversion. Each fold of a minute
 * leaves an object in both outboxes: half of the conversions of a minute are folded with the next one.
 */
export async function countNotify(load: (typeof notifyLoads)[number], options: NotifyOptions): Promise<NotifyCalls> {
  const world = new TwoRegions(options);
  try {
    let begin = world.totals();
    for (let minute = 1; minute <= warmMinutes + countedMinutes; minute += 1) {
      if (minute === warmMinutes + 1) begin = world.totals();
      await world.minute(startMs + minute * minuteMs, arrivalsAt(load).home.conversionsPerSecond);
    }
    const end = world.totals();
    const each = Object.entries(end).map(([name, total]) => {
      return [name, (total - begin[name as keyof NotifyCalls]) / (countedMinutes * 60)];
    });
    return Object.fromEntries(each) as unknown as NotifyCalls;
  } finally {
    world.remove();
  }
}

interface BenchRegion {
  readonly name: string;
  readonly objects: FileObjects;
  readonly use: BucketUse;
}

class TwoRegions {
  readonly #time = new SimulatedTime(startMs);
  readonly #options: NotifyOptions;
  readonly #regions: readonly [BenchRegion, BenchRegion];
  readonly #notify: readonly ReturnType<typeof createNotify>[];
  readonly #random = seededChance(5);
  #conversions = 0;
  #sums = { runs: 0, runSeconds: 0, messages: 0, messageBytes: 0 };

  constructor(options: NotifyOptions) {
    this.#options = options;
    this.#regions = [newRegion('us-east-1'), newRegion('us-west-2')];
    for (const { objects } of this.#regions) publish(objects);
    const [first, second] = this.#regions;
    this.#notify = [this.#ports(first, second), this.#ports(second, first)].map(createNotify);
  }

  totals(): NotifyCalls {
    const sum = (value: (use: BucketUse) => number) => this.#regions.reduce((all, { use }) => all + value(use), 0);
    const s3 = { s3Puts: sum(({ puts }) => puts), s3Gets: sum(({ gets }) => gets), s3Lists: sum(({ lists }) => lists) };
    return { ...this.#sums, ...s3 };
  }

  /** Folds what came until `endMs`, and lets both regions tell of it. */
  async minute(endMs: number, conversionsPerSecond: number): Promise<void> {
    await this.#time.pass(Math.max(0, endMs - this.#time.nowMs()));
    for (const minuteStartMs of [endMs - 2 * minuteMs, endMs - minuteMs]) {
      this.#fold(minuteStartMs, Math.round(conversionsPerSecond * 30));
    }
    await this.#time.until(Promise.all(this.#notify.map((notify) => this.#timed(notify))));
  }

  async #timed(notify: ReturnType<typeof createNotify>): Promise<void> {
    const beganAtMs = this.#time.nowMs();
    await notify({ task: 'notify' }, limits.notify.timeoutSeconds * 1_000);
    this.#sums.runs += 1;
    this.#sums.runSeconds += (this.#time.nowMs() - beganAtMs) / 1_000;
  }

  #fold(minuteStartMs: number, count: number): void {
    const lines = Array.from({ length: count }, (_, index): OutboxLine => {
      this.#conversions += 1;
      const random = createHash('sha256').update(`${this.#conversions}`).digest();
      const firstId = uuidV7(minuteStartMs + (index % minuteMs), random);
      const ids = { key: digestOf([firstId]), firstId, standingId: firstId };
      return { ...ids, standing: 'approved', offerId: 15, affiliateId: 2, goalId: 0, currency: 'USD', payout: '2.50' };
    });
    const key = outboxKey({
      writtenAtMs: this.#time.nowMs(),
      minuteMs: minuteStartMs,
      name: digestOf([`${this.#conversions}`]),
    });
    for (const { objects } of this.#regions) objects.put(key, encodeOutbox(lines));
  }

  #ports(home: BenchRegion, peer: BenchRegion): NotifyPorts {
    const { s3Ms, sqsMs, partnerMs } = this.#options;
    const bucketOf = ({ name, objects, use }: BenchRegion) => {
      return { name, bucket: fileBucket(objects, use, () => this.#time.sleep(s3Ms)) };
    };
    const queue = {
      send: async (body: string) => {
        await this.#time.sleep(sqsMs);
        this.#sums.messages += 1;
        this.#sums.messageBytes += body.length;
        return { status: 200, code: '' };
      },
    };
    return {
      ...{ clock: this.#time, metrics: silentMetrics, log: silentLog, hasPostbacks: true },
      isPrimary: home === this.#regions[0],
      buckets: { home: bucketOf(home), peer: bucketOf(peer) },
      intake: { home: queue, peer: queue },
      regions: { home: home.name, peer: peer.name },
      random: { bytes: (length) => Uint8Array.from({ length }, () => Math.floor(this.#random() * 256)) },
      send: async () => {
        await this.#time.sleep(partnerMs);
        return { kind: 'delivered', status: 200, ms: partnerMs };
      },
      openFacts: () => async () => ({ facts: new Map(), unread: new Set() }),
    };
  }

  remove(): void {
    for (const { objects } of this.#regions) objects.remove();
  }
}

function newRegion(name: string): BenchRegion {
  return { name, objects: new FileObjects(), use: bucketUse() };
}

function publish(objects: FileObjects): void {
  const parsed = parseSnapshot(Buffer.from(cappedCatalog()).toString());
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  const url = 'https://partner.example/in?click={aff_click_id}&amount={payout}&id={idempotency_id}';
  const postback = {
    id: 1,
    affiliate_id: 0,
    offer_id: 0,
    url,
    method: 'GET',
    on: ['approved'],
    status: 'active',
  } as const;
  const content: CatalogContent = { ...parsed.content, postbacks: [postback] };
  const { text, version } = makeSnapshot(content);
  objects.put(catalogKey, Buffer.from(text));
  objects.put(publicationsKey, encodePublications([{ version, atMs: startMs - 3_600_000, by: 'bench' }]));
}
