import type { NotificationTemplate } from '../template/region-template.ts';
import type { ObjectVersion } from './bucket-store.ts';
import { objectCreated, testEvent } from './s3-event.ts';
import type { Chance, ModelTime } from './time.ts';

/**
 * A bucket's events about new objects, for its queues. An event comes late, at least once, and in no order. When a
 * queue refuses an event, the bucket retries without end. S3 documents neither how long nor how often it retries, so
 * nothing may rely on either:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
 *
 * Not modelled: events other than `ObjectCreated:Put`, and targets other than queues.
 */

interface BucketEventSettings {
  readonly bucketName: string;
  readonly region: string;
  readonly configurations: readonly NotificationSettings[];
}

export type NotificationSettings = Omit<NotificationTemplate, 'logicalId' | 'bucketName'>;

export interface EventFate {
  readonly isLost: boolean;
  readonly delayMs: number;
  /** How often the event is sent; at least 1. */
  readonly copies: number;
}

interface NotificationWorld {
  readonly time: ModelTime;
  readonly chance: Chance;
  /** Sends a message to a queue. False = the queue refuses it now. */
  readonly send: (queueArn: string, body: string) => boolean;
  /** Called once for each event. Absent = every event arrives once and in time. */
  readonly fateOf?: () => EventFate;
}

interface Notice {
  readonly queueArn: string;
  readonly body: string;
}

/** S3's documentation says "typically seconds". */
const usualDelayMs = { min: 200, max: 2_000 };
const retryMs = { first: 1_000, max: 60_000 };
/** After a pause all held events come at once, and some of them come twice. */
const burst = { withinMs: 2_000, twiceRate: 0.05 };
const goesWell: EventFate = { isLost: false, delayMs: 0, copies: 1 };

export class Notifications {
  readonly #settings: BucketEventSettings;
  readonly #world: NotificationWorld;
  readonly #underWay = new Map<Notice, () => void>();
  readonly #held: Notice[] = [];
  #isPaused = false;
  #isStopped = false;

  constructor(settings: BucketEventSettings, world: NotificationWorld) {
    this.#settings = settings;
    this.#world = world;
  }

  /** Call this when the configuration is put: each queue gets a test event at once. */
  announce(): void {
    const { time, chance, send } = this.#world;
    for (const configuration of this.#settings.configurations) {
      send(configuration.queueArn, testEvent(this.#sourceOf(configuration), time.nowMs(), chance));
    }
  }

  /** Call this after each put. */
  created(object: ObjectVersion): void {
    for (const configuration of this.#settings.configurations) {
      if (!concerns(configuration, object.key)) continue;
      const { isLost, delayMs, copies } = this.#world.fateOf?.() ?? goesWell;
      const body = objectCreated(this.#sourceOf(configuration), object, this.#world.chance);
      for (let copy = 0; copy < (isLost ? 0 : copies); copy += 1) {
        this.#later({ queueArn: configuration.queueArn, body }, delayMs + this.#within(usualDelayMs));
      }
    }
  }

  /** Holds all events until `resume`; none is lost. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    for (const notice of this.#held.splice(0)) {
      const copies = this.#world.chance() < burst.twiceRate ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        this.#later({ ...notice }, this.#within({ min: 0, max: burst.withinMs }));
      }
    }
  }

  /** Sends all pending and later events at once. So an event is not lost when the bucket is opened again. */
  stop(): void {
    this.#isStopped = true;
    const notices = [...this.#held.splice(0), ...this.#underWay.keys()];
    for (const callOff of this.#underWay.values()) callOff();
    this.#underWay.clear();
    for (const { queueArn, body } of notices) this.#world.send(queueArn, body);
  }

  #later(notice: Notice, delayMs: number, nextRetryMs = retryMs.first): void {
    if (this.#isStopped) return void this.#world.send(notice.queueArn, notice.body);
    const callOff = this.#world.time.after(delayMs, () => {
      this.#underWay.delete(notice);
      if (this.#isPaused) this.#held.push(notice);
      else if (!this.#world.send(notice.queueArn, notice.body)) {
        this.#later(notice, nextRetryMs, Math.min(nextRetryMs * 2, retryMs.max));
      }
    });
    this.#underWay.set(notice, callOff);
  }

  #within({ min, max }: { readonly min: number; readonly max: number }): number {
    return min + this.#world.chance() * (max - min);
  }

  #sourceOf({ configurationId }: NotificationSettings) {
    const { bucketName, region } = this.#settings;
    return { bucketName, region, configurationId };
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html */
function concerns({ prefix, suffix }: NotificationSettings, key: string): boolean {
  return key.startsWith(prefix) && key.endsWith(suffix);
}
