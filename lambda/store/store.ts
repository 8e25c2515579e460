import type { SQSBatchResponse } from 'aws-lambda';
import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { type IntakeLines, readIntakeBody } from '../../core/log/intake.ts';
import { lineId, segmentsOf } from '../../core/log/segment.ts';
import type { StorageSwitchReader } from '../../eventlog/log-buckets.ts';
import { type PlacingPorts, placeSegment } from '../../eventlog/place-segment.ts';
import { setPoisonAside } from '../shared/set-poison-aside.ts';
import { messagesOf, type QueuedMessage } from '../shared/sqs-event.ts';

interface ReadMessage extends IntakeLines {
  readonly id: string;
}

/**
 * `store`: takes batches from the home intake queue. Messages that cannot be stored are reported one by one and come
 * back. Throws only when the caller is no SQS event source mapping.
 */
export function createStore(ports: PlacingPorts): (event: unknown) => Promise<SQSBatchResponse> {
  return async (event) => {
    const failed = await storeMessages(messagesOf(event), ports);
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/**
 * Stores the event lines of intake messages. Gives the ids of messages that must stay in the queue: those with an event
 * whose segment found no place, and those with poison that no dead-letter queue took.
 */
export async function storeMessages(
  messages: readonly QueuedMessage[],
  ports: PlacingPorts,
): Promise<ReadonlySet<string>> {
  await knowSwitch(ports.storage);
  const read = messages.map(({ id, body }) => ({ id, ...readIntakeBody(body) }));
  const [stranded, poisoned] = await Promise.all([placeLines(read, ports), setAllPoisonAside(read, ports)]);
  return new Set([...stranded, ...poisoned]);
}

/**
 * While the peer hangs, each read of the switch takes a second. So a batch does not wait for a read as long as the last
 * one is fresh. An environment that is frozen in between reads on in its next batch.
 */
async function knowSwitch(storage: StorageSwitchReader): Promise<void> {
  const reading = storage.refresh();
  if (!storage.isFresh()) await reading;
}

/** All segments at once: a batch is 6 MB at most, and nearly always of one hour. */
async function placeLines(messages: readonly ReadMessage[], ports: PlacingPorts): Promise<readonly string[]> {
  const segments = segmentsOf(messages.flatMap(({ lines }) => lines));
  const safe = await Promise.all(segments.map((segment) => placeSegment(segment, ports)));
  const lost = new Set(segments.flatMap(({ eventIds }, index) => (safe[index] ? [] : eventIds)));
  if (lost.size === 0) return [];
  return messages.filter(({ lines }) => lines.some((line) => lost.has(lineId(line)))).map(({ id }) => id);
}

/** Ids of messages with poison that is not in the dead-letter queue. */
async function setAllPoisonAside(messages: readonly ReadMessage[], ports: PlacingPorts): Promise<readonly string[]> {
  const { clock, targets } = ports;
  const endMs = clock.nowMs() + limits.store.poisonMs;
  const parts = messages.flatMap(({ id, poison }) => [...poison].map(([reason, lines]) => ({ id, reason, lines })));
  const kept = await inParallel(parts, limits.store.poisonAtOnceMax, async ({ id, reason, lines }) => {
    const isSetAside =
      clock.nowMs() < endMs && (await setPoisonAside(targets.deadLetters, lines.join('\n'), reason, ports));
    return isSetAside ? [] : [id];
  });
  return kept.flat();
}
