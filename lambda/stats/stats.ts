import type { SQSBatchResponse } from 'aws-lambda';
import { callOutcome, isTaken } from '../../core/call-outcome.ts';
import { encodePointer } from '../../core/figures/pointer.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { type LogKey, logKey } from '../../core/log/log-key.ts';
import { parseS3Notification } from '../../core/log/s3-notification.ts';
import { metrics } from '../../core/metrics.ts';
import type { Answer, QueueSender } from '../../core/ports.ts';
import { type Counted, type CountingPorts, countSegment, fetchSegment } from '../shared/count-segment.ts';
import { setPoisonAside } from '../shared/set-poison-aside.ts';
import { messagesOf, type QueuedMessage } from '../shared/sqs-event.ts';

const { runMs, getsAtOnceMax, owedBudgetMs } = limits.stats;

export interface StatsPorts extends CountingPorts {
  /** The stats failure queue. */
  readonly statsFailureQueue: QueueSender;
}

/**
 * `stats`: counts the segments that S3 tells of. A segment that cannot be counted now goes to the stats failure queue,
 * for `replay`. A corrupt segment goes to the dead-letter queue. A message stays in its queue only when neither queue
 * took it, or when the time was over. Throws only when the caller is no SQS event source mapping.
 */
export function createStats(ports: StatsPorts): (event: unknown) => Promise<SQSBatchResponse> {
  return async (event) => {
    const failed = await countMessages(messagesOf(event), ports);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** Ids of messages that must stay. */
async function countMessages(messages: readonly QueuedMessage[], ports: StatsPorts): Promise<readonly string[]> {
  const read = messages.map((message) => ({ ...message, notification: parseS3Notification(message.body) }));
  const keys = new Map<string, LogKey>();
  for (const { notification } of read) {
    for (const key of notification.kind === 'segments' ? notification.keys : []) keys.set(key.segmentId, key);
  }
  const settled = await countAll([...keys.values()], ports);
  const stays = await inParallel(read, getsAtOnceMax, async ({ id, body, notification }) => {
    const isDone =
      notification.kind === 'segments'
        ? notification.keys.every(({ segmentId }) => settled.has(segmentId))
        : await setPoisonAside(ports.deadLetters, body, notification.reason, ports);
    return isDone ? [] : [id];
  });
  return stays.flat();
}

/**
 * Gives the ids of segments that are counted, owed or set aside. They are read at once and counted one after the other,
 * because segments of one hour compete for the same rows. Once the table is ill, the rest is owed without a try.
 */
async function countAll(keys: readonly LogKey[], ports: StatsPorts): Promise<ReadonlySet<string>> {
  const endMs = ports.clock.nowMs() + runMs;
  const objects = await inParallel(keys, getsAtOnceMax, (key) => fetchSegment(key, ports));
  const settled = new Set<string>();
  let illness: Answer | undefined;
  for (const [index, key] of keys.entries()) {
    const object = objects[index];
    if (!object || ports.clock.nowMs() >= endMs) break;
    const counted: Counted = illness
      ? { kind: 'failed', at: 'table', answer: illness }
      : await countSegment(key, object, ports);
    if (counted.kind === 'failed' && counted.at === 'table' && isIll(counted.answer)) illness = counted.answer;
    if (await settle(key, counted, ports)) settled.add(key.segmentId);
  }
  return settled;
}

/** Collisions over a few rows say nothing about the next segment. */
function isIll(answer: Answer): boolean {
  const outcome = callOutcome(answer);
  return outcome === 'failing' || outcome === 'throttled';
}

async function settle(key: LogKey, counted: Counted, ports: StatsPorts): Promise<boolean> {
  switch (counted.kind) {
    case 'counted':
      return true;
    case 'gone':
      ports.log.warn('a segment was gone before it was counted', { key: logKey(key) });
      return true;
    case 'corrupt':
      return setAside(key, counted.reason, ports);
    case 'failed':
      return owe(key, counted, ports);
  }
}

async function setAside(key: LogKey, reason: string, ports: StatsPorts): Promise<boolean> {
  const isSetAside = await setPoisonAside(ports.deadLetters, encodePointer(key), reason, ports);
  if (isSetAside) ports.metrics.count(metrics.corruptSegments, 1);
  return isSetAside;
}

async function owe(key: LogKey, { at, answer }: Counted & { kind: 'failed' }, ports: StatsPorts): Promise<boolean> {
  const taken = isTaken(await ports.statsFailureQueue.send(encodePointer(key), owedBudgetMs));
  if (taken) ports.metrics.count(metrics.segmentsUncounted, 1);
  ports.log.warn('a segment is not counted', { key: logKey(key), at, owed: taken, ...answer });
  return taken;
}
