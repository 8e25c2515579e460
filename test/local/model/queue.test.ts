import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import { inFlightMax, type Queue, type QueueSettings } from '../../../local/model/queue.ts';
import type { HandedMessage } from '../../../local/model/queue-message.ts';
import { createQueues } from '../../../local/model/region-queues.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

const arn = 'arn:aws:sqs:us-east-1:111122223333:intake';
const deadLetterArn = 'arn:aws:sqs:us-east-1:111122223333:dead-letters';
const plain: Omit<QueueSettings, 'name' | 'arn'> = {
  visibilityTimeoutSeconds: 30,
  retentionSeconds: 3_600,
  receiveWaitSeconds: 0,
  delaySeconds: 0,
  messageBytesMax: 1_048_576,
};

/** A queue that gives up after `receiveCountMax` receives, and its dead-letter queue. */
function pair(settings: Partial<QueueSettings> = {}, receiveCountMax = 1_000) {
  const time = new SimulatedTime();
  const queues = createQueues(
    [
      { ...plain, name: 'intake', arn, redrive: { deadLetterArn, receiveCountMax }, ...settings },
      { ...plain, name: 'dead-letters', arn: deadLetterArn },
    ],
    { time, chance: seededChance(1) },
  );
  const [queue, deadLetters] = [queues.get(arn), queues.get(deadLetterArn)];
  if (!queue || !deadLetters) throw new Error('no queues');
  return { time, queue, deadLetters };
}

function take(queue: Queue, countMax = 10, visibilitySeconds?: number): readonly HandedMessage[] {
  const outcome = queue.receive({ countMax, ...(visibilitySeconds === undefined ? {} : { visibilitySeconds }) });
  if (outcome.kind !== 'received') throw new Error(outcome.kind);
  return outcome.messages;
}

function takeOne(queue: Queue): HandedMessage {
  const [message] = take(queue, 1);
  if (!message) throw new Error('the queue gave nothing');
  return message;
}

function bodies(messages: readonly { readonly body: string }[]): readonly string[] {
  return messages.map(({ body }) => body);
}

describe('a received message', () => {
  test('is invisible until its visibility ends, then comes again with a new receipt and a higher count', async () => {
    const { time, queue } = pair();
    queue.send({ body: 'one' });
    const sentAtMs = time.nowMs();
    await time.pass(5_000);
    const first = takeOne(queue);
    expect(take(queue)).toEqual([]);
    await time.pass(29_999);
    expect(take(queue)).toEqual([]);
    await time.pass(1);
    const second = takeOne(queue);
    expect(second).toMatchObject({ id: first.id, receiveCount: 2, sentAtMs, firstReceivedAtMs: sentAtMs + 5_000 });
    expect(second.receipt).not.toBe(first.receipt);
  });

  test('stays invisible for as long as that receive asked, not for as long as the queue says', async () => {
    const { time, queue } = pair();
    queue.send({ body: 'one' });
    take(queue, 1, 5);
    await time.pass(5_000);
    expect(bodies(take(queue))).toEqual(['one']);
  });

  test('asked for with a visibility of 0 is handed out once in that receive and is there for the next', () => {
    const { queue } = pair();
    queue.send({ body: 'one' });
    expect(bodies(take(queue, 10, 0))).toEqual(['one']);
    expect(bodies(take(queue, 10, 0))).toEqual(['one']);
  });

  test('whose visibility is changed to 0 is there at once', () => {
    const { queue } = pair();
    queue.send({ body: 'one' });
    expect(queue.changeVisibility(takeOne(queue).receipt, 0)).toBe('changed');
    expect(takeOne(queue).receiveCount).toBe(2);
  });

  test('whose visibility was made longer stays away for the longer time, from then on', async () => {
    const { time, queue } = pair();
    queue.send({ body: 'one' });
    const { receipt } = takeOne(queue);
    await time.pass(20_000);
    queue.changeVisibility(receipt, 60);
    await time.pass(59_999);
    expect(take(queue)).toEqual([]);
    await time.pass(1);
    expect(bodies(take(queue))).toEqual(['one']);
  });
});

