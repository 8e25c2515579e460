import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import type { QueueReceiver, ReceivedMessage } from '../../core/ports.ts';
import type { PlacingPorts } from '../../eventlog/place-segment.ts';
import { storeMessages } from '../store/store.ts';

const { intakeOldMs, intakeBatchMessagesMax, intakeBatchBytesMax, intakeReceivesAtOnceMax, queueBudgetMs } =
  limits.replay;
const { callMessagesMax } = limits.queue;

export interface StalledIntakeReport {
  readonly stored: number;
  /** How many of these had waited longer than `store` ever leaves them. */
  readonly rescued: number;
}

interface Batch {
  readonly messages: readonly ReceivedMessage[];
  /** How many are older than they would be if the pollers lived. */
  readonly old: number;
}

/**
 * Does the work of `store` without the event source mapping, whose pollers can die and stay dead (us-east-1,
 * 2025-10-20). Each run takes a few messages, so that this way is always in use. It goes on in large batches while the
 * messages are old. The mapping may live at the same time: SQS hands each message to one of the two.
 */
export async function pollStalledIntake(
  intake: QueueReceiver,
  ports: PlacingPorts,
  endMs: number,
): Promise<StalledIntakeReport> {
  const report = { stored: 0, rescued: 0 };
  let batch = await collect(intake, ports, endMs, callMessagesMax);
  while (batch.messages.length > 0) {
    const failed = await storeBatch(intake, batch.messages, ports);
    report.stored += batch.messages.length - failed;
    report.rescued += batch.old;
    if (batch.old > 0) ports.metrics.count(metrics.intakeRescued, batch.old);
    if (batch.old === 0 || failed > 0 || ports.clock.nowMs() >= endMs) break;
    batch = await collect(intake, ports, endMs, intakeBatchMessagesMax);
  }
  return report;
}

/** Receives until the batch is full, the queue is empty, the messages are young, or the time is over. */
async function collect(
  intake: QueueReceiver,
  { clock }: PlacingPorts,
  endMs: number,
  countMax: number,
): Promise<Batch> {
  const messages: ReceivedMessage[] = [];
  let old = 0;
  for (let bytes = 0; messages.length < countMax && bytes < intakeBatchBytesMax && clock.nowMs() < endMs; ) {
    const wave = await receiveWave(intake, countMax - messages.length);
    const oldInWave = wave.filter(({ sentAtMs }) => clock.nowMs() - sentAtMs > intakeOldMs).length;
    messages.push(...wave);
    old += oldInWave;
    bytes += wave.reduce((sum, { body }) => sum + body.length, 0);
    if (oldInWave === 0) break;
  }
  return { messages, old };
}

async function receiveWave(intake: QueueReceiver, countMax: number): Promise<readonly ReceivedMessage[]> {
  const calls = Math.min(intakeReceivesAtOnceMax, Math.ceil(countMax / callMessagesMax));
  const received = await inParallel(Array.from({ length: calls }), calls, () =>
    intake.receive(callMessagesMax, queueBudgetMs),
  );
  return received.flatMap((result) => (result.kind === 'ok' ? result.value : []));
}

/** Gives how many messages had to stay. These are visible again at once. */
async function storeBatch(
  intake: QueueReceiver,
  messages: readonly ReceivedMessage[],
  ports: PlacingPorts,
): Promise<number> {
  const failedIds = await storeMessages(messages, ports);
  const receipts = (wanted: (id: string) => boolean) =>
    messages.filter(({ id }) => wanted(id)).map(({ receipt }) => receipt);
  await Promise.all([
    intake.remove(
      receipts((id) => !failedIds.has(id)),
      queueBudgetMs,
    ),
    intake.release(
      receipts((id) => failedIds.has(id)),
      queueBudgetMs,
    ),
  ]);
  return failedIds.size;
}
