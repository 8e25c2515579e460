import { asksForLess } from '../../core/call-outcome.ts';
import { afterDelivery, afterRefusal, type Pace, startPace } from '../../core/capture/pacing.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Answer, QueueReceiver, QueueSender, ReceivedMessage } from '../../core/ports.ts';
import type { Surroundings } from '../../eventlog/log-buckets.ts';
import { setPoisonAside } from '../shared/set-poison-aside.ts';
import { QueueReader } from './queue-reader.ts';

/** What became of a message. */
export type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly answer: Answer }
  /** Only a later release understands the message. It stays in its queue and says nothing about the destination. */
  | { readonly kind: 'later' }
  /** The message can never be delivered, and goes to the dead-letter queue. */
  | { readonly kind: 'poison'; readonly reason: string };

/** A destination, and the queues with the messages for it. */
export interface Lane {
  readonly queues: readonly QueueReceiver[];
  /** Whether the destination is to be left alone now. */
  isSkipped(): boolean;
  /** Reads again what `isSkipped` depends on. */
  refresh(): Promise<void>;
  /** Does what one message asks for, in bounded time. */
  deliver(body: string): Promise<Delivery>;
}

export interface DrainPorts extends Surroundings {
  readonly deadLetters: QueueSender;
}

export interface DrainReport {
  readonly delivered: number;
  readonly refused: number;
  readonly poison: number;
  /** At the end of the run. */
  readonly window: number;
}

interface Held {
  readonly reader: QueueReader;
  readonly message: ReceivedMessage;
}

/**
 * Delivers the messages of a lane until nothing is left, the destination refuses, or `endMs` comes. After that the work
 * under way ends within one delivery, one send to the dead-letter queue and two calls to a queue. All queues feed one
 * window. A queue that cannot be reached ends only its own reader. Two runs do not know of each other. The visibility
 * time-out keeps their messages apart, and a second delivery changes nothing.
 *
 * Live traffic has priority, and only the answers of the destination show whether replay disturbs it. So the window is
 * bounded. A refusal or a time-out halves the window and brings a pause. When the destination asks for less, the window
 * falls back to its first size. After a few refused rounds in a row the lane rests until the next run. A destination
 * that an operator skips is left alone at once, and its messages wait.
 */
export async function drainLane(lane: Lane, ports: DrainPorts, endMs: number): Promise<DrainReport> {
  const drain = new Drain(lane, ports, endMs);
  await drain.run();
  return drain.report();
}

class Drain {
  readonly #lane: Lane;
  readonly #ports: DrainPorts;
  readonly #endMs: number;
  readonly #readers: readonly QueueReader[];
  readonly #wakeUp = new WakeUp();
  readonly #waiting: Held[] = [];
  #pace: Pace;
  #delivering = 0;
  #paused = false;
  #tasks = 0;
  #refused = 0;
  #poison = 0;
  readonly #surprises: unknown[] = [];

  constructor(lane: Lane, ports: DrainPorts, endMs: number) {
    this.#lane = lane;
    this.#ports = ports;
    this.#endMs = endMs;
    this.#pace = startPace(limits.replay);
    this.#readers = lane.queues.map((queue) => new QueueReader(queue, ports.clock));
  }

  async run(): Promise<void> {
    for (;;) {
      this.#startReceives();
      this.#startDeliveries();
      if (this.#tasks === 0) break;
      await this.#wakeUp.next();
    }
    for (const { reader, message } of this.#waiting) reader.giveBack(message);
    await Promise.all(this.#readers.map((reader) => reader.close()));
    if (this.#surprises.length > 0) throw this.#surprises[0];
  }

  report(): DrainReport {
    const { delivered, window } = this.#pace;
    return { delivered, refused: this.#refused, poison: this.#poison, window: Math.floor(window) };
  }

  #isOver(): boolean {
    return this.#pace.phase === 'stopped' || this.#lane.isSkipped() || this.#ports.clock.nowMs() >= this.#endMs;
  }

  #startReceives(): void {
    for (const reader of this.#readers) {
      const wanted = this.#wanted();
      if (wanted === 0 || this.#isOver()) return;
      if (!reader.ready) continue;
      this.#track(this.#receive(reader, wanted));
      // Reads the switch too, because a run lasts longer than a switch may take to come into force.
      this.#track(this.#lane.refresh());
    }
  }

  /**
   * How many messages to ask for. Two windows of messages are to be ready. More are asked for when half of them are
   * used up. Before the first delivery, one message is enough. Receives under way do not count: a queue that hangs must
   * not keep the other one from being asked.
   */
  #wanted(): number {
    const { delivered, window } = this.#pace;
    if (delivered === 0) return this.#waiting.length + this.#delivering === 0 ? 1 : 0;
    const ahead = Math.min(limits.replay.prefetchMax, 2 * Math.floor(window));
    return this.#waiting.length <= ahead / 2 ? ahead - this.#waiting.length : 0;
  }

  async #receive(reader: QueueReader, countMax: number): Promise<void> {
    const messages = await reader.receive(countMax);
    this.#waiting.push(...messages.map((message) => ({ reader, message })));
  }

  #startDeliveries(): void {
    while (this.#delivering < Math.floor(this.#pace.window) && !this.#isOver() && !this.#paused) {
      const held = this.#waiting.shift();
      if (!held) return;
      this.#delivering += 1;
      this.#track(this.#handle(held));
    }
  }

  async #handle(held: Held): Promise<void> {
    const { round } = this.#pace;
    const delivery = await this.#lane.deliver(held.message.body);
    if (delivery.kind === 'poison') return this.#setAside(held, delivery.reason);
    this.#delivering -= 1;
    if (delivery.kind === 'later') return this.#leave(held);
    if (delivery.kind === 'refused') return this.#refuse(held, round, delivery.answer);
    this.#pace = afterDelivery(this.#pace, round, limits.replay);
    this.#wakeUp.ring();
    await held.reader.finish(held.message);
  }

  #leave({ reader, message }: Held): void {
    this.#ports.log.warn('a message of a later release waits in its queue', {});
    reader.giveBack(message);
  }

  #refuse({ reader, message }: Held, round: number, answer: Answer): void {
    this.#refused += 1;
    const pace = afterRefusal(this.#pace, round, asksForLess(answer), limits.replay);
    if (pace !== this.#pace && pace.phase !== 'stopped') this.#track(this.#pause());
    this.#pace = pace;
    reader.giveBack(message);
  }

  async #pause(): Promise<void> {
    const { clock } = this.#ports;
    this.#paused = true;
    await clock.sleep(Math.max(0, Math.min(limits.replay.refusedPauseMs, this.#endMs - clock.nowMs())));
    this.#paused = false;
  }

  async #setAside({ reader, message }: Held, reason: string): Promise<void> {
    this.#poison += 1;
    const isSetAside = await setPoisonAside(this.#ports.deadLetters, message.body, reason, this.#ports);
    this.#delivering -= 1;
    if (isSetAside) await reader.finish(message);
    else reader.giveBack(message);
  }

  #track(task: Promise<void>): void {
    this.#tasks += 1;
    void task
      .catch((surprise: unknown) => this.#surprises.push(surprise))
      .finally(() => {
        this.#tasks -= 1;
        this.#wakeUp.ring();
      });
  }
}

/** Lets one loop wait until any of its tasks ends. */
class WakeUp {
  #wake: () => void = () => {};

  /** Resolves at the next `ring`. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  ring(): void {
    this.#wake();
  }
}
