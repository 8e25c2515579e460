import type { SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import {
  type InvocationOutcome,
  Mapping,
  type MappingSettings,
  type PollerAction,
} from '../../../local/model/mapping.ts';
import { Queue } from '../../../local/model/queue.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

const queueArn = 'arn:aws:sqs:us-east-1:111122223333:intake';
const visibilityTimeoutSeconds = 72;

interface Trial {
  readonly settings?: Partial<MappingSettings>;
  /** What the function does with a batch; absent = it succeeds. */
  readonly answer?: (event: SQSEvent) => InvocationOutcome | Promise<InvocationOutcome>;
  readonly attempt?: (action: PollerAction) => boolean;
}

const succeeds = (): InvocationOutcome => ({ kind: 'done', payload: '{"batchItemFailures":[]}' });

/** A mapping that polls, with the batches that its function got. */
function trial({ settings = {}, answer = succeeds, attempt = () => true }: Trial = {}) {
  const time = new SimulatedTime();
  const queue = new Queue(
    {
      ...{ name: 'intake', arn: queueArn, visibilityTimeoutSeconds, retentionSeconds: 1_209_600 },
      ...{ receiveWaitSeconds: 0, delaySeconds: 0, messageBytesMax: 1_048_576 },
    },
    { time, chance: seededChance(1) },
  );
  const batches: SQSEvent[] = [];
  const mapping = new Mapping(
    {
      ...{ queueArn, functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:store' },
      ...{ batchSize: 10_000, windowSeconds: 2, reportsItemFailures: true, ...settings },
    },
    {
      ...{ queue, time, attempt },
      async invoke(event) {
        batches.push(event);
        return answer(event);
      },
    },
  );
  mapping.resume();
  return { time, queue, mapping, batches };
}

function sendMany(queue: Queue, count: number, body = (index: number) => `message ${index}`): void {
  for (let index = 0; index < count; index += 1) queue.send({ body: body(index) });
}

/** An event has about twenty fields. Each of its quotes takes two bytes in a payload. */
const senderId = 'AROAABCDEFGHIJKLMNOPQ:keeptrack-us-east-1-track';
const fields = Array.from({ length: 20 }, (_, index) => [`field_${index}`, 'value']);

function sizes(batches: readonly SQSEvent[]): readonly number[] {
  return batches.map(({ Records }) => Records.length);
}

function bodies(batches: readonly SQSEvent[]): readonly string[] {
  return batches.flatMap(({ Records }) => Records.map(({ body }) => body));
}

function failing(...ids: unknown[]): InvocationOutcome {
  const batchItemFailures = ids.map((itemIdentifier) => ({ itemIdentifier }));
  return { kind: 'done', payload: JSON.stringify({ batchItemFailures }) };
}

describe('a batch', () => {
  test('gathers what comes within the window, and is deleted when the function succeeds', async () => {
    const { time, queue, batches } = trial({ settings: { concurrencyMax: 1 } });
    sendMany(queue, 3);
    await time.pass(1_000);
    sendMany(queue, 2);
    expect(batches).toEqual([]);
    await time.pass(1_000);
    expect(sizes(batches)).toEqual([5]);
    expect(queue.messages()).toEqual([]);
  });

  test('ends at its size without waiting for the window', async () => {
    const { time, queue, batches } = trial({ settings: { batchSize: 25, concurrencyMax: 1 } });
    sendMany(queue, 60);
    await time.pass(0);
    expect(sizes(batches)).toEqual([25, 25]);
    await time.pass(2_000);
    expect(sizes(batches)).toEqual([25, 25, 10]);
  });

  test('without a window is what one receive gives', async () => {
    const { time, queue, batches } = trial({ settings: { batchSize: 10, windowSeconds: 0 } });
    sendMany(queue, 3);
    await time.pass(0);
    expect(bodies(batches).toSorted()).toEqual(['message 0', 'message 1', 'message 2']);
  });

  test('ends at 6 MB of payload, and what did not fit comes in the next one, once', async () => {
    const { time, queue, batches } = trial({ settings: { concurrencyMax: 1 } });
    sendMany(queue, 15, (index) => `${index} ${'x'.repeat(1_000_000)}`);
    await time.pass(10_000);
    expect(sizes(batches)).toEqual([6, 6, 3]);
    for (const event of batches) expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(6 * 1_048_576);
    expect(new Set(bodies(batches)).size).toBe(15);
    expect(queue.messages()).toEqual([]);
  });

  test('holds some 4,000 events of 600 bytes', async () => {
    const { time, queue, batches } = trial({ settings: { concurrencyMax: 1 } });
    const body = JSON.stringify(Object.fromEntries(fields)).padEnd(600);
    for (let index = 0; index < 5_000; index += 1) queue.send({ body, senderId });
    await time.pass(10_000);
    const [first = 0] = sizes(batches);
    expect(first).toBeGreaterThan(3_900);
    expect(first).toBeLessThan(4_085);
  });

  test('has the shape that Lambda gives it', async () => {
    const { time, queue, batches } = trial();
    queue.send({
      ...{ body: 'hello', senderId: 'track' },
      attributes: {
        reason: { dataType: 'String', value: 'x' },
        bytes: { dataType: 'Binary', value: 'AAE=' },
      },
    });
    const sentAt = String(time.nowMs());
    await time.pass(2_000);
    const lists = { stringListValues: [], binaryListValues: [] };
    expect(batches[0]?.Records[0]).toEqual({
      messageId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      receiptHandle: expect.any(String),
      body: 'hello',
      attributes: {
        ...{ ApproximateReceiveCount: '1', SentTimestamp: sentAt, SenderId: 'track' },
        ApproximateFirstReceiveTimestamp: sentAt,
      },
      messageAttributes: {
        reason: { stringValue: 'x', dataType: 'String', ...lists },
        bytes: { binaryValue: 'AAE=', dataType: 'Binary', ...lists },
      },
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
      ...{ eventSource: 'aws:sqs', eventSourceARN: queueArn, awsRegion: 'us-east-1' },
    });
  });
});

describe('a batch of which some failed', () => {
  test('comes again with those only, after their visibility', async () => {
    let isIll = true;
    const { time, queue, batches } = trial({
      answer: ({ Records }) => (isIll ? failing(Records[1]?.messageId) : succeeds()),
    });
    sendMany(queue, 3);
    await time.pass(2_000);
    expect(queue.messages()).toMatchObject([{ body: 'message 1' }]);
    isIll = false;
    await time.pass(visibilityTimeoutSeconds * 1_000 - 2_001);
    expect(sizes(batches)).toEqual([3]);
    await time.pass(2_001);
    expect(bodies(batches).slice(3)).toEqual(['message 1']);
    expect(queue.messages()).toEqual([]);
  });

  const everything: readonly (readonly [string, (event: SQSEvent) => InvocationOutcome])[] = [
    ['names all of it', ({ Records }) => failing(...Records.map(({ messageId }) => messageId))],
    ['names a message that is not in it', () => failing('another')],
    ['gives an empty id', () => failing('')],
    ['gives a null id', () => failing(null)],
    ['uses another key', () => ({ kind: 'done', payload: '{"batchItemFailures":[{"id":"x"}]}' })],
    ['is no JSON', () => ({ kind: 'done', payload: 'oh no' })],
    ['is no object', () => ({ kind: 'done', payload: '"fine"' })],
    ['is the function failing', () => ({ kind: 'failed' })],
    ['is a throttle', () => ({ kind: 'throttled' })],
  ];

  test.each(everything)('stays whole when the answer %s', async (_, answer) => {
    const { time, queue } = trial({ answer });
    sendMany(queue, 3);
    await time.pass(10_000);
    expect(queue.counts()).toMatchObject({ inFlight: 3, visible: 0 });
  });

  const nothing = ['{"batchItemFailures":[]}', '{"batchItemFailures":null}', '{}', 'null', ''];

  test.each(nothing)('is done when the answer is %j', async (payload) => {
    const { time, queue } = trial({ answer: () => ({ kind: 'done', payload }) });
    sendMany(queue, 3);
    await time.pass(10_000);
    expect(queue.messages()).toEqual([]);
  });

  test('is done, whatever the answer says, when the mapping does not ask for item failures', async () => {
    const { time, queue } = trial({
      settings: { reportsItemFailures: false },
      answer: ({ Records }) => failing(Records[0]?.messageId),
    });
    sendMany(queue, 3);
    await time.pass(10_000);
    expect(queue.messages()).toEqual([]);
  });
});

type Fate = 'done' | 'some' | 'failed' | 'throttled';

/** What comes of a batch; bodies of messages that were dealt with are noted. */
function fateOf(fate: Fate, records: SQSEvent['Records'], done: Set<string>): InvocationOutcome {
  if (fate === 'failed' || fate === 'throttled') return { kind: fate };
  const failed = fate === 'some' ? records.filter((_, index) => index % 2 === 0) : [];
  for (const record of records) if (!failed.includes(record)) done.add(record.body);
  return failing(...failed.map(({ messageId }) => messageId));
}

describe('a mapping', () => {
  test('gathers five batches at a time, which share the messages', async () => {
    const { time, queue, batches } = trial();
    for (let count = 0; count < 12; count += 1) {
      await time.pass(1);
      sendMany(queue, 1);
    }
    await time.pass(2_000);
    expect(sizes(batches).toSorted()).toEqual([2, 2, 2, 3, 3]);
  });

  test('has no more invocations under way than it may, and gathers further batches meanwhile', async () => {
    const ends: (() => void)[] = [];
    const { time, queue, batches } = trial({
      settings: { batchSize: 10, concurrencyMax: 2 },
      answer: () => new Promise((resolve) => ends.push(() => resolve(succeeds()))),
    });
    sendMany(queue, 50);
    await time.pass(30_000);
    expect(sizes(batches)).toEqual([10, 10]);
    expect(queue.counts()).toMatchObject({ visible: 10, inFlight: 40 });
    ends[0]?.();
    await time.pass(0);
    expect(sizes(batches)).toEqual([10, 10, 10]);
  });

  test('gathers more batches at a time, up to its concurrency, while messages are left, and five again later', async () => {
    let receives = 0;
    const { time, queue } = trial({
      settings: { batchSize: 10, concurrencyMax: 8, windowSeconds: 1 },
      answer: () => new Promise((resolve) => time.after(1_000, () => resolve(succeeds()))),
      attempt(action) {
        if (action === 'ReceiveMessage') receives += 1;
        return true;
      },
    });
    sendMany(queue, 800);
    await time.pass(500);
    expect(queue.counts().inFlight).toBe((8 + 5) * 10);
    await time.pass(3_000);
    expect(queue.counts().inFlight).toBe((8 + 8) * 10);
    await time.pass(60_000);
    expect(queue.messages()).toEqual([]);
    receives = 0;
    await time.pass(20_000);
    expect(receives).toBe(5);
  });

  test('that is paused receives nothing; what it had gathered comes back, and all comes once it goes on', async () => {
    const { time, queue, mapping, batches } = trial();
    sendMany(queue, 3);
    await time.pass(1_000);
    mapping.pause();
    sendMany(queue, 2, (index) => `later ${index}`);
    await time.pass(300_000);
    expect(batches).toEqual([]);
    expect(queue.counts()).toMatchObject({ visible: 5 });
    mapping.resume();
    await time.pass(2_000);
    expect(sizes(batches)).toEqual([5]);
    expect(queue.messages()).toEqual([]);
  });

  test('that is paused lets the invocation under way end, and deletes what it did', async () => {
    let end = (): void => {};
    const { time, queue, mapping } = trial({
      answer: () => new Promise((resolve) => (end = () => resolve(succeeds()))),
    });
    sendMany(queue, 3);
    await time.pass(2_000);
    const stopped = mapping.stop();
    end();
    await stopped;
    expect(queue.messages()).toEqual([]);
  });

  test('that cannot reach the queue goes on when it can', async () => {
    let isReachable = false;
    const { time, queue, batches } = trial({ attempt: () => isReachable });
    sendMany(queue, 3);
    await time.pass(60_000);
    expect(queue.counts()).toMatchObject({ visible: 3 });
    isReachable = true;
    await time.pass(5_000);
    expect(sizes(batches)).toEqual([3]);
  });

  test('whose deletes are lost gives the messages again', async () => {
    let losses = 1;
    const { time, queue, batches } = trial({
      attempt: (action) => {
        if (action !== 'DeleteMessageBatch' || losses === 0) return true;
        losses -= 1;
        return false;
      },
    });
    sendMany(queue, 3);
    await time.pass(visibilityTimeoutSeconds * 1_000 + 4_000);
    expect(sizes(batches)).toEqual([3, 3]);
    expect(queue.messages()).toEqual([]);
  });

  test('loses nothing and leaves nothing, whatever its function did before it healed', async () => {
    const kinds = fc.constantFrom<Fate>('done', 'failed', 'throttled', 'some');
    await fc.assert(
      fc.asyncProperty(fc.array(kinds, { maxLength: 12 }), fc.integer({ min: 1, max: 80 }), async (fates, count) => {
        const done = new Set<string>();
        let turn = 0;
        const { time, queue, mapping } = trial({
          settings: { batchSize: 20 },
          answer({ Records }) {
            const fate = fates[turn] ?? 'done';
            turn += 1;
            return fateOf(fate, Records, done);
          },
        });
        sendMany(queue, count);
        await time.pass((fates.length + 2) * visibilityTimeoutSeconds * 1_000);
        await mapping.stop();
        expect(done.size).toBe(count);
        expect(queue.messages()).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