describe('a delete', () => {
  test('with the receipt of an earlier receive answers well and deletes nothing', async () => {
    const { time, queue } = pair();
    queue.send({ body: 'one' });
    const first = takeOne(queue);
    await time.pass(30_000);
    const second = takeOne(queue);
    expect(queue.delete(first.receipt)).toBe('stale');
    expect(queue.messages()).toHaveLength(1);
    expect(queue.delete(second.receipt)).toBe('deleted');
    expect(queue.messages()).toEqual([]);
  });

  test('with the latest receipt deletes also after the visibility has run out', async () => {
    const { time, queue } = pair();
    queue.send({ body: 'one' });
    const { receipt } = takeOne(queue);
    await time.pass(40_000);
    expect(queue.delete(receipt)).toBe('deleted');
    expect(take(queue)).toEqual([]);
  });

  test('with a receipt of another queue, or with none at all, is refused', () => {
    const { queue, deadLetters } = pair();
    deadLetters.send({ body: 'other' });
    expect(queue.delete(takeOne(deadLetters).receipt)).toBe('bad-receipt');
    expect(queue.delete('nonsense')).toBe('bad-receipt');
    expect(queue.delete('')).toBe('bad-receipt');
  });
});

describe('a message that is received again and again', () => {
  test('goes to the dead-letter queue at the receive after the last one allowed, whoever died with it', async () => {
    const { time, queue, deadLetters } = pair({}, 3);
    const sent = queue.send({ body: 'one' });
    for (let receives = 1; receives <= 3; receives += 1) {
      expect(takeOne(queue).receiveCount).toBe(receives);
      await time.pass(30_000);
    }
    expect(deadLetters.messages()).toEqual([]);
    expect(take(queue)).toEqual([]);
    expect(sent).toMatchObject({ id: takeOne(deadLetters).id });
    expect(deadLetters.messages()).toMatchObject([
      { body: 'one', receiveCount: 4, deadLetterSourceArn: arn, sentAtMs: time.nowMs() - 90_000 },
    ]);
  });

  test('does not keep the messages behind it from being received', async () => {
    const { time, queue } = pair({}, 1);
    queue.send({ body: 'bad' });
    take(queue);
    await time.pass(30_000);
    queue.send({ body: 'good' });
    expect(bodies(take(queue, 1))).toEqual(['good']);
  });
});

describe('a message body', () => {
  const accepted = ['\t\n\r', ' ', '\u{D7FF}', '\u{E000}', '\u{FFFD}', '\u{10000}', '\u{10FFFF}'];
  const refused = ['\0', '\v', '\x1f', '\u{FFFE}', '\u{FFFF}', '\uD800', '\uDC00'];

  test.each(accepted)('with %j is taken', (body) => {
    expect(pair().queue.send({ body }).kind).toBe('sent');
  });

  test.each(refused)('with %j is refused', (body) => {
    expect(pair().queue.send({ body: `a${body}` }).kind).toBe('refused-characters');
  });

  test('of exactly the limit is taken, with one byte more refused, and its attributes count', () => {
    const { queue } = pair();
    const body = 'x'.repeat(1_048_576);
    expect(queue.send({ body }).kind).toBe('sent');
    expect(queue.send({ body: `${body}x` })).toEqual({ kind: 'too-large', bytes: 1_048_577 });
    expect(queue.send({ body, attributes: { a: { dataType: 'String', value: 'b' } } }).kind).toBe('too-large');
    expect(queue.send({ body: `${'x'.repeat(1_048_575)}é` }).kind).toBe('too-large');
  });
});

