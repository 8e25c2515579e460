import type { DrillCheck } from '../evidence/evidence.ts';

/** A data path may call operations on messages, objects and items, but none on queues, buckets, tables or topics themselves. */
const dataPlaneActions: ReadonlySet<string> = new Set([
  's3:GetObject',
  's3:HeadObject',
  's3:PutObject',
  's3:CopyObject',
  's3:ListObjectsV2',
  'sqs:SendMessage',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessageBatch',
  'sqs:ChangeMessageVisibilityBatch',
  'sqs:GetQueueAttributes',
  'dynamodb:BatchGetItem',
  'dynamodb:Scan',
  'dynamodb:UpdateItem',
  'sns:Publish',
]);

/**
 * Only operators call these services. No function's role grants them, and the second half of the check reports refused
 * calls.
 */
const askedByOperators = /^(secretsmanager|logs|lambda|monitoring|acm):/;

/**
 * I6: no data path makes a control-plane call, and no caller makes a call that its policy does not grant. The changes
 * that the drill itself attempts are left out.
 */
export const dataPlaneOnly: DrillCheck = ({ state, steps }) => {
  const attempts = steps.flatMap(({ action }) => (action.kind === 'attempt' ? [action.change] : []));
  const unwanted = Object.entries(state.calls)
    .filter(([call]) => !dataPlaneActions.has(call) && !askedByOperators.test(call))
    .map(([call, count]) => ({ call, count: count - attempts.filter((change) => change === call).length }))
    .filter(({ count }) => count > 0);
  return [
    ...unwanted.map(({ call, count }) => `I6: ${call} is not a data-plane call, but was made ${count} times`),
    ...state.regions.flatMap(({ region, denied }) =>
      [...new Set(denied)].map((call) => `policy: a call was not granted in ${region}: ${call}`),
    ),
  ];
};
