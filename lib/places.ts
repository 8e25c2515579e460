import { type DeployConfig, peerOf } from '../core/config/deploy-config.ts';
import {
  bucketArn,
  deadLetterQueueName,
  failureQueueName,
  figuresTableName,
  intakeQueueName,
  logBucketName,
  queueArn,
  queueUrl,
  statsFailureQueueName,
  statsQueueName,
  tableArn,
} from '../core/config/resource-names.ts';

/**
 * What one region's functions can reach, in both regions. All of it is physical names known at synthesis: neither
 * stack reads anything of the other, so each can be deployed alone and in any order.
 */
export interface Places {
  readonly home: string;
  readonly peer: string;
  readonly homeBucket: NamedPlace;
  readonly peerBucket: NamedPlace;
  readonly homeIntake: QueuePlace;
  readonly peerIntake: QueuePlace;
  /** The first word says where the queue is, the second which region's bucket is owed what stands in it. */
  readonly homeQueueOwedHome: QueuePlace;
  readonly homeQueueOwedPeer: QueuePlace;
  readonly peerQueueOwedHome: QueuePlace;
  readonly peerQueueOwedPeer: QueuePlace;
  readonly homeDeadLetters: QueuePlace;
  readonly homeStats: QueuePlace;
  readonly homeStatsFailure: QueuePlace;
  readonly homeFigures: NamedPlace;
}

export interface QueuePlace {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
}

/** A bucket or a table. */
interface NamedPlace {
  readonly name: string;
  readonly arn: string;
}

/** `home` is one of the config's two regions. */
export function placesOf(config: DeployConfig, home: string): Places {
  const peer = peerOf(config, home);
  const queue = (region: string, name: string): QueuePlace => ({
    name,
    url: queueUrl(config, region, name),
    arn: queueArn(config, region, name),
  });
  const bucket = (region: string): NamedPlace => {
    const name = logBucketName(config, region);
    return { name, arn: bucketArn(name) };
  };
  const figures = figuresTableName(config);
  return {
    home,
    peer,
    homeBucket: bucket(home),
    peerBucket: bucket(peer),
    homeIntake: queue(home, intakeQueueName(config)),
    peerIntake: queue(peer, intakeQueueName(config)),
    homeQueueOwedHome: queue(home, failureQueueName(config, home)),
    homeQueueOwedPeer: queue(home, failureQueueName(config, peer)),
    peerQueueOwedHome: queue(peer, failureQueueName(config, home)),
    peerQueueOwedPeer: queue(peer, failureQueueName(config, peer)),
    homeDeadLetters: queue(home, deadLetterQueueName(config)),
    homeStats: queue(home, statsQueueName(config)),
    homeStatsFailure: queue(home, statsFailureQueueName(config)),
    homeFigures: { name: figures, arn: tableArn(config, home, figures) },
  };
}
