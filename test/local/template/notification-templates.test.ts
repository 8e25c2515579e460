import { expect, test } from 'vitest';
import { changed, type MinimalTemplate, policy, problemsOf, read } from './minimal.ts';

type Resources = MinimalTemplate['Resources'];

const queueArn = 'arn:aws:sqs:us-east-1:111122223333:small-queue';
const wiring = { Event: 's3:ObjectCreated:*', Queue: queueArn, Filter: prefixed('log/') };
const letsIn = {
  Effect: 'Allow',
  Action: 'sqs:SendMessage',
  Principal: { Service: 's3.amazonaws.com' },
  Resource: queueArn,
  Condition: {
    ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::small-bucket' },
    StringEquals: { 'aws:SourceAccount': '111122223333' },
  },
};

/** A bucket that may tell the queue, and what is changed about it. */
function notifying(change: (resources: Resources) => void = () => {}) {
  return changed((resources) => {
    resources['Policy'] = queuePolicy(letsIn);
    resources['Bucket'] = bucket([wiring]);
    change(resources);
  });
}

function bucket(QueueConfigurations: unknown[], DependsOn: unknown = ['Policy']) {
  const Properties = { BucketName: 'small-bucket', NotificationConfiguration: { QueueConfigurations } };
  return { Type: 'AWS::S3::Bucket', DependsOn, Properties };
}

function queuePolicy(...statements: unknown[]) {
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: policy(...statements) },
  };
}

function prefixed(Value: string) {
  return { S3Key: { Rules: [{ Name: 'Prefix', Value }] } };
}

test('a bucket that may tell a queue of its objects does so', () => {
  expect(read(notifying()).notifications).toEqual([
    {
      logicalId: 'Bucket',
      bucketName: 'small-bucket',
      configurationId: 'Bucket-0',
      queueArn,
      prefix: 'log/',
      suffix: '',
    },
  ]);
});

test.each<[string, (resources: Resources) => void, string]>([
  [
    'a queue that is not there',
    (resources) => (resources['Bucket'] = bucket([{ ...wiring, Queue: `${queueArn}-2` }])),
    `there is no queue ${queueArn}-2 in the template`,
  ],
  [
    'no policy on the queue',
    (resources) => delete resources['Policy'],
    'no AWS::SQS::QueuePolicy lets s3.amazonaws.com send to small-queue for small-bucket',
  ],
  [
    'a policy for another bucket',
    (resources) => {
      const Condition = { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::other-bucket' } };
      resources['Policy'] = queuePolicy({ ...letsIn, Condition });
    },
    'no AWS::SQS::QueuePolicy lets s3.amazonaws.com send',
  ],
  [
    'a policy for another account',
    (resources) => {
      const Condition = { ...letsIn.Condition, StringEquals: { 'aws:SourceAccount': '444455556666' } };
      resources['Policy'] = queuePolicy({ ...letsIn, Condition });
    },
    'no AWS::SQS::QueuePolicy lets s3.amazonaws.com send',
  ],
  [
    'a policy that lets in every bucket of every customer',
    (resources) => {
      const { Condition: _, ...open } = letsIn;
      resources['Policy'] = queuePolicy(open);
    },
    'PolicyDocument.Statement.0.Condition',
  ],
  [
    'a bucket that may be made before the policy',
    (resources) => (resources['Bucket'] = bucket([wiring], 'Queue')),
    'DependsOn: must name Policy',
  ],
  [
    'filters that overlap',
    (resources) => (resources['Bucket'] = bucket([wiring, { ...wiring, Filter: prefixed('log/dt=2026') }])),
    'two configurations of the same event overlap',
  ],
  [
    'an event that no put brings about',
    (resources) => (resources['Bucket'] = bucket([{ ...wiring, Event: 's3:ObjectRemoved:*' }])),
    'NotificationConfiguration.QueueConfigurations.0.Event',
  ],
])('%s is refused', (_, change, problem) => {
  expect(problemsOf(notifying(change))).toEqual([expect.stringContaining(problem)]);
});
