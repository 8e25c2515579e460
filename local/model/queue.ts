import type { QueueTemplate } from '../template/region-template.ts';
import {
  type HandedMessage,
  hasRefusedText,
  messageBytes,
  mintMessageId,
  type OutgoingMessage,
  type StandingMessage,
} from './queue-message.ts';
import { decodeReceipt, encodeReceipt } from './receipt.ts';
import { ReceiveLine, type ReceiveOutcome, type ReceiveRequest } from './receive-line.ts';
import { Shelf, type ShelfEntry } from './shelf.ts';
import type { Chance, ModelTime } from './time.ts';

/**
 * A standard SQS queue. One timeline holds every message at the time from which it can be received. A message that is
 * delayed or in flight becomes visible at that time by itself, so nothing has to happen when a time-out ends.
 *
 * Not modelled: FIFO queues, fair queues, the bound of 12 hours on a changed visibility, and sampling. A short poll
 * here sees every message; SQS may overlook some.
 */

export type QueueSettings = Omit<QueueTemplate, 'logicalId'>;

export interface QueueWorld {
  readonly time: ModelTime;
  readonly chance: Chance;
  readonly findQueue?: (arn: string) => Queue | undefined;
  /** Asked for each message that is received or deleted: true = the queue delivers it once more. Absent = never. */
  readonly redelivers?: (action: 'ReceiveMessage' | 'DeleteMessageBatch') => boolean;
}

export type SendOutcome =
  | { readonly kind: 'sent'; readonly id: string }
  | { readonly kind: 'too-large'; readonly bytes: number }
  | { readonly kind: 'refused-characters' };

/** `stale`: the message is gone, or was received again since. SQS answers success in both cases. */
export type DeleteOutcome = 'deleted' | 'stale' | 'bad-receipt';
export type VisibilityOutcome = 'changed' | 'not-in-flight' | 'stale' | 'bad-receipt';

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** The age of the oldest message, visible or not; 0 when there is none. */
  readonly oldestAgeMs: number;
}

/** Plain data that JSON can hold. */
export interface QueueSnapshot {
  readonly receives: number;
  readonly messages: readonly (StandingMessage & { readonly lastReceive: number })[];
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html: about 120,000. */
export const inFlightMax = 120_000;
/** While too many messages are in flight, a long poll looks again after this time. */
const fullRetryMs = 1_000;

export class Queue {
  readonly settings: QueueSettings;
  readonly #world: QueueWorld;
  readonly #shelf = new Shelf();
  readonly #line: ReceiveLine;
  #receives = 0;
  #duplicateRate = 0;
  #callOffWake: () => void = () => {};

  constructor(settings: QueueSettings, world: QueueWorld) {
    this.settings = settings;
    this.#world = world;
    this.#line = new ReceiveLine(world.time);
  }

