import { expect, test } from 'vitest';
import { failoverAnswer, startHealthCheck } from '../../../local/model/health-check.ts';

type Task = () => void;

function keepIn(tasks: Task[]) {
  return (_: number, task: Task): Task => {
    tasks.push(task);
    return () => tasks.splice(tasks.indexOf(task), 1);
  };
}

/** A health check whose probes answer in turn what they are given, and the verdict after each. */
async function verdicts(answers: readonly boolean[]): Promise<boolean[]> {
  const tasks: Task[] = [];
  const left = [...answers];
  const check = startHealthCheck({
    time: { nowMs: () => 0, after: keepIn(tasks) },
    intervalMs: 10_000,
    threshold: 3,
    probe: () => Promise.resolve(left.shift() === true),
  });
  const seen: boolean[] = [];
  for (const _ of answers) {
    tasks.shift()?.();
    await new Promise(setImmediate);
    seen.push(check.healthy());
  }
  return seen;
}

test('a region turns unhealthy after three misses in a row, and healthy after three answers in a row', async () => {
  expect(await verdicts([true, false, false, false, true, true, true])).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    true,
  ]);
});

test('a miss in between starts the count again', async () => {
  expect(await verdicts([false, false, true, false, false])).toEqual([true, true, true, true, true]);
});

test('a stopped check asks no more', async () => {
  const tasks: Task[] = [];
  let asked = 0;
  const check = startHealthCheck({
    time: { nowMs: () => 0, after: keepIn(tasks) },
    intervalMs: 1,
    threshold: 3,
    probe: () => {
      asked += 1;
      return Promise.resolve(true);
    },
  });
  tasks.pop()?.();
  check.stop();
  await new Promise(setImmediate);
  expect([asked, tasks.length]).toEqual([1, 0]);
});

test('the name answers the first healthy region, and the primary when none is healthy', () => {
  const regions = ['us-east-1', 'us-west-2'];
  expect(failoverAnswer(regions, () => true)).toBe('us-east-1');
  expect(failoverAnswer(regions, (region) => region === 'us-west-2')).toBe('us-west-2');
  expect(failoverAnswer(regions, () => false)).toBe('us-east-1');
});
