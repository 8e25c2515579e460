import type { FaultBoard } from '../local/fault/fault-board.ts';
import type { BucketModel } from '../local/model/bucket.ts';
import { type EventFate, Notifications } from '../local/model/notifications.ts';
import type { Queue } from '../local/model/queue.ts';
import type { Chance, ModelTime } from '../local/model/time.ts';

interface NewSegmentsWorld {
  readonly time: ModelTime;
  readonly chance: Chance;
  readonly board: FaultBoard;
}

/** From now on, the bucket notifies the queue of new segments. Faults of the region can lose, delay or repeat this. */
export function tellOfNewSegments(region: string, bucket: BucketModel, queue: Queue, world: NewSegmentsWorld): void {
  const { board, ...around } = world;
  const configuration = {
    configurationId: 'segments',
    queueArn: queue.settings.arn,
    prefix: 'log/',
    suffix: '.ndjson.gz',
  };
  const notifications = new Notifications(
    { bucketName: bucket.name, region, configurations: [configuration] },
    {
      ...around,
      send: (_, body) => queue.send({ body }).kind === 'sent',
      fateOf: () => fateOf(region, board),
    },
  );
  bucket.follow((object) => notifications.created(object));
}

function fateOf(region: string, board: FaultBoard): EventFate {
  const strikes = board.strikes({ region, service: 'notifications' });
  return {
    isLost: strikes.some(({ effect }) => effect === 'drop'),
    delayMs: Math.max(0, ...strikes.map(({ delayMs = 0 }) => delayMs)),
    copies: strikes.some(({ effect }) => effect === 'duplicate') ? 2 : 1,
  };
}
