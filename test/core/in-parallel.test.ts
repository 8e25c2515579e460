import { expect, test } from 'vitest';
import { inParallel } from '../../core/in-parallel.ts';

test('results come in the order of the items', async () => {
  const task = async (rounds: number) => {
    for (let round = 0; round < rounds; round += 1) await Promise.resolve();
    return rounds;
  };
  expect(await inParallel([3, 1, 2], 2, task)).toEqual([3, 1, 2]);
});

test('no task begins after one has failed', async () => {
  const begun: number[] = [];
  const task = async (item: number) => {
    begun.push(item);
    if (item === 1) throw new Error('failed');
    await Promise.resolve();
  };
  await expect(inParallel([0, 1, 2, 3, 4], 2, task)).rejects.toThrow('failed');
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1]);
});
