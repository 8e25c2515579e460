import type { FaultBoard } from './fault/fault-board.ts';
import type { BucketModel } from './model/bucket.ts';
import { type EventFate, Notifications } from './model/notifications.ts';
import type { Queue } from './model/queue.ts';
import type { Chance, ModelTime } from './model/time.ts';
import type { RegionTemplate } from './template/region-template.ts';

export interface BucketEventWorld {
  readonly template: RegionTemplate;
  readonly buckets: readonly BucketModel[];
  readonly queues: ReadonlyMap<string, Queue>;
  readonly faults: FaultBoard;
  readonly chance: Chance;
  /** The clock of usual delays, and of those that faults cause. */
  readonly fastTime: ModelTime;
  readonly countCall: (caller: string, call: string, queueArn: string) => void;
}

const caller = 's3';

/** Makes the buckets of a region notify queues about new objects, as the template says. */
export function startBucketEvents(world: BucketEventWorld) {
  const { template, faults, fastTime, chance } = world;
  const { region } = template;
  return world.buckets.map((bucket) => {
    const configurations = template.notifications.filter(({ bucketName }) => bucketName === bucket.name);
    const notifications = new Notifications(
      { bucketName: bucket.name, region, configurations },
      { time: fastTime, chance, send: sender(world), fateOf: () => fateBy(faults, region) },
    );
    bucket.follow((object) => notifications.created(object));
    const isPaused = (): boolean => faults.isPaused({ region, service: 'notifications' });
    return { notifications, obey: () => (isPaused() ? notifications.pause() : notifications.resume()) };
  });
}

/** A send with a lost answer is repeated, because S3 cannot know that it succeeded. */
function sender({ template: { region }, queues, faults, countCall }: BucketEventWorld) {
  return (queueArn: string, body: string): boolean => {
    countCall(caller, 'sqs:SendMessage', queueArn);
    const strikes = faults.strikes({ region, service: 'sqs', action: 'SendMessage', caller });
    const failure = strikes.find(({ effect }) => effect !== 'slow' && effect !== 'kill')?.effect;
    if (failure === undefined || failure === 'lose-reply') queues.get(queueArn)?.send({ body, senderId: caller });
    return failure === undefined;
  };
}

function fateBy(faults: FaultBoard, region: string): EventFate {
  const strikes = faults.strikes({ region, service: 'notifications' });
  return {
    isLost: strikes.some(({ effect }) => effect === 'drop'),
    delayMs: strikes.reduce((sum, { effect, delayMs = 0 }) => sum + (effect === 'delay' ? delayMs : 0), 0),
    copies: strikes.some(({ effect }) => effect === 'duplicate') ? 2 : 1,
  };
}
