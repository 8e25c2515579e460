import type { Clock } from '../../core/ports.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { type Arrival, arrivals, type Load } from './arrivals.ts';
import {
  drawClick,
  drawConversion,
  drawImpression,
  drawRepeat,
  findTransactionId,
  type Link,
  type LinkSource,
  pathOf,
  type Transaction,
} from './links.ts';
import type { Send, SendResult } from './sender.ts';
import type { SentRecord } from './sent-record.ts';
import { TransactionPool } from './transaction-pool.ts';

/**
 * An open-loop load: each event is sent when it is due, even while earlier answers are slow, because people who click
 * do not wait for each other. All random choices come from the seed.
 */

export interface WorkloadPlan {
  readonly seed: number;
  readonly durationMs: number;
  /** The end of the duration, in which nothing is due. */
  readonly quietMs?: number;
  readonly load: Load;
  readonly links: LinkSource;
}

export interface Workload {
  /** Every event that has its final answer. Grows while the load runs. */
  readonly records: readonly SentRecord[];
  /**
   * Sends one more conversion, beside those of the load, and tries again like them. Resolves when it has its final
   * answer.
   */
  report(link: Link, send: Send): Promise<void>;
  /** How many events have no final answer yet, including conversions between two attempts. */
  underWay(): number;
  /** Resolves at the end of the load's duration. Some answers may still be missing. */
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
  /** The conversions that were sent, with their clicks. */
  readonly reported: { readonly link: Link; readonly transaction: Transaction }[];
  readonly records: SentRecord[];
}

/** A postback sender gives up after this many attempts. */
const conversionAttemptsMax = 6;
const retryAfterDefaultMs = 2_000;
const retryAfterMaxMs = 10_000;

export function startWorkload(plan: WorkloadPlan, clock: Clock, send: Send): Workload {
  // Conversions depend on when answers come. Random numbers of their own keep the clicks the same in every run.
  const conversionChance = seededChance(plan.seed + 1);
  const situation: Situation = {
    plan,
    clock,
    send,
    chance: seededChance(plan.seed),
    conversionChance,
    startMs: clock.nowMs(),
    pool: new TransactionPool(conversionChance),
    reported: [],
    records: [],
  };
  const underWay = new Set<Promise<void>>();
  const ended = release(situation, underWay);
  return {
    records: situation.records,
    report: (link, through) => sendConversion({ ...situation, send: through }, link, clock.nowMs() - situation.startMs),
    underWay: () => underWay.size,
    ended,
    answered: ended.then(async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    }),
  };
}

async function release(situation: Situation, underWay: Set<Promise<void>>): Promise<void> {
  const { plan, clock, startMs, pool, chance } = situation;
  for (const arrival of arrivals(plan.load, plan.durationMs - (plan.quietMs ?? 0), chance)) {
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

/** Few visitors, so that many of them click more than once in the drill. */
const visitors = { first: 100, count: 40 };

async function performClick(situation: Situation, arrival: Arrival): Promise<void> {
  const { plan, chance, pool } = situation;
  const link = drawClick(plan.links, chance);
  const visitor = visitors.first + Math.floor(chance() * visitors.count);
  const response = await situation.send(pathOf(link), visitor);
  const transactionId = findTransactionId(response.headers['location'] ?? response.body) ?? '';
  remember(situation, arrival, { link, visitor, transactionId, response, attempts: 1 });
  if (response.status > 0 && transactionId !== '') pool.add({ id: transactionId, click: link });
}

async function performImpression(situation: Situation, arrival: Arrival): Promise<void> {
  const link = drawImpression(situation.plan.links, situation.chance);
  remember(situation, arrival, { ...anonymous, link, response: await situation.send(pathOf(link)), attempts: 1 });
}

/** Sends nothing when no click was answered yet, because a conversion needs a transaction id. */
async function performConversion(situation: Situation, arrival: Arrival): Promise<void> {
  const waitedFromMs = situation.clock.nowMs();
  const link = await drawReport(situation);
  if (link === undefined) return;
  return sendConversion(situation, link, arrival.atMs + situation.clock.nowMs() - waitedFromMs);
}

async function sendConversion(situation: Situation, link: Link, atMs: number): Promise<void> {
  for (let attempts = 1; ; attempts += 1) {
    const response = await situation.send(pathOf(link));
    if (!wantsRetry(response) || attempts === conversionAttemptsMax)
      return remember(situation, { type: 'conversion', atMs }, { ...anonymous, link, response, attempts });
    await situation.clock.sleep(retryAfterMs(response));
  }
}

const anonymous = { visitor: 0, transactionId: '' };

/** A conversion of a click without one, or a repetition of an earlier conversion. */
async function drawReport({ plan, pool, reported, conversionChance }: Situation): Promise<Link | undefined> {
  const before = reported[Math.floor(conversionChance() * reported.length)];
  if (before !== undefined && conversionChance() < plan.load.repeats)
    return drawRepeat(before.link, before.transaction, plan.links, conversionChance);
  const transaction = await pool.take();
  if (transaction === undefined) return undefined;
  const link = drawConversion(transaction, plan.links, conversionChance);
  reported.push({ link, transaction });
  return link;
}

function wantsRetry({ status }: SendResult): boolean {
  return status === 0 || status >= 500;
}

function retryAfterMs({ headers }: SendResult): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) ? Math.min(seconds * 1_000, retryAfterMaxMs) : retryAfterDefaultMs;
}

interface Answered extends Pick<SentRecord, 'link' | 'visitor' | 'transactionId' | 'attempts'> {
  readonly response: SendResult;
}

function remember(situation: Situation, { type, atMs }: Arrival, { response, ...sent }: Answered): void {
  situation.records.push({
    type,
    ...sent,
    atMs,
    latencyMs: situation.clock.nowMs() - situation.startMs - atMs,
    status: response.status,
    error: response.error,
    rung: response.headers['x-keeptrack-captured'] ?? '',
    eventId: response.headers['x-keeptrack-event'] ?? '',
  });
}
