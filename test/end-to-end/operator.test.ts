import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { startLocalCloud } from '../../local/cloud.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { type Circumstances, type Finished, runKeeptrack } from '../operator/command-under-test.ts';
import { click, eventually } from './cloud-under-test.ts';

/** The operator's commands, as they are typed, against a local cloud; also while one region is wholly dead. */

vi.setConfig({ testTimeout: 400_000 });

const [east, west] = ['us-east-1', 'us-west-2'] as const;
const files = { 'keeptrack.config.json': readFileSync('keeptrack.config.json', 'utf8') };

let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startLocalCloud({ assembly: inject('assembly'), speed: 12, seed: 1 });
});
afterEach(() => {
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
});
afterAll(async () => {
  await cloud?.stop();
});

function run(command: string, circumstances: Circumstances = {}): Promise<Finished> {
  return runKeeptrack([...command.split(' '), '--local', cloud.urls.console], { files, ...circumstances });
}

/** Again until what it finds holds: on busy cores a region may fail a health check for a moment. */
async function runUntil(command: string, what: string, holds: (finished: Finished) => boolean): Promise<Finished> {
  let finished = await run(command);
  await eventually(what, async () => {
    if (holds(finished)) return true;
    finished = await run(command);
    return false;
  });
  return finished;
}

function tells(line: RegExp): (finished: Finished) => boolean {
  return ({ out }) => out.some((text) => line.test(text));
}

async function json(command: string) {
  const { out } = await run(`${command} --json`);
  return JSON.parse(out.join('\n'));
}

/** Its minutes are seconds, so that a command gives up sooner. */
function hastyClock() {
  const startMs = Date.now();
  return {
    nowMs: () => startMs + (Date.now() - startMs) * 60,
    sleep: (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs)),
  };
}

function breakRegion(region: string, effect: 'hang' | 'reset'): void {
  cloud.addFault({ region, service: 'region', effect } satisfies Fault);
}

describe('status', () => {
  test('says of a cloud that runs that all is well, as a table and as JSON', async () => {
    const { out } = await runUntil('status', 'all is well', ({ exitCode }) => exitCode === 0);
    expect(out.join('\n')).toMatch(/^all is well at .*UTC\n/);
    expect(out.find((line) => line.startsWith('last segment'))).toMatch(/ ago +.* ago$/);
    const told = await runUntil('status --json', 'all is well', ({ exitCode }) => exitCode === 0);
    const status = JSON.parse(told.out.join('\n'));
    expect(status).toMatchObject({ well: true, problems: [], switched: [] });
    for (const region of status.regions) {
      expect(region).toMatchObject({ health: { kind: 'well' }, owed: { complete: true } });
      expect(region.queues).toHaveLength(4);
    }
  });

  test.each(['hang', 'reset'] as const)(
    'with a region that answers by %s tells what the other one knows',
    async (effect) => {
      breakRegion(east, effect);
      const { exitCode, out, error } = await runUntil('status', 'the other region is well', tells(/^health .* well$/));
      expect(exitCode).toBe(1);
      expect(error).toEqual([]);
      expect(out[0]).toBe('NOT WELL');
      expect(out[1]).toMatch(/^ {2}us-east-1: \/health /);
      expect(out.find((line) => line.startsWith('health'))).toMatch(/NOT WELL: .* well$/);
      expect(out.find((line) => line.startsWith('intake queue'))).toContain('unknown: ');
    },
  );
});

describe('smoke', () => {
  test('sends every kind of link to a region, and finds each event in both logs', async () => {
    const { exitCode, out, error } = await run(`smoke ${west}`);
    expect(out.filter((line) => line.startsWith('FAILED'))).toEqual([]);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: [] });
    expect(out.at(-1)).toMatch(
      /^(\d+) of \1 checks passed at http:\/\/127\.0\.0\.1:\d+ \(us-west-2\); offer \d+, affiliate 1, /,
    );
  });

  test('fails when what was acknowledged does not come into a log', async () => {
    cloud.addFault({ region: east, service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' });
    const { exitCode, out } = await run(`smoke ${cloud.urls.region[west]} --offer 15 --affiliate 2`, {
      clock: hastyClock(),
    });
    expect(exitCode).toBe(1);
    expect(out).toContainEqual(
      expect.stringMatching(/^FAILED click: not found in the log of us-east-1: it cannot be listed/),
    );
    expect(out.at(-1)).toContain('offer 15, affiliate 2');
  });

  test('looks in one log only, while the other region is not there yet', async () => {
    cloud.addFault({ region: east, service: 's3', effect: 'error', status: 404, code: 'NoSuchBucket' });
    const { exitCode, out } = await run(`smoke ${west} --log ${west}`);
    expect(out.filter((line) => line.startsWith('FAILED'))).toEqual([]);
    expect(exitCode).toBe(0);
    expect(out.find((line) => line.startsWith('ok  click '))).toMatch(/, in the log of us-west-2$/);
  });

  test('sends nothing to a region that does not answer', async () => {
    breakRegion(east, 'reset');
    const { exitCode, out, error } = await run(`smoke ${east}`);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: [] });
    expect(error).toEqual([expect.stringContaining('nothing was sent')]);
  });

  test.each([
    ['smoke eu-west-1', 'eu-west-1: is neither us-east-1 nor us-west-2, nor an http or https URL without a path'],
    ['smoke us-east-1 --offer 84', 'offer 84 is not active in the catalog'],
  ])('%s is a mistake', async (command, problem) => {
    expect(await run(command)).toMatchObject({ exitCode: 2, out: [], error: [problem] });
  });
});

