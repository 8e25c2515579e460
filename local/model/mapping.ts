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
 * Five processes gather batches at the beginning. While a process fills its batch before the window ends, messages are
 * still available, and AWS adds processes. A process without messages ends, but five always stay, because the mapping
 * has a maximum concurrency.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 *
 * AWS does not say whether a process gathers its next batch while an invocation has its last one. Here it does. So up
 * to twice the maximum concurrency of batches are in flight: the worse case for the queue's quota.
 *
 * Not modelled:
 * - The exact back-off after failures. Here no process begins a batch for a second.
 * - Filters and provisioned pollers, and that AWS goes down to two processes where there is no maximum concurrency.
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
  /** How many processes gather batches. */
  processes: number;
  grownAtMs: number;
  /** Each ends the wait of one process for messages. */
  readonly waits: Set<AbortController>;
}

/** How many processes there are at the beginning and at least, and how fast more are added: 300 a minute. */
const processesMin = 5;
const growthMs = 200;
/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const concurrencyDefault = 1_000;
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
  /** After a failure no process begins a batch before this time. */
  #calmAtMs = 0;

  constructor(settings: MappingSettings, world: MappingWorld) {
    this.settings = settings;
    this.#world = world;
  }

  /** Starts to poll, also after a pause. Does nothing while the mapping polls. */
  resume(): void {
    if (this.#session) return;
    const session = {
      isOver: false,
      processes: 0,
      grownAtMs: this.#world.time.nowMs(),
      waits: new Set<AbortController>(),
    };
    this.#session = session;
    while (session.processes < Math.min(processesMin, this.#concurrencyMax)) this.#addProcess(session);
  }

  /**
   * Stops the processes. Messages that they gathered stay invisible until their visibility time-out ends. Running
   * invocations go on to their end.
   */
  pause(): void {
    if (!this.#session) return;
    this.#session.isOver = true;
    for (const wait of this.#session.waits) wait.abort();
    this.#session = undefined;
  }

  /** Pauses. Resolves when the last invocation has ended. */
  async stop(): Promise<void> {
    this.pause();
    await Promise.all(this.#running);
  }

  get #concurrencyMax(): number {
    return this.settings.concurrencyMax ?? concurrencyDefault;
  }

  #addProcess(session: Session): void {
    session.processes += 1;
    void this.#poll(session);
  }

  /** One process. It ends with its session, or when it finds no messages and is not needed. */
  async #poll(session: Session): Promise<void> {
    let carried: readonly HandedMessage[] = [];
    while (!session.isOver) {
      await this.#sleep(this.#calmAtMs - this.#world.time.nowMs());
      const batch = new Batch(this.settings.batchSize, this.settings.queueArn);
      carried = await this.#gather(session, batch, carried);
      if (batch.room === 0) this.#grow(session);
      while (this.#running.size >= this.#concurrencyMax) await Promise.race(this.#running);
      if (batch.messages.length > 0 && !session.isOver) this.#launch(batch);
      if (batch.messages.length === 0 && session.processes > processesMin) break;
    }
    session.processes -= 1;
  }

  #grow(session: Session): void {
    const nowMs = this.#world.time.nowMs();
    if (session.processes >= this.#concurrencyMax || nowMs - session.grownAtMs < growthMs) return;
    session.grownAtMs = nowMs;
    this.#addProcess(session);
  }

  /**
   * Fills the batch, first with the `carried` messages. Gives the messages that did not fit. The batch window opens with
   * the first message. The batch stays empty when one long poll brings nothing.
   */
  async #gather(session: Session, batch: Batch, carried: readonly HandedMessage[]): Promise<readonly HandedMessage[]> {
    const wait = new AbortController();
    session.waits.add(wait);
    const left = [...batch.add(carried)];
    if (batch.messages.length === 0) left.push(...(await this.#receiveInto(batch, wait.signal)));
    const callOff = this.#world.time.after(this.settings.windowSeconds * 1_000, () => wait.abort());
    const mayGrow = this.settings.windowSeconds > 0 && batch.messages.length > 0;
    while (mayGrow && batch.room > 0 && !wait.signal.aborted)
      left.push(...(await this.#receiveInto(batch, wait.signal)));
    callOff();
    session.waits.delete(wait);
    return left;
  }

  /** Gives the messages that did not fit. */
  async #receiveInto(batch: Batch, signal: AbortSignal): Promise<readonly HandedMessage[]> {
    if (signal.aborted) return [];
    if (this.#world.attempt?.('ReceiveMessage') === false) {
      await this.#sleep(troublePauseMs);
      return [];
    }
    const countMax = Math.min(callMessagesMax, batch.room);
    const outcome = await this.#world.queue.wait({ countMax }, longPollMs, signal);
    return outcome.kind === 'received' ? batch.add(outcome.messages) : [];
  }

  async #sleep(durationMs: number): Promise<void> {
    if (durationMs > 0) await new Promise<void>((resolve) => this.#world.time.after(durationMs, resolve));
  }

  #launch(batch: Batch): void {
    const running = this.#handle(batch).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #handle({ messages, records }: Batch): Promise<void> {
    const outcome = await this.#world.invoke({ Records: records });
    if (outcome.kind !== 'done') {
      this.#calmAtMs = this.#world.time.nowMs() + troublePauseMs;
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
