import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { encodeOperatorKeyFile, makeOperatorKey } from '../../core/keys/operator-keys.ts';
import { hourMs, hourName } from '../../core/log/log-key.ts';
import { systemClock } from '../../lambda/aws/system-clock.ts';
import { startLocalCloud } from '../../local/cloud.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { type Finished, runKeeptrack } from '../operator/command-under-test.ts';
import { click, eventually, inBothLogs, taken } from './cloud-under-test.ts';
import { fold } from './figures-in-force.ts';

/** What operators ask of figures, as they type it, also while one region cannot be asked. No schedule hurries here. */

vi.setConfig({ testTimeout: 400_000 });

const [east, west] = ['us-east-1', 'us-west-2'] as const;
const files = { 'keeptrack.config.json': readFileSync('keeptrack.config.json', 'utf8') };

const folder = mkdtempSync(join(tmpdir(), 'keeptrack-figures-'));

let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startLocalCloud({ assembly: inject('assembly'), speed: 1, seed: 1 });
});
afterEach(() => {
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
});
afterAll(async () => {
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(command: string): Promise<Finished> {
  return runKeeptrack([...command.split(' '), '--local', cloud.urls.console], { files });
}

async function json(command: string) {
  const { out } = await run(`${command} --json`);
  return JSON.parse(out.join('\n'));
}

/** The hour before too: the clock may pass a full hour meanwhile. */
const lately = '--from 2h --to today';

/** As if those two hours were over for long: an hour that is not over is never made final. */
function runLater(command: string): Promise<Finished> {
  const { sleep } = systemClock;
  const [from, to] = [1, 0].map((ago) => `${hourName(Date.now() - ago * hourMs)}Z`);
  const range = ['--from', from ?? '', '--to', to ?? '', '--local', cloud.urls.console];
  const clock = { sleep, nowMs: () => Date.now() + 2 * hourMs };
  return runKeeptrack([...command.split(' '), ...range], { files, clock });
}

async function clicksSent(count: number): Promise<void> {
  const ids: string[] = [];
  while (ids.length < count) ids.push((await taken(() => click(cloud.urls.region[west] ?? ''))).eventId);
  await eventually('both logs have them', () => inBothLogs(cloud, ids));
}

/** Of the offer and affiliate that are clicked here, in what `report` says. */
async function clicksReported(options = ''): Promise<number> {
  const { rows } = await json(`report ${lately} --by affiliate,offer --offer 15 --affiliate 145001${options}`);
  return rows.reduce((sum: number, { clicks }: { clicks: number }) => sum + clicks, 0);
}

test('are reported soon after they came, in both regions, and marked provisional', async () => {
  const before = await clicksReported();
  await clicksSent(3);
  await fold(cloud);
  for (const region of [east, west])
    expect(await clicksReported(` --region ${region}`)).toBeGreaterThanOrEqual(before + 3);
  const { out, error } = await run(`report ${lately} --by hour,offer,affiliate,region`);
  expect(error).toEqual([]);
  expect(out[0]).toMatch(/^us-east-1, .* \(UTC\)$/);
  expect(out[1]).toMatch(/^hour +offer +affiliate +region .* clicks .* payout .* figures$/);
  expect(out.find((line) => line.includes(' 145001 '))).toMatch(/ USD +PROVISIONAL \(1 h\)$/);
  expect(out.join('\n')).toMatch(/hours? of 2 provisional: /);
  const inIndia = await run(`report ${lately} --by hour --time-zone Asia/Kolkata`);
  expect(inIndia.out[0]).toMatch(/ \(Asia\/Kolkata\)$/);
  expect(inIndia.out.join('\n')).toMatch(/^\d{4}-\d\d-\d\dT\d\d\+05:30 /m);
  const [header, ...lines] = (await run(`report ${lately} --affiliate 145001 --csv`)).out;
  expect(header).toMatch(/^offer_id,offer_name,currency,corrects,provisional_hours,impressions,clicks,/);
  expect(lines).toContainEqual(expect.stringMatching(/^15,[^,]+,USD,,[12],0,\d+,/));
});

test('are reported by sub id from the log, and come to what the figures say', async () => {
  await clicksSent(1);
  await fold(cloud);
  const clicks = await clicksReported();
  const { rows, source, notes } = await json(
    `report ${lately} --by source,offer --offer 15 --affiliate 145001 --folder ${folder}`,
  );
  expect({ source, sources: rows.map((row: { source: string }) => row.source) }).toEqual({
    source: 'log',
    sources: [''],
  });
  expect(rows[0].clicks).toBeGreaterThanOrEqual(clicks);
  expect(notes[0]).toMatch(/^read from the log with DuckDB: \d+ segments of \d+ hours?, /);
});

test('are made anew from the log, in both regions, and agree with it', async () => {
  await clicksSent(1);
  const dryRun = await runLater('rebuild --dry-run');
  expect(dryRun).toMatchObject({ exitCode: 0, error: [] });
  expect(dryRun.out.at(-1)).toBe('us-west-2: 2 of 2 hours would be made anew');
  const rebuilt = await runLater('rebuild');
  expect(rebuilt).toMatchObject({ exitCode: 0, error: [] });
  expect(rebuilt.out).toEqual(['us-east-1: 2 of 2 hours made anew', 'us-west-2: 2 of 2 hours made anew']);
  expect(rebuilt.progress).toHaveLength(4);
  const reconciled = await run(`reconcile ${lately}`);
  expect(reconciled.out.at(-1)).toMatch(/^log and figures of us-east-1 and us-west-2 agree in 2 of 2 hours/);
  expect(reconciled.exitCode).toBe(0);
});

test('of a closed period stay as they were invoiced, and what changes later is a correction', async () => {
  await clicksSent(2);
  await runLater('rebuild');
  const key = makeOperatorKey('ada');
  const circumstances = {
    files: { ...files, '/home/ada/.keeptrack/keeptrack-operator.json': encodeOperatorKeyFile(key) },
    // As if today and tomorrow were over. Midnight may pass meanwhile.
    clock: { ...systemClock, nowMs: () => Date.now() + 72 * hourMs },
  };
  const later = (command: string) =>
    runKeeptrack([...command.split(' '), '--local', cloud.urls.console], circumstances);
  const [today, tomorrow, open] = [0, 24, 48].map((hours) =>
    new Date(Date.now() + hours * hourMs).toISOString().slice(0, 10),
  );
  const reported = async (options = '') => {
    const { out } = await later(`report --from ${today} --to ${open} --affiliate 145001 --offer 15 --json${options}`);
    return JSON.parse(out.join('\n')).rows as readonly { readonly clicks: number; readonly corrects: string }[];
  };
  expect(
    (await runKeeptrack(['operators', 'add', 'ada', '--local', cloud.urls.console], { files: circumstances.files }))
      .exitCode,
  ).toBe(0);
  expect(await later(`periods close --from ${today} --to ${tomorrow} --yes`)).toMatchObject({ exitCode: 0, error: [] });
  const [invoiced] = await reported();
  await clicksSent(1);
  await runLater('reconcile --fix');
  const [stated, correction] = await reported();
  expect(stated).toEqual(invoiced);
  expect(correction).toMatchObject({ corrects: `${today}..${tomorrow}` });
  expect(correction?.clicks).toBeGreaterThanOrEqual(1);
  const [current] = await reported(' --current');
  expect(current?.clicks).toBe((stated?.clicks ?? 0) + (correction?.clicks ?? 0));
  // The signed event came through the queues like every other.
  const [period] = JSON.parse((await later('periods list --json')).out.join('\n')) as [{ readonly event: string }];
  const { id } = JSON.parse(period.event) as { readonly id: string };
  await eventually('both logs have the closing', () => inBothLogs(cloud, [id]));
});

test('of the hour that is running are never made final', async () => {
  const now = `${hourName(Date.now())}Z`;
  const { exitCode, out, error } = await run(`rebuild --from ${now} --to ${now}`);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
  expect(error).toEqual([expect.stringContaining(`${now} is left out: its events still come in`)]);
});

test('that lack what came late are mended', async () => {
  await runLater('rebuild');
  const before = await clicksReported();
  await clicksSent(2);
  const { agrees, hours } = JSON.parse((await runLater('reconcile --fix --json')).out.join('\n'));
  expect({ agrees, hours: hours.length }).toEqual({ agrees: true, hours: 2 });
  expect(await clicksReported()).toBeGreaterThanOrEqual(before + 2);
});

test('are those of the other region while the bucket of one is dead, and what cannot be done is said', async () => {
  const dead = { effect: 'error', status: 500, code: 'InternalServerError' } as const;
  cloud.addFault({ region: east, service: 's3', ...dead });
  const reported = await run(`report ${lately}`);
  expect(reported.exitCode).toBe(0);
  expect(reported.out[0]).toMatch(/^us-west-2, /);
  const reason = 'the figures of us-east-1 cannot be read (500 InternalServerError)';
  expect(reported.error).toEqual([`${reason}: these figures are those of us-west-2`]);
  const asked = await run(`report ${lately} --region ${east}`);
  expect(asked).toMatchObject({ exitCode: 1, out: [], error: [reason, expect.stringContaining('--region')] });
  const compared = await run(`reconcile ${lately}`);
  expect(compared.exitCode).toBe(1);
  expect(compared.out).toContainEqual(expect.stringMatching(/ us-east-1: NOT COMPARED: the figures of us-east-1 /));
  const rebuilt = await runLater('rebuild');
  expect(rebuilt).toMatchObject({
    exitCode: 1,
    out: [expect.stringContaining('us-east-1: 0 of 2'), expect.stringContaining('us-west-2: 2 of 2')],
  });
  expect(rebuilt.error.at(-1)).toMatch(/^Not every hour is done\. Run the command again with --from \S+Z: /);
});

test('say that a region which is wholly dead may hold more', async () => {
  cloud.addFault({ region: east, service: 'region', effect: 'reset' });
  const { exitCode, out } = await run(`report ${lately}`);
  expect(exitCode).toBe(0);
  expect(out[0]).toMatch(/^us-west-2, /);
  expect(out.join('\n')).toMatch(/us-east-1,? (which )?cannot be reached \(/);
});

test.each([
  ['report --by moon', '"moon" is none of day, hour, offer'],
  ['report --offer x', '"x" is no id'],
  ['report --csv --json', 'say --csv or --json, not both'],
  ['reconcile --from 2026-02-30', '--from: "2026-02-30" does not exist in UTC'],
  ['rebuild --region eu-west-1', '--region: eu-west-1 is not one of us-east-1 and us-west-2'],
])('%s is a mistake', async (command, problem) => {
  const { exitCode, out, error } = await run(command);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
  expect(error.join('\n')).toContain(problem);
});
