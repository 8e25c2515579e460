import type { Check } from '../evidence/evidence.ts';

/** What a data path may call: operations on messages, objects and items, never on queues, buckets, tables or anything that describes them. */
const dataPlaneActions: ReadonlySet<string> = new Set([
  's3:GetObject',
  's3:HeadObject',
  's3:PutObject',
  's3:ListObjectsV2',
  'sqs:SendMessage',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessageBatch',
  'sqs:ChangeMessageVisibilityBatch',
  'sqs:GetQueueAttributes',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:TransactWriteItems',
]);

/** What only operators ask; a function that asked them would not be granted it, and that is told too. */
const askedByOperators = /^(secretsmanager|logs|lambda|monitoring|acm):/;

/** I6: no control-plane call in any data path; and no call that the caller's policy does not grant. */
export const dataPlaneOnly: Check = ({ state }) => [
  ...Object.entries(state.calls)
    .filter(([call]) => !dataPlaneActions.has(call) && !askedByOperators.test(call))
    .map(([call, count]) => `I6: ${call} is no data-plane call, and it was made ${count} times`),
  ...state.regions.flatMap(({ region, denied }) =>
    [...new Set(denied)].map((call) => `policy: a call was not granted in ${region}: ${call}`),
  ),
];
