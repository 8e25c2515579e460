import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleLine, sampleMs } from '../../../sample-lines.ts';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

const [first, second] = [sampleLine(1), sampleLine(2)];

function unconfirmed(region: typeof east | typeof west, line: string): void {
  cloud.logs[region].add('kt-track', `{"level":"ERROR","message":"no rung took an event","unconfirmed":${line}}`);
}

test('unconfirmed events of both regions go into the first intake queue that takes them', async () => {
  unconfirmed(east, first);
  unconfirmed(west, second);
  expect(await cloud.run('recover-logs')).toMatchObject({
    exitCode: 0,
    out: ['us-east-1: 1 unconfirmed events, 1 brought in', 'us-west-2: 1 unconfirmed events, 1 brought in'],
    error: [],
  });
  expect([cloud.intake(east), cloud.intake(west)]).toEqual([[first, second], []]);
});

test('events of attempts to tell partners are brought in from the log of notify', async () => {
  const attempt = sampleLine(3, sampleMs, { type: 'postback', postback_id: 1, attempt: 1, outcome: 'delivered' });
  unconfirmed(east, first);
  cloud.logs[east].add('kt-notify', `{"level":"ERROR","message":"no queue took it","unconfirmed":${attempt}}`);
  const { exitCode, out } = await cloud.run('recover-logs');
  expect({ exitCode, said: out[0] }).toEqual({
    exitCode: 0,
    said: 'us-east-1: 2 unconfirmed events, 2 brought in',
  });
  expect(cloud.intake(east)).toEqual([first, attempt]);
});

test('a dry run counts them and sends nothing', async () => {
  unconfirmed(east, first);
  const { exitCode, out } = await cloud.run('recover-logs --dry-run');
  expect({ exitCode, out }).toEqual({
    exitCode: 0,
    out: ['us-east-1: 1 unconfirmed events', 'us-west-2: 0 unconfirmed events'],
  });
  expect(cloud.intake(east)).toEqual([]);
});

test('events that are older than asked for, or in another region than asked for, are not recovered', async () => {
  unconfirmed(east, first);
  unconfirmed(west, second);
  cloud.time.freeze(2 * 3_600_000);
  expect(await cloud.run('recover-logs --since 1h')).toMatchObject({ exitCode: 0 });
  expect(await cloud.run(`recover-logs --region ${west}`)).toMatchObject({
    out: ['us-west-2: 1 unconfirmed events, 1 brought in'],
  });
  expect(cloud.intake(east)).toEqual([second]);
});

test('a damaged line is counted by its reason, and its neighbours are recovered', async () => {
  unconfirmed(east, first.slice(0, -9));
  unconfirmed(east, second);
  const { exitCode, out } = await cloud.run('recover-logs');
  expect({ exitCode, said: out[0] }).toEqual({
    exitCode: 0,
    said: 'us-east-1: 1 unconfirmed events, 1 brought in, 1 unreadable (not-json)',
  });
  expect(cloud.intake(east)).toEqual([second]);
});

test('while one region is dead, the events of the other one are recovered, and the exit code is 1', async () => {
  unconfirmed(west, second);
  cloud.kill(east);
  const { exitCode, out, error } = await cloud.run('recover-logs');
  expect(exitCode).toBe(1);
  expect(out[1]).toBe('us-west-2: 1 unconfirmed events, 1 brought in');
  expect(error).toEqual([
    expect.stringMatching(/^us-east-1: its log cannot be read/),
    expect.stringContaining('an event that is brought in twice counts once'),
  ]);
  expect(cloud.intake(west)).toEqual([second]);
});

test('the queue of the dead region is asked once in a run', async () => {
  cloud.faults.add({ region: east, service: 'sqs', effect: 'error', status: 403, code: 'AccessDenied' });
  unconfirmed(east, first);
  unconfirmed(west, second);
  expect(await cloud.run('recover-logs')).toMatchObject({ exitCode: 0 });
  expect(cloud.intake(west)).toEqual([first, second]);
  expect(cloud.calls(east)['sqs:SendMessage']).toBe(1);
});

test('events that no queue takes are reported, and the exit code is 1', async () => {
  cloud.faults.add({ service: 'sqs', effect: 'error', status: 403, code: 'AccessDenied' });
  unconfirmed(east, first);
  const { exitCode, out, error } = await cloud.run('recover-logs');
  expect({ exitCode, said: out[0] }).toEqual({ exitCode: 1, said: 'us-east-1: 1 unconfirmed events, 0 brought in' });
  expect(error[0]).toBe('us-east-1: no intake queue takes its events');
});