describe('shift', () => {
  afterEach(async () => {
    for (const { id } of cloud.state().faults) cloud.removeFault(id);
    for (const region of [east, west]) await run(`shift ${region} --back --confirm ${region}`);
    await eventually('both are healthy', () => cloud.state().regions.every(({ healthy }) => healthy));
  });

  test('leads the name away from a region, records who, and back', async () => {
    const away = await run(`shift ${east} --away --by grace`, { answers: east });
    expect(away).toMatchObject({
      exitCode: 0,
      error: [],
      questions: [expect.stringContaining('us-west-2 will take all')],
    });
    expect(away.out[0]).toMatch(/^us-east-1: away, recorded for grace at /);
    expect(away.out[1]).toContain('us-west-2 says that us-east-1 is drained');
    expect(cloud.state().nameAnswers).toBe(west);
    const { switched, regions } = await json('status');
    expect(switched).toEqual([expect.stringMatching(/^us-east-1: shift away, set by grace at /)]);
    expect(regions[0].drained).toEqual({ kind: 'drained' });

    expect(await run(`shift ${east} --back --confirm ${east}`)).toMatchObject({ exitCode: 0, error: [] });
    expect(cloud.state().nameAnswers).toBe(east);
  });

  test('works while that region is wholly dead', async () => {
    breakRegion(east, 'reset');
    const { exitCode, out, error } = await run(`shift ${east} --away --confirm ${east}`);
    expect(exitCode).toBe(0);
    expect(error).toEqual([expect.stringContaining('the log of us-east-1 did not take its copy')]);
    expect(out[1]).toContain('us-west-2 says that us-east-1 is drained');
    expect(cloud.state().nameAnswers).toBe(west);
  });

  test('does not drain both regions, nor lead all to one that is not well, unless it is forced', async () => {
    await run(`shift ${west} --away --confirm ${west}`);
    const refused = await run(`shift ${east} --away --confirm ${east}`);
    expect(refused).toMatchObject({ exitCode: 2, out: [] });
    expect(refused.error[0]).toContain('us-west-2 is drained already (set by ada at ');
    breakRegion(east, 'reset');
    const ill = await run(`shift ${west} --away --confirm ${west}`);
    expect(ill).toMatchObject({ exitCode: 2, out: [] });
    expect(ill.error[0]).toContain('us-east-1, which would take the traffic, is not well');
  });

  test.each([
    [`shift ${east} --away`, { answers: west }, 'Nothing was done: "us-west-2" is not us-east-1.'],
    [`shift ${east} --away`, {}, 'give --confirm us-east-1'],
    [`shift ${east} --away --confirm ${west}`, {}, 'Nothing was done'],
    [`shift ${east}`, {}, 'say --away or --back'],
    [`shift ${east} --away --back`, {}, 'cannot be used with'],
    ['shift eu-west-1 --away', {}, 'not a region of this deployment'],
  ] as const)('%s (%j) changes nothing', async (command, circumstances, problem) => {
    const { exitCode, out, error } = await run(command, circumstances);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
    expect(error.join('\n')).toContain(problem);
    expect((await json('status')).switched).toEqual([]);
  });
});

describe('storage', () => {
  afterEach(async () => {
    for (const { id } of cloud.state().faults) cloud.removeFault(id);
    for (const region of [east, west]) await run(`storage ${region} --auto`);
  });

  test('lets a region leave its own bucket alone, until it is told otherwise', async () => {
    const skipped = await run(`storage ${east} --skip home --for 30m --confirm ${east}`);
    expect(skipped).toMatchObject({ exitCode: 0, error: [] });
    expect(skipped.out.join('\n')).toMatch(
      /skip-home, recorded for ada.*\nRead back\. The functions of us-east-1 skip \S+-us-east-1 until /s,
    );
    const { switched } = await json('status');
    expect(switched).toEqual([expect.stringMatching(/^us-east-1: storage skip-home until .*, set by ada at /)]);
    await eventually('what the bucket does not get is owed to it', async () => {
      await click(cloud.urls.region[east] ?? '');
      return (await json('status')).regions[0].owed.messages > 0;
    });

    const auto = await run(`storage ${east} --auto`);
    expect(auto).toMatchObject({ exitCode: 0, error: [] });
    expect(auto.out[1]).toMatch(/^before: skip-home until .*, set by ada at /);
  });

  test("holds by the region's own copy while the bucket that is to be skipped is down", async () => {
    cloud.addFault({ region: east, service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' });
    const { exitCode, out, error } = await run(`storage ${west} --skip peer --confirm ${west}`);
    expect(exitCode).toBe(0);
    expect(error[0]).toContain('the copy that decides was not written (log of us-east-1: 503');
    expect(out[1]).toContain('Read back.');
  });

  test('says that it does not hold when the copy that counts can be read and not written', async () => {
    const actions = ['PutObject'];
    cloud.addFault({ region: east, service: 's3', effect: 'error', status: 503, code: 'SlowDown', actions });
    const { exitCode, error } = await run(`storage ${west} --skip peer --confirm ${west}`);
    expect(exitCode).toBe(1);
    expect(error.join('\n')).toContain('The switch does not hold');
  });

  test.each([
    [`storage ${east}`, 'say --skip home, --skip peer or --auto'],
    [`storage ${east} --skip home --auto`, 'say --skip home, --skip peer or --auto'],
    [`storage ${east} --skip home --skip peer`, 'would store nothing anywhere'],
    [`storage ${east} --skip both`, 'Say home or peer.'],
    [`storage ${east} --skip home --for 200h`, 'at most 168h'],
    [`storage ${east} --auto --for 1h`, '--auto has no end'],
    [`storage ${east} --skip home`, 'give --confirm us-east-1'],
  ])('%s changes nothing', async (command, problem) => {
    const { exitCode, out, error } = await run(command);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
    expect(error.join('\n')).toContain(problem);
  });
});
