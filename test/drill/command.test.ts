import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drillCommand } from '../../drill/command.ts';
import { scenarioNames } from '../../drill/scenarios/scenario-file.ts';
import { fakeDrill, keep } from './fake-drill.ts';
import { acknowledgement } from './fake-track.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-command-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const missing = 'f'.repeat(40);

async function command(args: readonly string[], drill = fakeDrill()) {
  const out: string[] = [];
  const errors: string[] = [];
  const started: object[] = [];
  const status = await drill.clock.until(
    drillCommand(args, {
      clock: drill.clock,
      sender: () => ({ send: drill.send, close: async () => undefined }),
      operate: async () => ({ exitCode: 0, output: [], errors: [] }),
      lackOf: async (commit) => (commit === missing ? `there is no commit ${commit} here` : undefined),
      startCloud: async (options) => {
        started.push(options);
        drill.cloud.speed = options.speed;
        return drill.cloud;
      },
      print: (line) => out.push(line),
      printError: (line) => errors.push(line),
    }),
  );
  return { status, out: out.join('\n'), errors: errors.join('\n'), started, stops: drill.cloud.stops };
}

function scenarioFile(text: string): string {
  const file = join(folder, 'mine.yaml');
  writeFileSync(file, text);
  return file;
}

const mine = '{ name: mine, seed: 9, speed: 4, duration: 3s, load: { clicks: 5 }, expect: { lost: 0 } }';

describe('npm run drill', () => {
  test('with a scenario that passes exits with 0, writes the report and stops the cloud that it started', async () => {
    const reportFile = join(folder, 'out.json');
    const { status, out, started, stops } = await command([scenarioFile(mine), '--report', reportFile]);
    expect(status).toBe(0);
    expect(out).toMatch(/^PASSED mine$/m);
    expect(JSON.parse(readFileSync(reportFile, 'utf8'))).toMatchObject({ verdict: 'PASSED', sent: { click: 15 } });
    expect(started).toEqual([{ speed: 4, seed: 9, releases: {} }]);
    expect(stops).toHaveLength(1);
  });

  test('with --front-door runs the scenario behind that door', async () => {
    const { status, out, started } = await command([scenarioFile(mine), '--front-door', 'alb']);
    expect([status, started]).toEqual([0, [{ speed: 4, seed: 9, releases: {}, frontDoor: 'alb' }]]);
    expect(out).toContain('speed 4, front door alb');
    expect(await command([scenarioFile(mine), '--front-door', 'nginx'])).toMatchObject({ status: 2, started: [] });
  });

  test('with a lost event exits with 1, says what broke, and still writes the report', async () => {
    const reportFile = join(folder, 'out.json');
    const drill = fakeDrill((cloud, event) => (event.seq === 3 ? acknowledgement(event) : keep(cloud, event)));
    const { status, out } = await command([scenarioFile(mine), '--report', reportFile], drill);
    expect(status).toBe(1);
    expect(out).toMatch(/^FAILED mine\n {2}I1: 1 acknowledged clicks/m);
    expect(JSON.parse(readFileSync(reportFile, 'utf8'))).toMatchObject({ verdict: 'FAILED', lost: 1 });
  });

  test('says while it runs what breaks and what heals', async () => {
    const faults = 'faults: [{ at: 1s, for: 1s, region: us-east-1, service: s3, effect: error, status: 503 }]';
    const { out } = await command([scenarioFile(mine.replace('expect', `${faults}, expect`))]);
    expect(out).toMatch(/1\.0 s {2}BREAKS {2}s3 in us-east-1: error 503/);
    expect(out).toMatch(/2\.0 s {2}HEALS {3}s3 in us-east-1: error 503; it struck 7 times/);
  });

  test('says loudly that a fault struck nothing', async () => {
    const faults = 'faults: [{ at: 1s, for: 1s, region: us-west-2, service: s3, effect: error, status: 503 }]';
    const drill = fakeDrill();
    drill.cloud.strikes = 0;
    const { out } = await command([scenarioFile(mine.replace('expect', `${faults}, expect`))], drill);
    expect(out).toMatch(/HEALS {3}s3 in us-west-2: error 503; IT STRUCK NOTHING/);
  });

  test('with a file that has mistakes exits with 2, names each with the file, and starts nothing', async () => {
    const file = scenarioFile('{ name: mine, seed: x, duration: 3s, load: { clicks: 5 }, expect: { lots: 0 } }');
    const { status, errors, started } = await command([file]);
    expect(status).toBe(2);
    expect(errors.split('\n')).toEqual([
      expect.stringMatching(`^${file}:seed: `),
      expect.stringMatching(`^${file}:expect.lots: `),
    ]);
    expect(started).toEqual([]);
  });

  test.each([
    ['an unknown name', ['s3-dwon'], /known: .*s3-down/],
    ['no name', [], /s3-down/],
    ['an unknown option', ['s3-down', '--fast'], /unknown option/],
    ['a folder in the place of the report', ['s3-down', '--report', '/'], /--report: \/ is a folder/],
    ['a folder for the report that is not there', ['s3-down', '--report', '/no/such/folder/out.json'], /no folder/],
  ])('with %s exits with 2 and says what is known', async (_, args, message) => {
    const { status, errors, started } = await command(args);
    expect(status).toBe(2);
    expect(errors).toMatch(message);
    expect(started).toEqual([]);
  });

  test('with a release that is not available exits with 2 and one line, and starts nothing', async () => {
    const file = scenarioFile(mine.replace('expect', `releases: { us-east-1: ${missing} }, expect`));
    const { status, errors, started } = await command([file]);
    expect(status).toBe(2);
    expect(errors).toBe(`there is no commit ${missing} here`);
    expect(started).toEqual([]);
  });

  test('tells the cloud which region runs an earlier release', async () => {
    const releases = { 'us-west-2': '0123456789'.repeat(4) };
    const file = scenarioFile(mine.replace('expect', `releases: ${JSON.stringify(releases)}, expect`));
    const { started } = await command([file]);
    expect(started).toEqual([{ speed: 4, seed: 9, releases }]);
  });

  test('--list names every scenario with the outage it is modelled on, and starts nothing', async () => {
    const { status, out, started } = await command(['--list']);
    expect(status).toBe(0);
    expect(out.split('\n').map((line) => line.split(' ')[0])).toEqual(scenarioNames());
    expect(out).toMatch(/^s3-down .*2017/m);
    expect(started).toEqual([]);
  });

  test('--help says what the exit status means', async () => {
    const { status, out } = await command(['--help']);
    expect(status).toBe(0);
    expect(out).toMatch(/Exit status: 0 passed/);
  });
});
