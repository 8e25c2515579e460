import { isAllowed } from '../endpoint/policy.ts';
import { findInvocable } from './invocable.ts';
import type { FunctionTemplate, MappingTemplate, QueueTemplate } from './region-template.ts';
import { mappingType } from './resource-types.ts';
import type { Stack } from './stack.ts';

/** Reads event source mappings, and refuses those that AWS would refuse. */
export function readMappings(
  stack: Stack,
  functions: readonly FunctionTemplate[],
  queues: readonly QueueTemplate[],
): MappingTemplate[] {
  return stack.all(mappingType).flatMap(({ logicalId, properties }) => {
    const target = findInvocable(functions, properties.FunctionName)?.target;
    const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
    if (target === undefined) stack.refuse(logicalId, `FunctionName: no ${properties.FunctionName} in the template`);
    if (queue === undefined) stack.refuse(logicalId, `EventSourceArn: no ${properties.EventSourceArn} in the template`);
    if (target === undefined || queue === undefined) return [];
    checkRights(stack, logicalId, target, queue);
    checkTimes(stack, logicalId, target, queue);
    checkWindow(stack, logicalId, properties.BatchSize, properties.MaximumBatchingWindowInSeconds);
    return {
      logicalId,
      queueArn: queue.arn,
      functionArn: target.arn,
      batchSize: properties.BatchSize,
      windowSeconds: properties.MaximumBatchingWindowInSeconds,
      reportsItemFailures: properties.FunctionResponseTypes.length > 0,
      ...(properties.ScalingConfig && { concurrencyMax: properties.ScalingConfig.MaximumConcurrency }),
    };
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
function checkRights(stack: Stack, logicalId: string, { name, policy }: FunctionTemplate, queue: QueueTemplate): void {
  for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']) {
    if (isAllowed(policy, action, queue.arn)) continue;
    stack.refuse(logicalId, `FunctionName: the role of ${name} does not allow ${action} on ${queue.name}`);
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-queueconfig */
function checkTimes(stack: Stack, logicalId: string, target: FunctionTemplate, queue: QueueTemplate): void {
  if (queue.visibilityTimeoutSeconds >= target.timeoutSeconds) return;
  stack.refuse(
    logicalId,
    `EventSourceArn: the visibility time-out of ${queue.name} (${queue.visibilityTimeoutSeconds} s) is shorter ` +
      `than the time-out of ${target.name} (${target.timeoutSeconds} s)`,
  );
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
function checkWindow(stack: Stack, logicalId: string, batchSize: number, windowSeconds: number): void {
  if (batchSize <= 10 || windowSeconds >= 1) return;
  stack.refuse(logicalId, 'MaximumBatchingWindowInSeconds: must be at least 1 for batches of more than 10');
}
