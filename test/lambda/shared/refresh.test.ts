import { expect, test } from 'vitest';
import { createRefresh } from '../../../lambda/shared/refresh.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

const goodForMs = 5_000;

/** Each read takes so long, and fails with a surprise when told to. */
function scene(readMs = 100) {
  const clock = new SimulatedTime();
  const reads: { readonly beganAtMs: number }[] = [];
  const wanted = { surprise: false };
  const refresh = createRefresh({
    clock,
    dueAtMs: clock.nowMs(),
    async read() {
      reads.push({ beganAtMs: clock.nowMs() });
      await clock.sleep(readMs);
      if (wanted.surprise) throw new Error('surprise');
      return goodForMs;
    },
  });
  return { clock, refresh, reads, wanted };
}

test('what is young is not read again, and what is old is', async () => {
  const { clock, refresh, reads } = scene();
  await clock.until(refresh());
  clock.freeze(goodForMs - 101);
  await clock.until(refresh());
  expect(reads).toHaveLength(1);
  clock.freeze(1);
  await clock.until(refresh());
  expect(reads).toHaveLength(2);
});

test('many who ask at once share one read', async () => {
  const { clock, refresh, reads } = scene();
  await clock.until(Promise.all([refresh(), refresh(), refresh()]));
  expect(reads).toHaveLength(1);
});

test('what was begun before an environment froze is as old as that: who asks after it gets a new read', async () => {
  const { clock, refresh, reads } = scene();
  const frozen = refresh();
  clock.freeze(3_600_000);
  const asked = Promise.all([refresh(), refresh()]);
  await clock.until(frozen);
  await clock.until(asked);
  expect(reads).toHaveLength(2);
  expect(clock.nowMs() - (reads[1]?.beganAtMs ?? 0)).toBe(100);
});

test('a surprise reaches who asked, and the next one tries again', async () => {
  const { clock, refresh, reads, wanted } = scene();
  wanted.surprise = true;
  await expect(clock.until(refresh())).rejects.toThrow('surprise');
  wanted.surprise = false;
  await clock.until(refresh());
  expect(reads).toHaveLength(2);
});
