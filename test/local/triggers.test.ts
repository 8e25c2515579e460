import { describe, expect, test } from 'vitest';
import { seededChance } from '../../core/seeded-chance.ts';
import type { Fault } from '../../local/fault/fault.ts';
import { FaultBoard } from '../../local/fault/fault-board.ts';
import type { LambdaHost } from '../../local/lambda-host/lambda-host.ts';
import { BucketModel } from '../../local/model/bucket.ts';
import { memoryBucketStore } from '../../local/model/bucket-store.ts';
import { createQueues } from '../../local/model/region-queues.ts';
import type { RegionTemplate } from '../../local/template/region-template.ts';
import { startTriggers } from '../../local/triggers.ts';
import { SimulatedTime } from '../../simulation/simulated-time.ts';

const region = 'us-east-1';
const queueArn = 'arn:aws:sqs:us-east-1:111122223333:keeptrack-intake';
const functionArn = 'arn:aws:lambda:us-east-1:111122223333:function:keeptrack-store';

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
  schedules: [{ logicalId: 'Schedule', functionArn, intervalSeconds: 1, input: '{"task":"deliver"}' }],
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
  const time = new SimulatedTime();
  const chance = seededChance(1);
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
  const triggers = startTriggers({
    template: { ...template, ...more },
    queues,
    buckets: [log],
    host,
    faults: board,
    chance,
    time,
    fastTime: time,
    countCall,
  });
  const queue = queues.get(queueArn);
  const batches = () => payloads.filter((one) => one.includes('Records'));
  const heal = () => {
    for (const { id } of board.list()) board.remove(id);
  };
  return { time, board, heal, triggers, queue, log, calls, batches, payloads };
}

test('messages of a queue are handed to its function, and the calls of the poller are counted', async () => {
  const { time, queue, calls, batches } = start();
  queue?.send({ body: 'hello' });
  await time.pass(100);
  expect(queue?.counts()).toMatchObject({ visible: 0, inFlight: 0 });
  expect(JSON.parse(batches()[0] ?? '')).toMatchObject({ Records: [{ body: 'hello', eventSource: 'aws:sqs' }] });
  expect(calls).toContain('keeptrack-store sqs:ReceiveMessage');
  expect(calls).toContain('keeptrack-store sqs:DeleteMessageBatch');
});

test('a schedule hands its input to its function, again and again', async () => {
  const { time, payloads } = start();
  await time.pass(3_000);
  expect(payloads).toEqual(Array(3).fill('{"task":"deliver"}'));
});

test('paused pollers take nothing while schedules fire, and go on when the fault is gone', async () => {
  const { time, heal, queue, batches, payloads } = start({ service: 'pollers', effect: 'pause' });
  queue?.send({ body: 'hello' });
  await time.pass(3_000);
  expect([payloads.length, batches(), queue?.counts().visible]).toEqual([3, [], 1]);
  heal();
  await time.pass(100);
  expect(batches()).toHaveLength(1);
});

test('a paused schedule does not fire, while pollers go on', async () => {
  const { time, queue, batches, payloads } = start({ service: 'schedule', effect: 'pause' });
  queue?.send({ body: 'hello' });
  await time.pass(3_000);
  expect(batches()).toHaveLength(1);
  expect(payloads).toHaveLength(1);
});

test('pollers fail like any caller while their queue is ill, and go on when it is well', async () => {
  const { time, heal, queue, batches, calls } = start({
    service: 'sqs',
    effect: 'error',
    actions: ['ReceiveMessage'],
  });
  queue?.send({ body: 'hello' });
  await time.pass(3_000);
  expect([new Set(calls), batches()]).toEqual([new Set(['keeptrack-store sqs:ReceiveMessage']), []]);
  heal();
  await time.pass(1_000);
  expect(batches()).toHaveLength(1);
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
    await region.time.pass(2_000);
    expect(messagesIn(region)).toHaveLength(2);
    expect(messagesIn(region)[1]).toContain('ObjectCreated:Put');
    expect(region.calls.filter((call) => call.startsWith('s3 '))).toEqual(['s3 sqs:SendMessage', 's3 sqs:SendMessage']);
  });

  test('loses the events that a fault drops, and that fault has struck', async () => {
    const region = startWith(notifying, { service: 'notifications', effect: 'drop' });
    region.log.put(key, Buffer.from('segment'));
    await region.time.pass(10_000);
    expect(messagesIn(region)).toHaveLength(1);
    expect(region.board.list()).toMatchObject([{ strikes: 1 }]);
  });

  test('tries again while the queue is ill', async () => {
    const region = startWith(notifying, { service: 'sqs', effect: 'error', actions: ['SendMessage'] });
    region.log.put(key, Buffer.from('segment'));
    await region.time.pass(60_000);
    expect(region.board.list()[0]?.strikes).toBeGreaterThanOrEqual(2);
    expect(messagesIn(region)).toEqual([]);
    region.heal();
    await region.time.pass(60_000);
    expect(messagesIn(region)).toHaveLength(1);
  });

  test('sends what it still holds when the cloud stops', async () => {
    const region = startWith(notifying, { service: 'notifications', effect: 'pause' });
    region.log.put(key, Buffer.from('segment'));
    await region.time.pass(10_000);
    expect(messagesIn(region)).toHaveLength(1);
    const stopped = region.triggers.stop();
    expect(messagesIn(region)).toHaveLength(2);
    await stopped;
  });
});
