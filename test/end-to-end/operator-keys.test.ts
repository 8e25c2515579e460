import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readTransactionId } from '../../core/event/transaction-id.ts';
import { startLocalCloud } from '../../local/cloud.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { type Finished, runKeeptrack } from '../operator/command-under-test.ts';
import { click, eventOf, eventually, inBothLogs, loggedIds, send, transactionIdIn } from './cloud-under-test.ts';

/** Keys, the recovery of logs and the doctor against a local cloud, which is started anew where AWS would be deployed anew. */

vi.setConfig({ testTimeout: 400_000 });

const [east, west] = ['us-east-1', 'us-west-2'] as const;
const dataFolder = mkdtempSync(path.join(tmpdir(), 'keeptrack-keys-'));
const assembly = path.join(dataFolder, 'cloud.out');
const templates = path.join(dataFolder, 'cloud.out');

let cloud: LocalCloud;
/** As it stands after the commands so far. */
let config = readFileSync('keeptrack.config.json', 'utf8');

beforeAll(async () => {
  cloud = await startLocalCloud({ speed: 5, seed: 1, dataFolder });
});
afterEach(() => heal());
afterAll(async () => {
  await cloud?.stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

function heal(): void {
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
}

async function run(command: string, files: Readonly<Record<string, string>> = {}): Promise<Finished> {
  const finished = await runKeeptrack([...command.split(' '), '--local', cloud.urls.console], {
    files: { 'keeptrack.config.json': config, ...templateFiles(), ...files },
  });
  config = finished.written['keeptrack.config.json'] ?? config;
  const printed = [...finished.out, ...finished.error, ...finished.progress].join('\n');
  // Of a key, whole or in part: hex that is longer than any id.
  expect(printed).not.toMatch(/[0-9a-f]{33}/);
  return finished;
}

function templateFiles(): Record<string, string> {
  const names = readdirSync(assembly).filter((name) => name.endsWith('.template.json'));
  return Object.fromEntries(
    names.map((name) => [path.join(templates, name), readFileSync(path.join(assembly, name), 'utf8')]),
  );
}

/** As a synthesis with the config of now would have it, and with that version in the functions. */
async function deploy(): Promise<void> {
  const { signingKeysVersion } = JSON.parse(config) as { signingKeysVersion: string };
  for (const [file, text] of Object.entries(templateFiles())) {
    writeFileSync(file, text.replace(/(SecretString:(?:signing|accepted)):[^}]*/g, `$1::${signingKeysVersion}`));
  }
  await cloud.stop();
  cloud = await startLocalCloud({ speed: 5, assembly, dataFolder, keep: true });
}

describe('doctor', () => {
  const doctor = `doctor --templates ${templates}`;

  test('finds nothing in a cloud that runs as its templates say', async () => {
    expect(await run(doctor)).toMatchObject({
      exitCode: 0,
      out: [`nothing found in ${east} and ${west}`],
      error: [],
    });
  });

  test('tells what drifted from the templates, line by line, and exits with 1', async () => {
    const file = path.join(templates, `Keeptrack-${east}.template.json`);
    const text = readFileSync(file, 'utf8')
      .replace('"ExpirationInDays": 1095', '"ExpirationInDays": 7')
      .replaceAll('"MessageRetentionPeriod": 1209600', '"MessageRetentionPeriod": 60')
      .replace('"PEER_REGION": "us-west-2"', '"PEER_REGION": "eu-west-1"');
    const { exitCode, out } = await run(doctor, { [file]: text });
    expect(exitCode).toBe(1);
    expect(out).toContainEqual(
      expect.stringMatching(/^us-east-1: queue keeptrack-intake: retention in seconds: expected 60, found 1209600; /),
    );
    expect(out).toContainEqual(expect.stringMatching(/PEER_REGION: expected eu-west-1, found us-west-2; deploy/));
    expect(out).toContainEqual(expect.stringMatching(/lifecycle: expected .*7 days.*, found .*1095 days/));
    expect(out.every((line) => line.startsWith(east))).toBe(true);
  });

  test('names a quota that is too small for the load that is said', async () => {
    const { exitCode, out } = await run(`${doctor} --clicks-per-second 5000 --json`);
    expect(exitCode).toBe(1);
    const { findings } = JSON.parse(out.join('\n'));
    expect(findings).toMatchObject(
      [east, west].map((region) => {
        return { region, what: 'concurrency of Lambda for 5000 clicks a second', expected: '1541 free for Keeptrack' };
      }),
    );
  });

  test('sees that the API lets in fewer requests than the peak has', async () => {
    const { exitCode, out } = await run(`${doctor} --clicks-per-second 10000`);
    expect(exitCode).toBe(1);
    for (const region of [east, west]) {
      expect(out).toContainEqual(
        `${region}: requests a second that the API lets in, for 10000 clicks a second: expected at least 10000, found 5000; raise throttle.requestsPerSecond in the config, and deploy both regions`,
      );
    }
  });

  test('looks into an account before a deploy only in AWS', async () => {
    const { exitCode, error, out } = await run('doctor --before-deploy');
    expect([exitCode, out]).toEqual([2, []]);
    expect(error).toEqual([expect.stringContaining('--before-deploy looks into an AWS account')]);
  });

  test('with one region dead says so once, and looks at the other', async () => {
    cloud.addFault({ region: east, service: 'region', effect: 'reset' });
    const { exitCode, out } = await run(doctor);
    expect(exitCode).toBe(1);
    expect(out).toEqual([expect.stringMatching(/^us-east-1: AWS: expected an answer, found /)]);
  });

  test('needs templates to compare with', async () => {
    const { exitCode, error } = await run('doctor --templates nowhere');
    expect(exitCode).toBe(2);
    expect(error.at(-1)).toContain('run npm run synth first');
  });
});

describe('events that no rung took', () => {
  /** Breaks everything that `track` writes to. */
  async function clicksUnconfirmed(count: number): Promise<string[]> {
    for (const service of ['s3', 'sqs'] as const) cloud.addFault({ service, effect: 'error', callers: ['track'] });
    const ids: string[] = [];
    while (ids.length < count) {
      const { status, captured, eventId } = await click(cloud.urls.region[east] ?? '');
      expect(status).toBe(302);
      if (captured === 'unconfirmed') ids.push(eventId);
    }
    heal();
    return ids;
  }

  async function found(command: string): Promise<{ found: number; recovered: number }[]> {
    const { exitCode, out } = await run(`${command} --json`);
    expect(exitCode).toBe(0);
    return JSON.parse(out.join('\n')).regions;
  }

  test('are counted by a dry run, and brought into both logs under their ids by one that is not', async () => {
    const ids = await clicksUnconfirmed(3);
    const [dry] = await found('recover-logs --dry-run');
    expect(dry?.found).toBeGreaterThanOrEqual(3);
    expect(dry?.recovered).toBe(0);
    expect(ids.some((id) => loggedIds(cloud, east).includes(id))).toBe(false);

    const [first] = await found('recover-logs --since 1h');
    expect(first?.recovered).toBe(first?.found);
    await eventually('they are in both logs', () => inBothLogs(cloud, ids));
    for (const id of ids) expect(eventOf(cloud, id)).toMatchObject({ type: 'click', offer_id: 15, aff_id: 145001 });
  });

  test('brought in twice have no more ids than before', async () => {
    const ids = await clicksUnconfirmed(2);
    await found('recover-logs --region us-east-1');
    await eventually('they are in both logs', () => inBothLogs(cloud, ids));
    await found('recover-logs');
    const { eventId } = await click(cloud.urls.name);
    await eventually('what came later is in both logs', () => inBothLogs(cloud, [eventId]));
    expect(new Set(loggedIds(cloud, east).filter((id) => ids.includes(id))).size).toBe(ids.length);
  });

  test('come in by the region that lives while the queues of the other are down', async () => {
    const ids = await clicksUnconfirmed(1);
    cloud.addFault({ region: east, service: 'sqs', effect: 'error', callers: ['operator'] });
    const [first] = await found('recover-logs');
    expect(first?.recovered).toBe(first?.found);
    heal();
    await eventually('they are in both logs', () => inBothLogs(cloud, ids));
  });

  test('stay where they are while no region takes them, and the command says so', async () => {
    await clicksUnconfirmed(1);
    cloud.addFault({ service: 'sqs', effect: 'error', callers: ['operator'] });
    const { exitCode, error } = await run('recover-logs');
    expect(exitCode).toBe(1);
    expect(error).toContain('us-east-1: no intake queue takes its events');
  });

  test.each([
    ['recover-logs --since yesterday', 'duration'],
    ['recover-logs --since 9999h', 'duration'],
    ['recover-logs --region eu-west-1', 'is not one of us-east-1 and us-west-2'],
  ])('%s is a mistake', async (command, problem) => {
    const { exitCode, error } = await run(command);
    expect(exitCode).toBe(2);
    expect(error.join('\n')).toContain(problem);
  });
});

describe('keys', () => {
  const version = () => (JSON.parse(config) as { signingKeysVersion?: string }).signingKeysVersion;

  async function transactionOfNow(): Promise<string> {
    return transactionIdIn((await click(cloud.urls.region[east] ?? '')).location);
  }

  /** Whether a conversion in the other region is credited to the click. */
  async function isCredited(transactionId: string): Promise<boolean> {
    const { eventId } = await send(`${cloud.urls.region[west]}/aff_lsr?transaction_id=${transactionId}`);
    await eventually('the conversion is in both logs', () => inBothLogs(cloud, [eventId]));
    return eventOf(cloud, eventId)?.['aff_id'] === 145001;
  }

  /** What `advertisers key` prints, which no other command may. */
  async function advertiserKey(options = ''): Promise<Finished> {
    const words = `advertisers key 7 --local ${cloud.urls.console} ${options}`.trim().split(' ');
    return runKeeptrack(words, { files: { 'keeptrack.config.json': config } });
  }

  /** Whether a postback that is signed with the key proves its sender in the other region. */
  async function isProven(key: string): Promise<boolean> {
    const { location } = await send(`${cloud.urls.region[east]}/aff_c?offer_id=800&aff_id=145001`);
    const transactionId = transactionIdIn(location);
    const seconds = (readTransactionId(transactionId)?.clickedAtMs ?? 0) / 1_000;
    const query = `timestamp=${seconds}&transaction_id=${transactionId}`;
    const signature = createHmac('sha256', key).update(query).digest('hex');
    const { eventId } = await send(`${cloud.urls.region[west]}/aff_lsr?${query}&signature=${signature}`);
    await eventually('the conversion is in both logs', () => inBothLogs(cloud, [eventId]));
    return eventOf(cloud, eventId)?.['sender'] === 'proven';
  }

  test('of an advertiser who signs are printed, alone on the standard output, also while one region is dead', async () => {
    const { exitCode, out, progress } = await advertiserKey();
    expect([exitCode, out]).toEqual([0, [expect.stringMatching(/^[0-9a-f]{64}$/)]]);
    expect(progress).toEqual([expect.stringMatching(/^key 1 of advertiser 7, Example Telecom: a secret/)]);
    expect(await isProven(String(out[0]))).toBe(true);
    cloud.addFault({ region: east, service: 'region', effect: 'error', actions: ['GetSecretValue'] });
    const asJson = await advertiserKey('--json');
    expect(JSON.parse(asJson.out.join('\n'))).toEqual({ advertiserId: 7, number: 1, key: out[0] });
    heal();
    expect(await advertiserKey('--previous')).toMatchObject({ exitCode: 2, out: [] });
  });

  test('of an advertiser who is unknown or does not sign are not printed', async () => {
    expect(await run('advertisers key 999')).toMatchObject({
      exitCode: 2,
      error: ['the catalog has no advertiser 999'],
    });
    const { exitCode, error } = await run('advertisers key 4');
    expect([exitCode, error]).toEqual([2, [expect.stringContaining('advertiser 4 has no signed_postbacks: true')]]);
  });

  test('that exist are named in the config, and never made anew', async () => {
    expect(await run('keys create')).toMatchObject({ exitCode: 0, error: [] });
    expect(version()).toMatch(/^[0-9a-f-]{36}$/);
    const again = await run('keys create');
    expect(again).toMatchObject({ exitCode: 2, written: {} });
    expect(again.error).toEqual([expect.stringContaining('keys rotate')]);
  });

  test('are not touched while one region does not answer', async () => {
    cloud.addFault({ region: west, service: 'region', effect: 'reset' });
    const { exitCode, error, written } = await run('keys rotate --accept');
    expect([exitCode, written]).toEqual([1, {}]);
    expect(error).toEqual([
      expect.stringMatching(/^us-west-2: its signing keys cannot be read/),
      expect.stringContaining('Nothing was changed'),
    ]);
  });

  test('change step by step, each deployed, and no conversion of an older click is refused before its key is retired', async () => {
    const before = await transactionOfNow();
    const [oldKey = ''] = (await advertiserKey()).out;
    const first = version();
    cloud.addFault({ region: west, service: 'region', effect: 'error', actions: ['PutSecretValue'] });
    const half = await run('keys rotate --accept');
    expect([half.exitCode, version()]).toEqual([1, first]);
    expect((await run('keys rotate --sign')).error[0]).toContain('run keys rotate --accept again first');
    heal();

    const completed = await run('keys rotate --accept --json');
    expect(JSON.parse(completed.out.join('\n'))).toEqual({ versionId: version(), writtenTo: [west] });
    expect(version()).not.toBe(first);
    const early = await run('keys rotate --sign');
    expect([early.exitCode, early.error.length]).toEqual([2, 2]);
    expect(early.error[0]).toContain('deploy it, then take the next step');
    expect((await run(`doctor --templates ${templates}`)).out).toContainEqual(expect.stringContaining('signing keys'));

    await deploy();
    expect(await isCredited(before)).toBe(true);
    expect((await run('keys rotate')).out[0]).toContain('keys rotate --sign');
    expect(await run('keys rotate --sign')).toMatchObject({ exitCode: 0, error: [] });
    await deploy();
    const after = await transactionOfNow();
    expect([await isCredited(before), await isCredited(after)]).toEqual([true, true]);
    const [newKey = ''] = (await advertiserKey()).out;
    expect([newKey === oldKey, (await advertiserKey('--previous')).out]).toEqual([false, [oldKey]]);
    expect([await isProven(oldKey), await isProven(newKey)]).toEqual([true, true]);
    expect(await run('keys rotate --retire')).toMatchObject({ exitCode: 0, error: [] });
    await deploy();
    expect([await isCredited(before), await isCredited(after)]).toEqual([false, true]);
    expect([await isProven(oldKey), await isProven(newKey)]).toEqual([false, true]);
    expect((await run(`doctor --templates ${templates}`)).exitCode).toBe(0);
  });

  test('take one step at a time', async () => {
    expect((await run('keys rotate --accept --sign')).exitCode).toBe(2);
  });
});
