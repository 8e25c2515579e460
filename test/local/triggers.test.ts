import { afterEach, describe, expect, test } from 'vitest';
import { machineTime } from '../../local/clock.ts';
import type { Fault } from '../../local/fault/fault.ts';
import { FaultBoard } from '../../local/fault/fault-board.ts';
import type { LambdaHost } from '../../local/lambda-host/lambda-host.ts';
import { BucketModel } from '../../local/model/bucket.ts';
import { memoryBucketStore } from '../../local/model/bucket-store.ts';
import { createQueues } from '../../local/model/region-queues.ts';
import type { RegionTemplate } from '../../local/template/region-template.ts';
import { startTriggers, type Triggers } from '../../local/triggers.ts';
import { waitUntil } from './real-time.ts';

const region = 'us-east-1';
const queueArn = 'arn:aws:sqs:us-east-1:111122223333:keeptrack-intake';
const functionArn = 'arn:aws:lambda:us-east-1:111122223333:function:keeptrack-store';

const running: Triggers[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((triggers) => triggers.stop()));
});

const template: RegionTemplate = {
  region,
  account: '111122223333',
  stackName: 'Stack',
  functions: [],
  queues: [],
  buckets: [],
  tables: [],
  notifications: [],
  mappings: [
    { logicalId: 'Mapping', queueArn, functionArn, batchSize: 10, windowSeconds: 0, reportsItemFailures: true },
  ],
  schedules: [{ logicalId: 'Schedule', functionArn, intervalSeconds: 0.02, input: '{"task":"deliver"}' }],
  apis: [],
  domains: [],
  healthChecks: [],
  records: [],
  outputs: {},
};

function start(...faults: Fault[]) {
  return startWith({}, ...faults);
}

function startWith(more: Partial<RegionTemplate>, ...faults: Fault[]) {
  const time = machineTime();
  const chance = Math.random;
  const board = new FaultBoard({ time, chance });
  for (const fault of faults) board.add(fault);
  const settings = {
    name: 'keeptrack-intake',
    arn: queueArn,
    visibilityTimeoutSeconds: 30,
    retentionSeconds: 60,
    receiveWaitSeconds: 0,
    delaySeconds: 0,
    messageBytesMax: 1_048_576,
  };
  const queues = createQueues([settings], { time, chance });
  const payloads: string[] = [];
  const calls: string[] = [];
  const invoke: LambdaHost['invoke'] = (_, payload) => {
    payloads.push(payload);
    return Promise.resolve({ kind: 'done', payload: 'null' });
  };
  const host = { invoke } as LambdaHost;
  const countCall = (caller: string, call: string) => void calls.push(`${caller} ${call}`);
  const log = new BucketModel({ name: 'log', versioned: true, time, store: memoryBucketStore() });
  const buckets = [log];
  running.push(
    startTriggers({
      template: { ...template, ...more },
      queues,
      buckets,
      host,
      faults: board,
      chance,
      time,
      fastTime: time,
      countCall,
    }),
  );
  const queue = queues.get(queueArn);
  return { board, queue, log, calls, batches: () => payloads.filter((one) => one.includes('Records')), payloads };
}

test('messages of a queue are handed to its function, and the calls of the poller are counted', async () => {
  const { queue, calls, batches } = start();
  queue?.send({ body: 'hello' });
  await waitUntil(() => queue?.counts().visible === 0 && queue.counts().inFlight === 0);
  expect(JSON.parse(batches()[0] ?? '')).toMatchObject({ Records: [{ body: 'hello', eventSource: 'aws:sqs' }] });
  expect(calls).toContain('keeptrack-store sqs:ReceiveMessage');
  expect(calls).toContain('keeptrack-store sqs:DeleteMessageBatch');
});

test('a schedule hands its input to its function, again and again', async () => {
  const { payloads } = start();
  await waitUntil(() => payloads.filter((one) => one === '{"task":"deliver"}').length >= 3);
});

test('paused pollers take nothing, and go on when the fault is gone', async () => {
  const { board, queue, batches, payloads } = start({ service: 'pollers', effect: 'pause' });
  queue?.send({ body: 'hello' });
  await waitUntil(() => payloads.length >= 3);
  expect([batches(), queue?.counts().visible]).toEqual([[], 1]);
  for (const { id } of board.list()) board.remove(id);
  await waitUntil(() => batches().length === 1);
});

test('a paused schedule does not fire, while pollers go on', async () => {
  const { queue, batches, payloads } = start({ service: 'schedule', effect: 'pause' });
  queue?.send({ body: 'hello' });
  await waitUntil(() => batches().length === 1);
  expect(payloads).toHaveLength(1);
});

test('pollers fail like any caller while their queue is ill, and go on when it is well', async () => {
  const { board, queue, batches, calls } = start({ service: 'sqs', effect: 'error', actions: ['ReceiveMessage'] });
  queue?.send({ body: 'hello' });
  await waitUntil(() => calls.length >= 1);
  expect(batches()).toEqual([]);
  for (const { id } of board.list()) board.remove(id);
  await waitUntil(() => batches().length === 1);
});

describe('a bucket that tells the queue of its log', () => {
  const notifying = {
    mappings: [],
    notifications: [
      { logicalId: 'Log', bucketName: 'log', configurationId: 'Log-0', queueArn, prefix: 'log/', suffix: '' },
    ],
  };
  const key = 'log/dt=2026-11-23/hr=05/one.ndjson.gz';
  const messagesIn = ({ queue }: ReturnType<typeof startWith>) => queue?.messages().map(({ body }) => body) ?? [];

  test('announces itself and each new segment, and its calls are counted as those of S3', async () => {
    const region = startWith(notifying);
    expect(messagesIn(region)).toEqual([expect.stringContaining('s3:TestEvent')]);
    region.log.put(key, Buffer.from('segment'));
    region.log.put('catalog/current.json', Buffer.from('no segment'));
    await waitUntil(() => messagesIn(region).some((body) => body.includes('ObjectCreated:Put')));
    expect(messagesIn(region)).toHaveLength(2);
    expect(region.calls.filter((call) => call.startsWith('s3 '))).toEqual(['s3 sqs:SendMessage', 's3 sqs:SendMessage']);
  });

  test('loses the events that a fault drops, and that fault has struck', () => {
    const region = startWith(notifying, { service: 'notifications', effect: 'drop' });
    region.log.put(key, Buffer.from('segment'));
    running.splice(0).map((triggers) => triggers.stop());
    expect(messagesIn(region)).toHaveLength(1);
    expect(region.board.list()).toMatchObject([{ strikes: 1 }]);
  });

  test('tries again while the queue is ill', async () => {
    const region = startWith(notifying, { service: 'sqs', effect: 'error', actions: ['SendMessage'] });
    region.log.put(key, Buffer.from('segment'));
    await waitUntil(() => region.board.list().some(({ strikes }) => strikes >= 2));
    expect(messagesIn(region)).toEqual([]);
    for (const { id } of region.board.list()) region.board.remove(id);
    await waitUntil(() => messagesIn(region).length === 1);
  });

  test('sends what it still holds when the cloud stops', () => {
    const region = startWith(notifying, { service: 'notifications', effect: 'pause' });
    region.log.put(key, Buffer.from('segment'));
    running.splice(0).map((triggers) => triggers.stop());
    expect(messagesIn(region)).toHaveLength(2);
  });
});
