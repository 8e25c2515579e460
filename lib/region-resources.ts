import { type DeployConfig, peerOf } from '../core/config/deploy-config.ts';
import {
  alarmTopicName,
  bucketArn,
  deadLetterQueueName,
  failureQueueName,
  figuresTableName,
  intakeQueueName,
  logBucketName,
  queueArn,
  queueUrl,
  tableArn,
  topicArn,
} from '../core/config/resource-names.ts';

/**
 * What one region's functions can reach, in both regions. All names are physical and known at synthesis. Neither stack
 * reads anything of the other, so each can be deployed alone and in any order.
 */
export interface RegionResources {
  readonly home: string;
  readonly peer: string;
  readonly homeBucket: NamedResource;
  readonly peerBucket: NamedResource;
  readonly homeIntake: QueueResource;
  readonly peerIntake: QueueResource;
  /** The first word says where the queue is, the second which region's bucket is owed its segments. */
  readonly homeQueueOwedHome: QueueResource;
  readonly homeQueueOwedPeer: QueueResource;
  readonly peerQueueOwedHome: QueueResource;
  readonly peerQueueOwedPeer: QueueResource;
  readonly homeDeadLetters: QueueResource;
  readonly homeFigures: NamedResource;
  readonly homeAlarmTopic: NamedResource;
}

export interface QueueResource {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
}

/** A bucket, a table or a topic. */
interface NamedResource {
  readonly name: string;
  readonly arn: string;
}

/** `home` is one of the config's two regions. */
export function regionResources(config: DeployConfig, home: string): RegionResources {
  const peer = peerOf(config, home);
  const queue = (region: string, name: string): QueueResource => ({
    name,
    url: queueUrl(config, region, name),
    arn: queueArn(config, region, name),
  });
  const bucket = (region: string): NamedResource => {
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
    homeFigures: { name: figures, arn: tableArn(config, home, figures) },
    homeAlarmTopic: { name: alarmTopicName(config), arn: topicArn(config, home, alarmTopicName(config)) },
  };
}
