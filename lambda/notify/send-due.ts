import type { Postback } from '../../core/catalog/catalog.ts';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Attempt } from '../../core/postbacks/attempt-event.ts';
import { changed, type Delivery } from '../../core/postbacks/delivery-state.ts';
import { expandPostback, factsNeeded } from '../../core/postbacks/expand-postback.ts';
import type { PostbackRequest } from '../../core/postbacks/outcome.ts';
import { afterAttempt } from '../../core/postbacks/retry-schedule.ts';
import type { FoundFacts } from './find-facts.ts';
import { hostOf } from './host-lanes.ts';
import type { OpenMinute } from './open-minute.ts';
import type { RunWork } from './run-work.ts';

const { batchCount } = limits.notify;
const { factsWaitMs, factsPauseMs } = limits.postbacks;

/** Sends what is due of a minute, to all hosts side by side. Throws a LeftToNextRun once nothing is under way any more. */
export async function sendDue(work: RunWork, minute: OpenMinute, due: readonly Delivery[]): Promise<void> {
  const byHost = new Map<string, Delivery[]>();
  for (const delivery of due) {
    const host = hostOf(postbackOf(work, delivery.postbackId)?.url ?? '');
    const ofHost = byHost.get(host) ?? [];
    byHost.set(host, ofHost);
    ofHost.push(delivery);
  }
  const sent = await Promise.allSettled([...byHost.values()].map((ofHost) => sendToHost(work, minute, ofHost)));
  for (const one of sent) if (one.status === 'rejected') throw one.reason;
}

function postbackOf({ rules }: RunWork, postbackId: number): Postback | undefined {
  return rules.catalog.postbacks.get(postbackId);
}

async function sendToHost(work: RunWork, minute: OpenMinute, due: readonly Delivery[]): Promise<void> {
  for (let from = 0; from < due.length && !work.run.isOver; from += batchCount) {
    await sendBatch(work, minute, due.slice(from, from + batchCount));
  }
}

/**
 * The events of the attempts are sent before the minute's state says how the attempts ended. So every attempt that a
 * state knows has an event.
 */
async function sendBatch(work: RunWork, minute: OpenMinute, batch: readonly Delivery[]): Promise<void> {
  const facts = await factsOf(work, batch);
  const sent = await Promise.all(batch.map((delivery) => sendOne(work, delivery, facts)));
  const ended = sent.filter((one) => one !== undefined);
  for (const { delivery } of ended) minute.put(delivery);
  await work.tell(ended.flatMap(({ attempt }) => attempt ?? []));
  await minute.commit();
}

/** Most partners want the sub ids of the click alone. */
function factsOf(work: RunWork, batch: readonly Delivery[]): Promise<FoundFacts> {
  const wanted = batch.map(({ postbackId, line: { txn, clickAtMs, firstId } }) => {
    const { ofClick, ofReport } = factsNeeded(postbackOf(work, postbackId) ?? { url: '' });
    return {
      ...(ofReport && { conversionId: firstId }),
      ...(ofClick && txn !== undefined && { clickTxn: txn }),
      ...(ofClick && clickAtMs !== undefined && { clickAtMs }),
    };
  });
  return work.findFacts(wanted);
}

interface SentOne {
  readonly delivery: Delivery;
  /** Absent when nothing was sent. */
  readonly attempt?: Attempt;
}

/** Undefined when the delivery is left as it is. */
async function sendOne(work: RunWork, delivery: Delivery, found: FoundFacts): Promise<SentOne | undefined> {
  const { run, lanes } = work;
  const postback = postbackOf(work, delivery.postbackId);
  const { facts, unread } = found;
  const { firstId, txn = '' } = delivery.line;
  if (postback === undefined || unread.has(firstId) || unread.has(txn)) return undefined;
  if (waitsForFacts(delivery, postback, facts, run.nowMs())) {
    return { delivery: changed(delivery, { dueAtMs: run.nowMs() + factsPauseMs, last: 'click-not-known-yet' }) };
  }
  const outcome = await lanes.send(requestOf(work, postback, delivery, facts));
  if (outcome.kind === 'left') return undefined;
  const atMs = run.nowMs();
  const after = afterAttempt(delivery, outcome, atMs);
  return { delivery: after, attempt: { postback, delivery: after, outcome, atMs } };
}

/** A click can come to the log later than its conversion. Without its sub ids most partners could not use the postback. */
function waitsForFacts(
  { line, attempts }: Delivery,
  postback: Postback,
  facts: FoundFacts['facts'],
  nowMs: number,
): boolean {
  if (attempts > 0 || line.txn === undefined || facts.has(line.txn)) return false;
  if (!factsNeeded(postback).ofClick) return false;
  return nowMs - uuidTimeMs(line.standingId) < factsWaitMs;
}

function requestOf(
  { rules }: RunWork,
  postback: Postback,
  { id, line }: Delivery,
  facts: FoundFacts['facts'],
): PostbackRequest {
  const { firstId, standing, standingId, offerId, affiliateId, goalId, currency, payout, amount, txn } = line;
  const firing = {
    idempotencyId: id,
    standing,
    conversionId: firstId,
    ...(txn !== undefined && { transactionId: txn }),
    ...{ offerId, affiliateId, goalId, currency, payout },
    ...(amount !== undefined && { amount }),
    atMs: uuidTimeMs(firstId),
    reachedAtMs: uuidTimeMs(standingId),
    clickFacts: (txn !== undefined && facts.get(txn)) || {},
    reportFacts: facts.get(firstId) ?? {},
  };
  return expandPostback(postback, firing, rules.catalog);
}
