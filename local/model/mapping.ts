import type { SQSEvent } from 'aws-lambda';
import type { MappingTemplate } from '../template/region-template.ts';
import { failedItems } from './item-failures.ts';
import { Batch } from './mapping-batch.ts';
import type { Queue } from './queue.ts';
import type { HandedMessage } from './queue-message.ts';
import type { ModelTime } from './time.ts';

/**
 * An event source mapping on an SQS queue: gathers batches, invokes the function, deletes what it dealt with. What
 * failed stays in the queue until its visibility ends. One batch is gathered at a time and several can be under way;
 * AWS gathers with several pollers at once, so that its batches are smaller when little comes in.
 *
 * Not modelled: growth to more than the first pollers (`concurrencyMax` is used at once), the exact backing off after
 * failures (here the next batch waits a second), filters, provisioned pollers.
 */

export type MappingSettings = Omit<MappingTemplate, 'logicalId'>;

/** `payload` is the function's answer as JSON text, empty when it returned nothing. */
export type InvocationOutcome =
  | { readonly kind: 'done'; readonly payload: string }
  | { readonly kind: 'failed' }
  | { readonly kind: 'throttled' };

export interface MappingWorld {
  readonly queue: Queue;
  /** For the batch window and for pauses after trouble; the queue has a time of its own. */
  readonly time: ModelTime;
  readonly invoke: (event: SQSEvent) => Promise<InvocationOutcome>;
  /** Asked before each call to the queue, whether it goes through; absent = all do. For counts and faults. */
  readonly attempt?: (action: PollerAction) => boolean;
}

export type PollerAction = 'ReceiveMessage' | 'DeleteMessageBatch';

/** One stretch of polling, from start or resume to pause or stop. */
interface Session {
  isOver: boolean;
  /** Aborted when the batch window ends, and when the session does. */
  waiting: AbortController;
  /** Received, but too much for the last batch. */
  carried: readonly HandedMessage[];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html: five batches at a time to begin with. */
const concurrencyDefault = 5;
/** SQS's maximum for one receive, and for one batch of deletes. */
const callMessagesMax = 10;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html: its maximum. */
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

  /** Begins to poll, or begins again after a pause; without effect while it polls. */
  resume(): void {
    if (this.#session) return;
    this.#session = { isOver: false, waiting: new AbortController(), carried: [] };
    void this.#poll(this.#session);
  }

  /**
   * Pollers die: no more receives, and what they had gathered stays invisible until its visibility ends. Invocations
   * under way go on to their end.
   */
  pause(): void {
    if (!this.#session) return;
    this.#session.isOver = true;
    this.#session.waiting.abort();
    this.#session = undefined;
  }

  /** Pauses, and resolves when the last invocation has ended. */
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

  /** Empty when nothing came within one long poll. The window opens with the first message. */
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

  /** What cannot be deleted comes back: at least once. */
  #delete(messages: readonly HandedMessage[]): void {
    for (let start = 0; start < messages.length; start += callMessagesMax) {
      if (this.#world.attempt?.('DeleteMessageBatch') === false) continue;
      for (const { receipt } of messages.slice(start, start + callMessagesMax)) this.#world.queue.delete(receipt);
    }
  }
}
