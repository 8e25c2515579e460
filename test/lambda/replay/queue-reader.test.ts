import { expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import type { Fetched, QueueReceiver, ReceivedMessage } from '../../../core/ports.ts';
import { QueueReader } from '../../../lambda/replay/queue-reader.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

const { failedReceivesMax, removeWaitMs } = limits.replay;
const refused = { kind: 'failed', answer: { status: 503, code: 'ServiceUnavailable' } } as const;

function message(name: string): ReceivedMessage {
  return { id: name, receipt: name, body: '', sentAtMs: 0, receiveCount: 1 };
}

/** A reader of a queue that answers as told, and what it was asked to remove. */
function scene() {
  const clock = new SimulatedTime();
  const removals: (readonly string[])[] = [];
  const answers = {
    receive: { kind: 'ok', value: [message('a')] } as Fetched<readonly ReceivedMessage[]>,
    remove: { kind: 'ok', value: [] } as Fetched<readonly string[]>,
  };
  const queue: QueueReceiver = {
    receive: async () => answers.receive,
    remove: async (receipts) => {
      removals.push(receipts);
      return answers.remove;
    },
    release: async () => {},
  };
  return { clock, removals, answers, reader: new QueueReader(queue, clock) };
}

test('a queue that fails a few times in a row is left alone, and one that answers in between is not', async () => {
  const { answers, reader } = scene();
  const receive = async (answer: Fetched<readonly ReceivedMessage[]>) => {
    answers.receive = answer;
    await reader.receive(10);
    return reader.ready;
  };
  const well = answers.receive;
  for (let failure = 1; failure < failedReceivesMax; failure += 1) expect(await receive(refused)).toBe(true);
  expect(await receive(well)).toBe(true);
  for (let failure = 1; failure < failedReceivesMax; failure += 1) expect(await receive(refused)).toBe(true);
  expect(await receive(refused)).toBe(false);
});

test('what was delivered is removed in tens, or when it has waited long', async () => {
  const { clock, removals, reader } = scene();
  for (const name of 'abcdefghij') await reader.finish(message(name));
  expect(removals).toEqual([[...'abcdefghij']]);
  await reader.finish(message('k'));
  expect(removals).toHaveLength(1);
  clock.freeze(removeWaitMs);
  await reader.finish(message('l'));
  expect(removals[1]).toEqual(['k', 'l']);
});

test.each([
  ['the queue did not answer', refused, [...'abcdefghij']],
  ['the queue named some that it did not remove', { kind: 'ok', value: ['b', 'c'] } as const, ['b', 'c']],
])('what could not be removed is tried again at the close: %s', async (_, answer, left) => {
  const { removals, answers, reader } = scene();
  answers.remove = answer;
  for (const name of 'abcdefghij') await reader.finish(message(name));
  await reader.finish(message('k'));
  await reader.close();
  expect(removals[1]).toEqual(['k', ...left]);
});