describe('a long poll', () => {
  test('is answered by the first message that comes', async () => {
    const { time, queue } = pair();
    const answer = queue.wait({ countMax: 10 }, 20_000);
    await time.pass(7_000);
    queue.send({ body: 'one' });
    expect(await answer).toMatchObject({ messages: [{ body: 'one' }] });
  });

  test('is answered when a delay or a visibility ends', async () => {
    const { time, queue } = pair();
    queue.send({ body: 'late', delaySeconds: 4 });
    const delayed = queue.wait({ countMax: 10 }, 20_000);
    await time.pass(4_000);
    expect(await delayed).toMatchObject({ messages: [{ body: 'late' }] });
    const again = queue.wait({ countMax: 10 }, 40_000);
    await time.pass(30_000);
    expect(await again).toMatchObject({ messages: [{ body: 'late', receiveCount: 2 }] });
  });

  test('ends empty when nothing comes', async () => {
    const { time, queue } = pair();
    const answer = queue.wait({ countMax: 10 }, 20_000);
    await time.pass(20_000);
    expect(await answer).toEqual({ kind: 'received', messages: [] });
  });

  test('that was aborted swallows nothing', async () => {
    const { time, queue } = pair();
    const client = new AbortController();
    const answer = queue.wait({ countMax: 10 }, 20_000, client.signal);
    await time.pass(1_000);
    client.abort();
    queue.send({ body: 'one' });
    expect(await answer).toEqual({ kind: 'received', messages: [] });
    expect(takeOne(queue)).toMatchObject({ body: 'one', receiveCount: 1 });
  });

  test('that was aborted before it began swallows nothing', async () => {
    const { queue } = pair();
    queue.send({ body: 'one' });
    const answer = await queue.wait({ countMax: 10 }, 20_000, AbortSignal.abort());
    expect(answer).toEqual({ kind: 'received', messages: [] });
    expect(takeOne(queue).receiveCount).toBe(1);
  });

  test('waits behind those that came before it', async () => {
    const { queue } = pair();
    const [first, second] = [queue.wait({ countMax: 10 }, 20_000), queue.wait({ countMax: 10 }, 20_000)];
    queue.send({ body: 'one' });
    queue.send({ body: 'two' });
    expect(await first).toMatchObject({ messages: [{ body: 'one' }] });
    expect(await second).toMatchObject({ messages: [{ body: 'two' }] });
  });
});

describe('a queue', () => {
  test('tells visible, in flight and delayed messages apart, and how old the oldest is', async () => {
    const { time, queue } = pair();
    queue.send({ body: 'one' });
    await time.pass(9_000);
    queue.send({ body: 'two' });
    queue.send({ body: 'three', delaySeconds: 10 });
    take(queue, 1);
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 1, delayed: 1, oldestAgeMs: 9_000 });
  });

  test('drops a message when its retention ends, and not before', async () => {
    const { time, queue } = pair({ retentionSeconds: 100 });
    queue.send({ body: 'one' });
    await time.pass(99_999);
    expect(queue.messages()).toHaveLength(1);
    await time.pass(1);
    expect(take(queue)).toEqual([]);
    expect(queue.counts().visible).toBe(0);
  });

  test('with 120,000 messages in flight refuses a short poll and lets a long one wait for a delete', async () => {
    const { queue } = pair({ visibilityTimeoutSeconds: 43_200 });
    for (let count = 0; count <= inFlightMax; count += 1) queue.send({ body: 'm' });
    const { receipt } = takeOne(queue);
    for (let count = 1; count < inFlightMax; count += 10) take(queue, 10);
    expect(queue.receive({ countMax: 1 })).toEqual({ kind: 'over-limit' });
    const waiting = queue.wait({ countMax: 10 }, 20_000);
    queue.delete(receipt);
    expect(await waiting).toMatchObject({ messages: [{ body: 'm' }] });
  });

  test('taken up from a snapshot holds the same messages, and receipts given out before still count', async () => {
    const { time, queue } = pair();
    queue.send({ body: 'waits', attributes: { reason: { dataType: 'String', value: 'poison' } } });
    queue.send({ body: 'in flight' });
    const [, inFlight] = take(queue, 2, 10);
    await time.pass(10_000);
    const [waits] = take(queue, 1, 0);
    const snapshot = JSON.parse(JSON.stringify(queue.snapshot()));

    const { queue: next } = pair();
    next.restore(snapshot);
    expect(next.messages()).toEqual(queue.messages());
    expect(next.delete(inFlight?.receipt ?? '')).toBe('deleted');
    expect(next.delete(waits?.receipt ?? '')).toBe('deleted');
    expect(next.messages()).toEqual([]);
  });

  test('without its dead-letter queue, or with a chain of them, is refused when it is made', () => {
    const world = { time: new SimulatedTime(), chance: seededChance(1) };
    const redrive = { deadLetterArn, receiveCountMax: 3 };
    expect(() => createQueues([{ ...plain, name: 'intake', arn, redrive }], world)).toThrow(deadLetterArn);
    const chain = { ...plain, name: 'dead-letters', arn: deadLetterArn, redrive };
    expect(() => createQueues([{ ...plain, name: 'intake', arn, redrive }, chain], world)).toThrow('not modelled');
  });
});

