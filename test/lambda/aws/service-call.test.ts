import { MessageChannel } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { callWithin } from '../../../lambda/aws/service-call.ts';

describe('a call', () => {
  test('that never settles ends when its time is over, and its connection is closed', async () => {
    let signal: AbortSignal | undefined;
    const result = await callWithin(5, (given) => {
      signal = given;
      return new Promise(() => {});
    });
    expect(result).toEqual({ kind: 'failed', answer: { status: 0, code: 'Timeout' } });
    expect(signal?.aborted).toBe(true);
  });

  test('that fails after its time was over harms nobody', async () => {
    let failLate = () => {};
    const result = await callWithin(5, () => new Promise((_, reject) => (failLate = () => reject(new Error('late')))));
    failLate();
    expect(result.kind).toBe('failed');
  });

  test('that throws before it starts is an answer', async () => {
    const result = await callWithin(5_000, () => {
      throw Object.assign(new Error('no credentials'), { name: 'CredentialsProviderError' });
    });
    expect(result).toEqual({ kind: 'failed', answer: { status: 0, code: 'CredentialsProviderError' } });
  });

  test('leaves no timer behind that a freeze would make overdue', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    await callWithin(60_000, async () => 'answered');
    expect(timers()).toBe(before);
  });

  test('whose answer came while all timers were overdue is taken', async () => {
    await new Promise(setImmediate); // From here the event loop looks at timers before it looks at answers.
    const result = await callWithin(1, () => {
      const { port1: there, port2: here } = new MessageChannel();
      const answer = new Promise((resolve) => here.once('message', resolve)).finally(() => here.close());
      there.postMessage('came');
      const frozenUntilMs = performance.now() + 50;
      while (performance.now() < frozenUntilMs);
      return answer;
    });
    expect(result).toEqual({ kind: 'ok', value: 'came' });
  });
});
