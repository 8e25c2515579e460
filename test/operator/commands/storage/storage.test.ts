import { afterEach, beforeEach, expect, test } from 'vitest';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

const copyIn = (region: string) => `${region} switches/storage/${east}.json`;
const skip = (more = '') => cloud.run(`storage ${east} --skip home --confirm ${east}${more}`);

test('a bucket is skipped for a time by both copies, the one that decides first', async () => {
  expect(await skip(' --for 30m')).toMatchObject({
    exitCode: 0,
    out: [
      'us-east-1: skip-home, recorded for ada at 2026-11-23 05:10:00 UTC',
      expect.stringContaining('skip kt-log-111122223333-us-east-1 until 2026-11-23 05:40:00 UTC.'),
      expect.stringContaining('SwitchInForce'),
    ],
    error: [],
  });
  expect(cloud.written).toEqual([copyIn(west), copyIn(east)]);
});

test('--auto needs no confirmation and shows the switch that was set before', async () => {
  await skip();
  const { exitCode, out, questions } = await cloud.run(`storage ${east} --auto`);
  expect({ exitCode, questions }).toEqual({ exitCode: 0, questions: [] });
  expect(out[1]).toMatch(/^before: skip-home until .*, set by ada at 2026-11-23 05:10:00 UTC$/);
});

test('a switch that has expired is not shown', async () => {
  await skip(' --for 30m');
  cloud.time.freeze(30 * 60_000);
  const { out } = await cloud.run(`storage ${east} --auto`);
  expect(out.filter((line) => line.startsWith('before'))).toEqual([]);
});

test('nothing is written when the region’s name is not typed', async () => {
  expect(await cloud.run(`storage ${east} --skip peer`)).toMatchObject({
    exitCode: 2,
    questions: [expect.stringContaining('skip kt-log-111122223333-us-west-2 until')],
  });
  expect(cloud.written).toEqual([]);
});

test('while the region is dead, the peer’s copy is enough', async () => {
  cloud.kill(east);
  expect(await skip()).toMatchObject({ exitCode: 0, error: [expect.stringContaining('did not take its copy')] });
  expect(cloud.written).toEqual([copyIn(west)]);
});

test('while the peer is dead, the region’s own copy holds, and the command says so', async () => {
  cloud.kill(west);
  const { exitCode, out, error } = await skip();
  expect(exitCode).toBe(0);
  expect(out[1]).toContain('Read back.');
  expect(error[0]).toContain('the copy that decides was not written (log of us-west-2');
});

test('the exit code is 1 when the log of the peer refuses the switch and still hands out the one before', async () => {
  await skip();
  cloud.faults.add({ region: west, service: 's3', effect: 'error', actions: ['PutObject'] });
  const { exitCode, error } = await cloud.run(`storage ${east} --auto`);
  expect(exitCode).toBe(1);
  expect(error).toContain('The switch does not hold: functions read skip-home, set by ada at 2026-11-23 05:10:00 UTC.');
});

test('the exit code is 1 and nothing has changed when no log takes the switch', async () => {
  cloud.faults.add({ service: 's3', effect: 'error', actions: ['PutObject'] });
  expect(await skip()).toMatchObject({
    exitCode: 1,
    out: [],
    error: [expect.stringContaining('the switch was not written'), expect.stringContaining('Nothing has changed.')],
  });
});
