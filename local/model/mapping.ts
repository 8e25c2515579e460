import type { SQSEvent } from 'aws-lambda';
import type { MappingTemplate } from '../template/region-template.ts';
import { failedItems } from './item-failures.ts';
import { Batch } from './mapping-batch.ts';
import type { Queue } from './queue.ts';
import type { HandedMessage } from './queue-message.ts';
import type { ModelTime } from './time.ts';

/**
 * An event source mapping on an SQS queue: it gathers batches, invokes the function, and deletes the messages that
 * succeeded. A message that failed stays in the queue, invisible until its visibility time-out ends.
 *
 * One batch is gathered at a time, while several invocations can run. AWS gathers with several pollers at once, so its
 * batches are smaller when few messages arrive.
 *
 * Not modelled:
 * - AWS starts with a few pollers and adds more. Here `concurrencyMax` applies at once.
 * - The exact back-off after failures. Here the next batch waits a second.
 * - Filters and provisioned pollers.
 */

export type MappingSettings = Omit<MappingTemplate, 'logicalId'>;

/** `payload` is the function's answer as JSON text, empty when it returned nothing. */
export type InvocationOutcome =
  | { readonly kind: 'done'; readonly payload: string }
  | { readonly kind: 'failed' }
  | { readonly kind: 'throttled' };

export interface MappingWorld {
  readonly queue: Queue;
  /** For the batch window and for the pause after a failure. The queue has its own time. */
  readonly time: ModelTime;
  readonly invoke: (event: SQSEvent) => Promise<InvocationOutcome>;
  /** Called before each call to the queue, for counts and faults. False = the call fails. Absent = every call succeeds. */
  readonly attempt?: (action: PollerAction) => boolean;
}

export type PollerAction = 'ReceiveMessage' | 'DeleteMessageBatch';

/** One period of polling, from start or resume to pause or stop. */
interface Session {
  isOver: boolean;
  /** Aborted when the batch window ends, and when the session ends. */
  waiting: AbortController;
  /** Received messages that did not fit into the last batch. */
  carried: readonly HandedMessage[];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html: Lambda starts with five batches at a time. */
const concurrencyDefault = 5;
/** SQS's maximum for one receive and for one batch of deletes. */
const callMessagesMax = 10;
/** The maximum: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const longPollMs = 20_000;
const troublePauseMs = 1_000;

export class Mapping {
  readonly settings: MappingSettings;
  readonly #world: MappingWorld;
  readonly #running = new Set<Promise<void>>();
  #session: Session | undefined;
  #isTroubled = false;

  constructor(settings: MappingSettings, world: MappingWorld) {
    this.settings = settings;
    this.#world = world;
  }

  /** Starts to poll, also after a pause. Does nothing while the mapping polls. */
  resume(): void {
    if (this.#session) return;
    this.#session = { isOver: false, waiting: new AbortController(), carried: [] };
    void this.#poll(this.#session);
  }

  /**
   * Stops the pollers. Messages that they gathered stay invisible until their visibility time-out ends. Running
   * invocations go on to their end.
   */
  pause(): void {
    if (!this.#session) return;
    this.#session.isOver = true;
    this.#session.waiting.abort();
    this.#session = undefined;
  }

  /** Pauses. Resolves when the last invocation has ended. */
  async stop(): Promise<void> {
    this.pause();
    await Promise.all(this.#running);
  }

  async #poll(session: Session): Promise<void> {
    while (!session.isOver) {
      await this.#freePlace();
      if (this.#isTroubled) await this.#rest();
      const batch = await this.#gather(session);
      if (!session.isOver && batch.messages.length > 0) this.#launch(batch);
    }
  }

  async #freePlace(): Promise<void> {
    while (this.#running.size >= (this.settings.concurrencyMax ?? concurrencyDefault)) {
      await Promise.race(this.#running);
    }
  }

  async #rest(): Promise<void> {
    this.#isTroubled = false;
    await new Promise<void>((resolve) => this.#world.time.after(troublePauseMs, resolve));
  }

  /** Returns an empty batch when one long poll brings nothing. The batch window opens with the first message. */
  async #gather(session: Session): Promise<Batch> {
    const batch = new Batch(this.settings.batchSize, this.settings.queueArn);
    session.carried = batch.add(session.carried);
    if (batch.messages.length === 0) await this.#receiveInto(batch, session);
    if (batch.messages.length === 0 || session.isOver) return batch;

    const window = new AbortController();
    session.waiting = window;
    const closeWindow = this.#world.time.after(this.settings.windowSeconds * 1_000, () => window.abort());
    while (this.settings.windowSeconds > 0 && batch.room > 0 && !window.signal.aborted) {
      await this.#receiveInto(batch, session);
    }
    closeWindow();
    if (!session.isOver) session.waiting = new AbortController();
    return batch;
  }

  async #receiveInto(batch: Batch, session: Session): Promise<void> {
    if (this.#world.attempt?.('ReceiveMessage') === false) return this.#rest();
    const countMax = Math.min(callMessagesMax, batch.room);
    const outcome = await this.#world.queue.wait({ countMax }, longPollMs, session.waiting.signal);
    if (outcome.kind === 'received') session.carried = [...session.carried, ...batch.add(outcome.messages)];
  }

  #launch(batch: Batch): void {
    const running = this.#handle(batch).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #handle({ messages, records }: Batch): Promise<void> {
    const outcome = await this.#world.invoke({ Records: records });
    if (outcome.kind !== 'done') {
      this.#isTroubled = true;
      return;
    }
    const ids = messages.map(({ id }) => id);
    const failed = this.settings.reportsItemFailures ? failedItems(outcome.payload, ids) : new Set();
    this.#delete(messages.filter(({ id }) => !failed.has(id)));
  }

  /** A message whose delete fails is delivered again. */
  #delete(messages: readonly HandedMessage[]): void {
    for (let start = 0; start < messages.length; start += callMessagesMax) {
      if (this.#world.attempt?.('DeleteMessageBatch') === false) continue;
      for (const { receipt } of messages.slice(start, start + callMessagesMax)) this.#world.queue.delete(receipt);
    }
  }
}
