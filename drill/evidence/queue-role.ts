import { deadLetterQueueName, failureQueueName, intakeQueueName } from '../../core/config/resource-names.ts';

/** A drill knows a queue only by its physical name, so these functions tell the queue's role from the name. */

const anyDeployment = { name: '', account: '' };

export function isDeadLetterQueue(queueName: string): boolean {
  return queueName.endsWith(deadLetterQueueName(anyDeployment));
}

export function isIntakeQueue(queueName: string): boolean {
  return queueName.endsWith(intakeQueueName(anyDeployment));
}

export function isFailureQueue(queueName: string): boolean {
  return queueName.includes(failureQueueName(anyDeployment, ''));
}