  send(message: OutgoingMessage): SendOutcome {
    const bytes = messageBytes(message);
    if (bytes > this.settings.messageBytesMax) return { kind: 'too-large', bytes };
    if (hasRefusedText(message)) return { kind: 'refused-characters' };
    const sentAtMs = this.#world.time.nowMs();
    const entry: ShelfEntry = {
      id: mintMessageId(this.#world.chance),
      body: message.body,
      attributes: message.attributes ?? {},
      senderId: message.senderId ?? 'anonymous',
      sentAtMs,
      receiveCount: 0,
      availableAtMs: sentAtMs + (message.delaySeconds ?? this.settings.delaySeconds) * 1_000,
      lastReceive: 0,
    };
    this.#admit(entry);
    return { kind: 'sent', id: entry.id };
  }

  /** A short poll. Returns the available messages; the message that has been available longest comes first. */
  receive(request: ReceiveRequest): ReceiveOutcome {
    const countMax = this.#shelf.room(request.countMax, inFlightMax, this.#world.time.nowMs());
    if (countMax <= 0) return { kind: 'over-limit' };
    const taken: ShelfEntry[] = [];
    while (taken.length < countMax) {
      const entry = this.#takeAvailable();
      if (entry === undefined) break;
      if (this.#isSpent(entry)) this.#redrive(entry);
      else taken.push(entry);
    }
    const visibilitySeconds = request.visibilitySeconds ?? this.settings.visibilityTimeoutSeconds;
    return { kind: 'received', messages: taken.map((entry) => this.#handOut(entry, visibilitySeconds * 1_000)) };
  }

  /**
   * A long poll. Resolves with the first messages that become available, or empty after `waitMs` or when `signal`
   * aborts. While too many messages are in flight, a long poll waits and never answers over-limit:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
   */
  async wait(request: ReceiveRequest, waitMs: number, signal?: AbortSignal): Promise<ReceiveOutcome> {
    if (signal?.aborted) return { kind: 'received', messages: [] };
    const outcome = this.receive(request);
    if (outcome.kind === 'received' && outcome.messages.length > 0) return outcome;
    const answer = this.#line.join(request, waitMs, signal);
    this.#serve();
    return answer;
  }

  /**
   * Only the receipt of the latest receive deletes the message. It does so even after the visibility time-out ended.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
   */
  delete(receipt: string): DeleteOutcome {
    const found = this.#find(receipt);
    if (typeof found === 'string') return found;
    if (this.#misbehaves('DeleteMessageBatch')) return 'deleted';
    this.#shelf.delete(found);
    this.#serve();
    return 'deleted';
  }

  /** `seconds` from now; 0 makes the message visible at once. */
  changeVisibility(receipt: string, seconds: number): VisibilityOutcome {
    const found = this.#find(receipt);
    if (typeof found === 'string') return found;
    const nowMs = this.#world.time.nowMs();
    if (found.availableAtMs <= nowMs) return 'not-in-flight';
    this.#shelf.place(found, nowMs + seconds * 1_000);
    this.#serve();
    return 'changed';
  }

  /**
   * Makes the queue deliver messages more than once, at this rate (0 to 1). A received message can be received again at
   * once. A deleted message comes back when its visibility time-out ends.
   */
  misbehave(duplicateRate: number): void {
    this.#duplicateRate = duplicateRate;
  }

  counts(): QueueCounts {
    this.#expire();
    const nowMs = this.#world.time.nowMs();
    const counts = { visible: 0, inFlight: 0, delayed: 0, oldestAgeMs: 0 };
    for (const entry of this.#shelf.entries()) {
      counts[stateOf(entry, nowMs)] += 1;
      counts.oldestAgeMs = Math.max(counts.oldestAgeMs, nowMs - entry.sentAtMs);
    }
    return counts;
  }

  /** Every message in the queue, for checks. The queue stays as it is, and no receive is counted. */
  messages(): readonly StandingMessage[] {
    this.#expire();
    return [...this.#shelf.entries()].map(({ lastReceive: _, ...message }) => message);
  }

  snapshot(): QueueSnapshot {
    this.#expire();
    return { receives: this.#receives, messages: [...this.#shelf.entries()].map((entry) => ({ ...entry })) };
  }

  /** Fills this new queue from a snapshot. Receipts that were given out before stay valid. */
  restore(snapshot: QueueSnapshot): void {
    this.#receives = snapshot.receives;
    for (const message of snapshot.messages) this.#admit({ ...message });
  }

  /** Loses every message, as the loss of the region does. */
  clear(): void {
    for (const entry of [...this.#shelf.entries()]) this.#shelf.delete(entry);
  }

  /** Ends every long poll with no messages. */
  stop(): void {
    this.#line.dismiss();
    this.#callOffWake();
  }

  #admit(entry: ShelfEntry): void {
    this.#shelf.place(entry, entry.availableAtMs);
    this.#serve();
  }

  #takeAvailable(): ShelfEntry | undefined {
    const nowMs = this.#world.time.nowMs();
    for (;;) {
      const entry = this.#shelf.take(nowMs);
      if (entry === undefined || !this.#isExpired(entry, nowMs)) return entry;
      this.#shelf.delete(entry);
    }
  }

  #handOut(entry: ShelfEntry, visibilityMs: number): HandedMessage {
    const nowMs = this.#world.time.nowMs();
    this.#receives += 1;
    entry.lastReceive = this.#receives;
    entry.receiveCount += 1;
    entry.firstReceivedAtMs ??= nowMs;
    this.#shelf.place(entry, nowMs + (this.#misbehaves('ReceiveMessage') ? 1 : visibilityMs));
    const { lastReceive, ...message } = entry;
    const receipt = encodeReceipt({ queueArn: this.settings.arn, id: entry.id, receive: lastReceive });
    return { ...message, firstReceivedAtMs: entry.firstReceivedAtMs, receipt };
  }

  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
  #isSpent({ receiveCount }: ShelfEntry): boolean {
    const receiveCountMax = this.settings.redrive?.receiveCountMax;
    return receiveCountMax !== undefined && receiveCount >= receiveCountMax;
  }

  /**
   * The id, the sent time and the receive count stay: SQS counts receives "across all queues". So the age of a dead
   * letter keeps growing.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
   */
  #redrive(entry: ShelfEntry): void {
    const target = this.#world.findQueue?.(this.settings.redrive?.deadLetterArn ?? '');
    if (target === undefined) throw new Error(`${this.settings.arn}: its dead-letter queue does not exist`);
    this.#shelf.delete(entry);
    const availableAtMs = this.#world.time.nowMs();
    target.#admit({ ...entry, lastReceive: 0, availableAtMs, deadLetterSourceArn: this.settings.arn });
  }

  #find(receipt: string): ShelfEntry | 'stale' | 'bad-receipt' {
    const decoded = decodeReceipt(receipt);
    if (decoded?.queueArn !== this.settings.arn) return 'bad-receipt';
    const entry = this.#shelf.get(decoded.id);
    return entry?.lastReceive === decoded.receive ? entry : 'stale';
  }

  /** Answers waiting receives while messages are available. Schedules the next attempt for the remaining ones. */
  #serve(): void {
    this.#callOffWake();
    for (let first = this.#line.first(); first !== undefined; first = this.#line.first()) {
      const outcome = this.receive(first.request);
      if (outcome.kind === 'over-limit' || outcome.messages.length === 0) {
        this.#wakeLater(outcome.kind);
        return;
      }
      first.answer(outcome);
    }
  }

  #wakeLater(reason: ReceiveOutcome['kind']): void {
    const nextAtMs = this.#shelf.nextAtMs();
    if (nextAtMs === undefined) return;
    const delayMs = reason === 'over-limit' ? fullRetryMs : nextAtMs - this.#world.time.nowMs();
    this.#callOffWake = this.#world.time.after(delayMs, () => this.#serve());
  }

  #expire(): void {
    const nowMs = this.#world.time.nowMs();
    for (const entry of this.#shelf.entries()) if (this.#isExpired(entry, nowMs)) this.#shelf.delete(entry);
  }

  #isExpired({ sentAtMs }: ShelfEntry, nowMs: number): boolean {
    return nowMs - sentAtMs >= this.settings.retentionSeconds * 1_000;
  }

  #misbehaves(action: 'ReceiveMessage' | 'DeleteMessageBatch'): boolean {
    const isUnlucky = this.#duplicateRate > 0 && this.#world.chance() < this.#duplicateRate;
    return isUnlucky || (this.#world.redelivers?.(action) ?? false);
  }
}

function stateOf({ availableAtMs, receiveCount }: ShelfEntry, nowMs: number): 'visible' | 'inFlight' | 'delayed' {
  if (availableAtMs <= nowMs) return 'visible';
  return receiveCount === 0 ? 'delayed' : 'inFlight';
}
