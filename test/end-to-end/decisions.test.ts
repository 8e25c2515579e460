import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { startLocalCloud } from '../../local/cloud.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { type Finished, runKeeptrack } from '../operator/command-under-test.ts';
import { click, eventOf, eventually, inBothLogs, send, taken, transactionIdIn } from './cloud-under-test.ts';
import { fold } from './figures-in-force.ts';

/** An operator decides about conversions and books adjustments, also while one region is dead. No schedule hurries here. */

vi.setConfig({ testTimeout: 400_000 });

const [east, west] = ['us-east-1', 'us-west-2'] as const;
let files: Record<string, string> = { 'keeptrack.config.json': readFileSync('keeptrack.config.json', 'utf8') };

let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startLocalCloud({ assembly: inject('assembly'), speed: 1, seed: 1 });
  expect(await run('operators', 'add', 'Ada Example')).toMatchObject({ exitCode: 0, error: [] });
});
afterEach(() => {
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
});
afterAll(async () => {
  await cloud?.stop();
});

async function run(...args: readonly string[]): Promise<Finished> {
  const finished = await runKeeptrack([...args, '--local', cloud.urls.console], { files });
  files = { ...files, ...finished.written };
  const printed = [...finished.out, ...finished.error, ...finished.progress].join('\n');
  expect(printed).not.toMatch(/PRIVATE KEY/);
  return finished;
}

async function json(...args: readonly string[]) {
  return JSON.parse((await run(...args, '--json')).out.join('\n'));
}

/** A conversion that waits, in both logs and in the index of conversions. */
async function pendingConversion(more = '&status=pending'): Promise<string> {
  const clicked = await taken(() => click(cloud.urls.region[east] ?? ''));
  const transactionId = transactionIdIn(clicked.location);
  const report = `${cloud.urls.region[west]}/aff_lsr?transaction_id=${transactionId}${more}`;
  const { eventId } = await taken(() => send(report));
  await eventually('the report is in both logs', () => inBothLogs(cloud, [eventId]));
  await fold(cloud);
  return transactionId;
}

async function standing(transactionId: string) {
  const { conversions } = await json('conversions', 'show', transactionId);
  return conversions[0];
}

test('a waiting conversion is approved by a file, and the same file again changes nothing', async () => {
  const transactionId = await pendingConversion();
  files['approve.csv'] = `transaction_id,note\n${transactionId},checked by phone\n`;
  const dryRun = await run('conversions', 'approve', '--file', 'approve.csv', '--dry-run');
  expect(dryRun.exitCode).toBe(0);
  expect(dryRun.out).toContain('USD: payout due +2.50, revenue due +3.75');
  expect(await standing(transactionId)).toMatchObject({ standing: { status: 'pending' } });

  const sent = await json('conversions', 'approve', '--file', 'approve.csv', '--yes');
  expect(sent).toMatchObject({ changes: [{ after: { status: 'approved' } }], sent: { taken: 1 } });
  const [{ event: id }] = sent.changes;
  await eventually('the decision is in both logs', () => inBothLogs(cloud, [id]));
  expect(eventOf(cloud, id)).toMatchObject({ type: 'decision', verdict: 'approve', note: 'checked by phone' });
  await fold(cloud);

  expect(await standing(transactionId)).toMatchObject({ standing: { status: 'approved' }, payout: '2.50' });
  const { rows } = await json('report', '--from', '2h', '--by', 'affiliate', '--affiliate', '145001');
  expect(rows).toContainEqual(expect.objectContaining({ approved: 1, pending: 0, payout: '2.50', revenue: '3.75' }));
  const { out } = await run('conversions', 'show', transactionId);
  expect(out.join('\n')).toMatch(/decision approve by Ada Example/);
  const again = await run('conversions', 'approve', '--file', 'approve.csv', '--yes');
  expect(again).toMatchObject({
    exitCode: 0,
    out: ['approve: 1 conversion, 0 would change, 1 stand so already', 'Nothing has to be sent.'],
  });
});

test('a conversion whose goal the catalog does not know is found by its transaction, and rejected', async () => {
  const transactionId = await pendingConversion('&goal_id=99999');
  expect(await standing(transactionId)).toMatchObject({ standing: { status: 'pending', pendingFor: 'goal-unknown' } });
  const rejected = await run('conversions', 'reject', ` ${transactionId}`, '--yes');
  expect(rejected).toMatchObject({ exitCode: 0, error: [] });
  expect(rejected.out.at(-1)).toBe('1 of 1 decision sent; figures have them within some minutes');
});

test('while a region is dead a conversion is rejected, and that region is named', async () => {
  const transactionId = await pendingConversion();
  cloud.addFault({ region: east, service: 'region', effect: 'reset' });
  const rejected = await run('conversions', 'reject', transactionId, '--yes');
  expect(rejected).toMatchObject({ exitCode: 0 });
  expect(rejected.error[0]).toMatch(/^us-east-1: its intake queue took 0 of 1 event \(/);
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
  await eventually('the conversion is rejected', async () => {
    await fold(cloud);
    return (await standing(transactionId))?.standing.status === 'rejected';
  });
});

test('an adjustment is booked once for its reference', async () => {
  const today = new Date().toISOString().slice(0, 10);
  files['adjust.csv'] = [
    'reference,day,offer_id,affiliate_id,currency,payout,revenue,note',
    `INV-7,${today},15,145001,USD,-12.50,0,returned goods`,
  ].join('\n');
  expect(await run('adjustments', 'add', '--file', 'adjust.csv', '--yes')).toMatchObject({ exitCode: 0, error: [] });
  await eventually('the adjustment is listed', async () => {
    await fold(cloud);
    const { adjustments } = await json('adjustments', 'list', '--from', today);
    return adjustments.length === 1 && adjustments[0].payout === '-12.50';
  });
  expect(await run('adjustments', 'add', '--file', 'adjust.csv', '--yes')).toMatchObject({
    exitCode: 0,
    out: ['1 adjustment: 0 new, 1 booked already', 'Nothing has to be sent.'],
  });
  files['adjust.csv'] = files['adjust.csv'].replace('-12.50', '-99');
  expect(await run('adjustments', 'add', '--file', 'adjust.csv', '--yes')).toMatchObject({
    exitCode: 2,
    error: [
      expect.stringMatching(/^line 2: reference INV-7 is booked with other content: payout -12\.5 /),
      'Nothing was sent.',
    ],
  });
});
