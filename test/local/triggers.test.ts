import { expect, test } from 'vitest';
import { seededChance } from '../../core/seeded-chance.ts';
import type { Fault } from '../../local/fault/fault.ts';
import { FaultBoard } from '../../local/fault/fault-board.ts';
import type { LambdaHost } from '../../local/lambda-host/lambda-host.ts';
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
  topics: [],
  mappings: [
    { logicalId: 'Mapping', queueArn, functionArn, batchSize: 10, windowSeconds: 0, reportsItemFailures: true },
  ],
  schedules: [{ logicalId: 'Schedule', functionArn, intervalSeconds: 1, input: '{"task":"deliver"}' }],
  apis: [],
  loadBalancers: [],
  domains: [],
  healthChecks: [],
  records: [],
  outputs: {},
};

function start(...faults: Fault[]) {
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
  const triggers = startTriggers({
    template,
    queues,
    host,
    faults: board,
    time,
    fastTime: time,
    windowTime: time,
    countCall,
  });
  const queue = queues.get(queueArn);
  const batches = () => payloads.filter((one) => one.includes('Records'));
  const heal = () => {
    for (const { id } of board.list()) board.remove(id);
  };
  return { time, board, heal, triggers, queue, calls, batches, payloads };
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
