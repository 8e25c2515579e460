import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

const copyIn = (region: string) => `${region} switches/shift/${east}.json`;
const away = (region: string, more = '') => cloud.run(`shift ${region} --away --confirm ${region}${more}`);

describe('a region is drained', () => {
  test('by its peer’s copy first, and the command waits until the peer and the name follow', async () => {
    expect(await away(east, ' --by grace')).toMatchObject({
      exitCode: 0,
      out: [
        'us-east-1: away, recorded for grace at 2026-11-23 05:10:00 UTC',
        'us-west-2 says that us-east-1 is drained, after 0 s',
        'http://go.example.com leads to us-west-2, after 0 s more',
      ],
      error: [],
    });
    expect(cloud.written).toEqual([copyIn(west), copyIn(east)]);
  });

  test('although it is dead, because the copy that decides is in the peer’s log', async () => {
    cloud.kill(east);
    expect(await away(east)).toMatchObject({
      exitCode: 0,
      error: [
        expect.stringMatching(
          /^the log of us-east-1 did not take its copy .*; the copy in the log of us-west-2 decides\.$/,
        ),
      ],
    });
    expect(cloud.written).toEqual([copyIn(west)]);
  });

  test('and the exit code is 1 when the name does not follow in time', async () => {
    cloud.name.stuckAt = east;
    const { exitCode, error } = await away(east);
    expect(exitCode).toBe(1);
    expect(error).toEqual([
      expect.stringMatching(
        /^http:\/\/go\.example\.com does not lead to us-west-2 after \d+ s: it leads to us-east-1$/,
      ),
      'The switch is written. Run keeptrack status to see what follows it.',
    ]);
  });

  test('and the exit code is 1 when the peer does not say so', async () => {
    cloud.kill(west);
    const { exitCode, error } = await away(east, ' --force');
    expect(exitCode).toBe(1);
    expect(error).toEqual([
      expect.stringContaining('the copy that decides was not written (log of us-west-2'),
      expect.stringContaining('The other copy is in the log of us-east-1'),
      expect.stringMatching(/^us-west-2 does not say within \d+ s that us-east-1 is drained: it ECONNRESET$/),
      'The switch is written. Run keeptrack status to see what follows it.',
    ]);
    expect(cloud.written).toEqual([copyIn(east)]);
  });

  test('in no log when no log takes the switch, and the command does not wait', async () => {
    cloud.faults.add({ service: 's3', effect: 'error', actions: ['PutObject'] });
    const beforeMs = cloud.time.nowMs();
    const { exitCode, out, error } = await away(east);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: [] });
    expect(error).toEqual([
      expect.stringMatching(/^the switch was not written \(log of us-west-2: 503.*; log of us-east-1: 503/),
      expect.stringContaining('Nothing has changed.'),
    ]);
    expect(cloud.time.nowMs()).toBe(beforeMs);
  });
});

describe('a region is not drained', () => {
  test.each<[string, (cloud: SmallCloud) => unknown, string]>([
    ['is dead', ({ kill }) => kill(west), 'us-west-2, which would take the traffic, is not well: /health ECONNRESET'],
    [
      'is drained already',
      () => away(west),
      'us-west-2 is drained already (set by ada at 2026-11-23 05:10:00 UTC): both regions would be drained',
    ],
  ])('when the other one %s, unless it is forced', async (_, prepare, problem) => {
    await prepare(cloud);
    cloud.written.length = 0;
    expect(await away(east)).toMatchObject({
      exitCode: 2,
      out: [],
      error: [problem, 'Nothing was done. Give --force to drain us-east-1 anyway.'],
    });
    expect(cloud.written).toEqual([]);
    await away(east, ' --force');
    expect(cloud.written).toContain(copyIn(east));
  });

  test.each([
    ['', expect.stringContaining('give --confirm us-east-1')],
    [west, 'Nothing was done: "us-west-2" is not us-east-1.'],
  ])('when the person who is asked types "%s"', async (answers, problem) => {
    const finished = await cloud.run(`shift ${east} --away`, { answers });
    expect(finished).toMatchObject({ exitCode: 2, out: [], error: [problem] });
    expect(finished.questions).toEqual([
      'us-west-2 will take all traffic of us-east-1, until somebody shifts it back.\nType us-east-1 to go on: ',
    ]);
    expect(cloud.written).toEqual([]);
  });
});

describe('a region that comes back', () => {
  const back = (region: string) => cloud.run(`shift ${region} --back --confirm ${region}`);

  test('gets the name again when it is the primary', async () => {
    await away(east);
    const { exitCode, out } = await back(east);
    expect(exitCode).toBe(0);
    expect(out[2]).toBe('http://go.example.com leads to us-east-1, after 0 s more');
  });

  test('leaves the name where it is when it is the secondary', async () => {
    await away(west);
    const { exitCode, out } = await back(west);
    expect({ exitCode, last: out[2] }).toEqual({
      exitCode: 0,
      last: 'The name leads to us-east-1 as long as us-east-1 is well.',
    });
  });

  test('is not waited for while it is ill', async () => {
    await away(east);
    cloud.kill(east);
    const { exitCode, out } = await back(east);
    expect(exitCode).toBe(0);
    expect(out[2]).toBe('The name will lead to us-east-1 when us-east-1 is well. Now: /health ECONNRESET.');
  });
});
