import { matches } from '../endpoint/policy.ts';
import type { ServiceStatement } from './policy-document.ts';
import type { NotificationTemplate, QueueTemplate } from './region-template.ts';
import { bucketType, queuePolicyType } from './resource-types.ts';
import type { Stack } from './stack.ts';

/** Reads which queues each bucket notifies, and refuses a notification that AWS would refuse. */
export function readNotifications(stack: Stack, queues: readonly QueueTemplate[]): NotificationTemplate[] {
  return stack.all(bucketType).flatMap(({ logicalId, properties }) => {
    const read = properties.NotificationConfiguration.QueueConfigurations.map(({ Queue, Filter }, index) => ({
      logicalId,
      bucketName: properties.BucketName,
      // CloudFormation chooses this id.
      configurationId: `${logicalId}-${index}`,
      queueArn: Queue,
      prefix: filterOf('prefix', Filter),
      suffix: filterOf('suffix', Filter),
    }));
    checkOverlap(stack, logicalId, read);
    return read.filter((one) => checkQueue(stack, one, queues));
  });
}

type QueueConfiguration = ReturnType<typeof configurationsOf>[number];

function configurationsOf(stack: Stack) {
  return stack.all(bucketType).flatMap(({ properties }) => properties.NotificationConfiguration.QueueConfigurations);
}

function filterOf(name: 'prefix' | 'suffix', { S3Key }: QueueConfiguration['Filter']): string {
  return S3Key.Rules.find((rule) => rule.Name === name)?.Value ?? '';
}

/**
 * For each of these mistakes CloudFormation only says "Unable to validate the following destination configurations".
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
 */
function checkQueue(stack: Stack, notification: NotificationTemplate, queues: readonly QueueTemplate[]): boolean {
  const { logicalId, bucketName, queueArn } = notification;
  const queue = queues.find(({ arn }) => arn === queueArn);
  if (!queue) {
    stack.refuse(logicalId, `NotificationConfiguration: there is no queue ${queueArn} in the template`);
    return false;
  }
  const letIn = policiesOf(stack, queue).filter(({ statements }) =>
    statements.some((statement) => lets(statement, bucketName, queueArn, stack.place.account)),
  );
  if (letIn.length === 0) {
    stack.refuse(
      logicalId,
      `NotificationConfiguration: no AWS::SQS::QueuePolicy lets s3.amazonaws.com send to ${queue.name} for ${bucketName}`,
    );
  } else if (!letIn.some((policy) => stack.dependsOn(logicalId, policy.logicalId))) {
    const [first] = letIn;
    stack.refuse(
      logicalId,
      `DependsOn: must name ${first?.logicalId}: a bucket is refused while its queue does not let it send`,
    );
  }
  return true;
}

function policiesOf(stack: Stack, queue: QueueTemplate) {
  return stack
    .all(queuePolicyType)
    .filter(({ properties }) => properties.Queues.includes(stack.ref(queue.logicalId)))
    .map(({ logicalId, properties }) => ({
      logicalId,
      statements: properties.PolicyDocument.Statement.filter((statement) => statement.Effect === 'Allow'),
    }));
}

function lets(
  { Action, Resource, Principal, Condition }: ServiceStatement,
  bucketName: string,
  queueArn: string,
  account: string,
): boolean {
  const source = 'ArnLike' in Condition ? Condition.ArnLike : Condition.ArnEquals;
  return (
    Principal.Service === 's3.amazonaws.com' &&
    Action.some((action) => matches(action.toLowerCase(), 'sqs:sendmessage')) &&
    Resource.some((resource) => matches(resource, queueArn)) &&
    matches(source['aws:SourceArn'], `arn:aws:s3:::${bucketName}`) &&
    (Condition.StringEquals?.['aws:SourceAccount'] ?? account) === account
  );
}

/** Filters may not overlap: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html */
function checkOverlap(stack: Stack, logicalId: string, notifications: readonly NotificationTemplate[]): void {
  const overlap = notifications.some((one, index) => notifications.slice(index + 1).some((other) => meet(one, other)));
  if (overlap) stack.refuse(logicalId, 'NotificationConfiguration: two configurations of the same event overlap');
}

function meet(one: NotificationTemplate, other: NotificationTemplate): boolean {
  const prefixesMeet = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
  return prefixesMeet && (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix));
}
