import type { Clock } from '../core/ports.ts';
import { seededChance } from '../core/seeded-chance.ts';
import { type Arrival, arrivals, type Load } from './arrivals.ts';
import { clickLink, conversionLink, impressionLink, type LinkIds, transactionIdIn } from './links.ts';
import type { SentRecord } from './record.ts';
import type { Response, Send } from './sender.ts';
import { TransactionPool } from './transaction-pool.ts';

/**
 * An open-loop load: each event is sent when it is due, however slow the answers to others are, as people do who click.
 * Everything that is drawn by lot comes from the seed.
 */

export interface WorkloadPlan {
  readonly seed: number;
  readonly durationMs: number;
  readonly load: Load;
  readonly ids: LinkIds;
}

export interface Workload {
  /** Grows while the load runs: every event that has its final answer. */
  readonly records: readonly SentRecord[];
  /** How many are on their way now, a conversion between two attempts included. */
  underWay(): number;
  /** Resolves at the end of the load's duration, when answers may still be on their way. */
  readonly ended: Promise<void>;
  /** Resolves when the last answer has come. */
  readonly answered: Promise<void>;
}

interface Situation {
  readonly plan: WorkloadPlan;
  readonly clock: Clock;
  readonly send: Send;
  readonly chance: () => number;
  readonly conversionChance: () => number;
  readonly startMs: number;
  readonly pool: TransactionPool;
  readonly records: SentRecord[];
}

/** A postback sender tries again this often when it is refused, and no more. */
const conversionAttemptsMax = 6;
const retryAfterDefaultMs = 2_000;
const retryAfterMaxMs = 10_000;

export function startWorkload(plan: WorkloadPlan, clock: Clock, send: Send): Workload {
  // Conversions draw when answers come, so they draw from lots of their own: the clicks stay the same from run to run.
  const conversionChance = seededChance(plan.seed + 1);
  const situation: Situation = {
    plan,
    clock,
    send,
    chance: seededChance(plan.seed),
    conversionChance,
    startMs: clock.nowMs(),
    pool: new TransactionPool(conversionChance),
    records: [],
  };
  const underWay = new Set<Promise<void>>();
  const ended = release(situation, underWay);
  return {
    records: situation.records,
    underWay: () => underWay.size,
    ended,
    answered: ended.then(async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    }),
  };
}

async function release(situation: Situation, underWay: Set<Promise<void>>): Promise<void> {
  const { plan, clock, startMs, pool, chance } = situation;
  for (const arrival of arrivals(plan.load, plan.durationMs, chance)) {
    await sleepUntil(clock, startMs + arrival.atMs);
    const task: Promise<void> = perform(situation, arrival).finally(() => underWay.delete(task));
    underWay.add(task);
  }
  await sleepUntil(clock, startMs + plan.durationMs);
  pool.close();
}

async function sleepUntil(clock: Clock, dueMs: number): Promise<void> {
  const waitMs = dueMs - clock.nowMs();
  if (waitMs > 0) await clock.sleep(waitMs);
}

async function perform(situation: Situation, arrival: Arrival): Promise<void> {
  switch (arrival.type) {
    case 'click':
      return performClick(situation, arrival);
    case 'impression':
      return performImpression(situation, arrival);
    case 'conversion':
      return performConversion(situation, arrival);
  }
}

async function performClick(situation: Situation, arrival: Arrival): Promise<void> {
  const response = await situation.send(clickLink(situation.plan.ids, situation.chance));
  remember(situation, arrival, response, 1);
  const transactionId = transactionIdIn(response.headers['location'] ?? response.body);
  if (response.status > 0 && transactionId !== undefined) situation.pool.add(transactionId);
}

async function performImpression(situation: Situation, arrival: Arrival): Promise<void> {
  remember(situation, arrival, await situation.send(impressionLink(situation.plan.ids, situation.chance)), 1);
}

/** A conversion that no click came before to is not sent at all: there is nothing that it could bring back. */
async function performConversion(situation: Situation, arrival: Arrival): Promise<void> {
  const waitedFromMs = situation.clock.nowMs();
  const transactionId = await situation.pool.take();
  if (transactionId === undefined) return;
  const due = { ...arrival, atMs: arrival.atMs + situation.clock.nowMs() - waitedFromMs };
  const link = conversionLink(transactionId, situation.conversionChance);
  for (let attempt = 1; ; attempt += 1) {
    const response = await situation.send(link);
    if (!wantsRetry(response) || attempt === conversionAttemptsMax) return remember(situation, due, response, attempt);
    await situation.clock.sleep(retryAfterMs(response));
  }
}

function wantsRetry({ status }: Response): boolean {
  return status === 0 || status >= 500;
}

function retryAfterMs({ headers }: Response): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) ? Math.min(seconds * 1_000, retryAfterMaxMs) : retryAfterDefaultMs;
}

function remember(situation: Situation, { type, atMs }: Arrival, response: Response, attempts: number): void {
  situation.records.push({
    type,
    atMs,
    latencyMs: situation.clock.nowMs() - situation.startMs - atMs,
    status: response.status,
    error: response.error,
    attempts,
    rung: response.headers['x-keeptrack-captured'] ?? '',
    eventId: response.headers['x-keeptrack-event'] ?? '',
  });
}
