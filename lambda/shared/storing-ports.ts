import { functionSettings, parseOneIn, readSettings } from '../../core/config/settings.ts';
import type { QueueReceiver, QueueSender } from '../../core/ports.ts';
import type { Side } from '../../eventlog/log-buckets.ts';
import { PlaceDamping } from '../../eventlog/place-damping.ts';
import type { PlacingPorts } from '../../eventlog/place-segment.ts';
import { sqsClient, sqsQueue } from '../aws/sqs-queue.ts';
import { type LogPorts, logPorts } from './log-ports.ts';

export interface StoringPorts {
  readonly logs: LogPorts;
  readonly placing: PlacingPorts;
  /** Failure queues by the bucket that is owed what stands in them. */
  readonly failureQueues: Readonly<Record<Side, readonly (QueueSender & QueueReceiver)[]>>;
  /** A queue of the home region, by its URL. */
  homeQueue(url: string): QueueSender & QueueReceiver;
}

/** What `store` and `replay` share. Throws one error that names every variable that is missing. */
export function storingPorts(functionPart: 'store' | 'replay', environment: NodeJS.ProcessEnv): StoringPorts {
  const settings = readSettings(environment, ['region', ...functionSettings.store]);
  const logs = logPorts(functionPart, environment);
  const { regions, buckets, storage, clock, metrics, log } = logs;
  const clients = { home: sqsClient(regions.home), peer: sqsClient(regions.peer) };
  const queueAt = (side: Side) => (url: string) => sqsQueue(clients[side], url);
  const [homeQueue, peerQueue] = [queueAt('home'), queueAt('peer')];
  const failureQueues = {
    home: [homeQueue(settings.homeQueueOwedHomeUrl), peerQueue(settings.peerQueueOwedHomeUrl)],
    peer: [peerQueue(settings.peerQueueOwedPeerUrl), homeQueue(settings.homeQueueOwedPeerUrl)],
  };
  const targets = { buckets, failureQueues, deadLetters: homeQueue(settings.deadLetterUrl) };
  return {
    logs,
    placing: {
      ...{ targets, storage, clock, metrics, log },
      viaQueueOneIn: parseOneIn(settings.viaQueueOneIn),
      damping: new PlaceDamping(clock),
    },
    failureQueues,
    homeQueue,
  };
}