type Step = { readonly kind: 'send' | 'receive' | 'delete' | 'release' | 'pass'; readonly pick: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('send', 'receive', 'receive', 'delete', 'release', 'pass'),
  pick: fc.nat(50),
});

/** Does the steps, and says which bodies were sent and which the queue said it deleted. */
async function live(queue: Queue, time: SimulatedTime, steps: readonly Step[]) {
  const sent: string[] = [];
  const deleted = new Set<string>();
  const held: HandedMessage[] = [];
  for (const { kind, pick } of steps) {
    const message = held[pick % Math.max(1, held.length)];
    if (kind === 'send') {
      sent.push(`message ${sent.length}`);
      queue.send({ body: sent.at(-1) ?? '', delaySeconds: pick % 3 });
    } else if (kind === 'receive') held.push(...take(queue, 1 + (pick % 10)));
    else if (kind === 'pass') await time.pass(pick * 1_000);
    else if (kind === 'release' && message) queue.changeVisibility(message.receipt, 0);
    else if (kind === 'delete' && message && queue.delete(message.receipt) === 'deleted') deleted.add(message.body);
  }
  return { sent, deleted };
}

describe('whatever is done to a queue', () => {
  test('every message is deleted, or stands in it, or in its dead-letter queue, and only in one of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const { time, queue, deadLetters } = pair({ retentionSeconds: 1_209_600 }, 3);
        const { sent, deleted } = await live(queue, time, steps);
        const found = [...deleted, ...bodies(queue.messages()), ...bodies(deadLetters.messages())];
        expect(found.sort()).toEqual(sent.sort());
      }),
    );
  });

  test('one that delivers twice loses nothing either', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const { time, queue } = pair({ retentionSeconds: 1_209_600 });
        queue.misbehave(0.3);
        const { sent, deleted } = await live(queue, time, steps);
        expect([...new Set([...deleted, ...bodies(queue.messages())])].sort()).toEqual(sent.sort());
      }),
    );
  });

  test('a misbehaving queue really delivers twice, also after a delete', async () => {
    const { time, queue } = pair();
    queue.misbehave(0.5);
    await redelivers(queue, time);
  });

  test('so does one whose world says so of each message', async () => {
    const time = new SimulatedTime();
    const chance = seededChance(2);
    const asked = new Set<string>();
    const redelivering = (action: string) => asked.add(action).size > 0 && chance() < 0.5;
    const queue = createQueues([{ ...plain, name: 'intake', arn }], { time, chance, redelivers: redelivering }).get(
      arn,
    );
    if (!queue) throw new Error('no queue');
    await redelivers(queue, time);
    expect([...asked]).toEqual(['ReceiveMessage', 'DeleteMessageBatch']);
  });

  async function redelivers(queue: Queue, time: SimulatedTime): Promise<void> {
    for (let count = 0; count < 40; count += 1) queue.send({ body: String(count) });
    const received: string[] = [];
    for (let round = 0; round < 40; round += 1) {
      for (const message of take(queue)) {
        received.push(message.body);
        queue.delete(message.receipt);
      }
      await time.pass(31_000);
    }
    expect(received.length).toBeGreaterThan(60);
    expect(new Set(received).size).toBe(40);
    expect(queue.messages()).toEqual([]);
  }
});
