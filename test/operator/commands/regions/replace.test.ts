import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { segmentsOf } from '../../../../core/log/segment.ts';
import { sampleLine, sampleMs } from '../../../sample-lines.ts';
import { runKeeptrack } from '../../command-under-test.ts';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

const dayMs = 86_400_000;

/** One segment a region; nothing without a time. */
function log(region: typeof east | typeof west, atMs: number): void {
  const [segment] = segmentsOf([sampleLine(1, atMs)]);
  if (segment) cloud.buckets[region].put(segment.key, segment.gzip);
}

const filled = { hasFigures: true, index: { parts: ['done'], items: 0 }, hasOpenHours: true };

const replace = (region: string) => cloud.run(`regions replace ${region} --confirm ${region}`);

const indexFails = () =>
  cloud.faults.add({ region: east, service: 'dynamodb', effect: 'error', status: 400, code: 'AccessDeniedException' });

describe('regions replace', () => {
  test('refuses the region that has the older log: its figures must not give way', async () => {
    log(east, sampleMs - 30 * dayMs);
    log(west, sampleMs);
    expect(await replace(east)).toMatchObject({
      exitCode: 2,
      error: [
        'us-east-1 has a log since 2026-10-24 05:00:00 UTC, and us-west-2 since 2026-11-23 05:00:00 UTC: name the new region, which is to be filled',
      ],
    });
    expect(cloud.calls(east)['s3:CopyObject']).toBeUndefined();
  });

  test('goes on although the oldest hours have expired in the surviving region, where they are older', async () => {
    log(east, sampleMs - 90 * dayMs);
    log(east, sampleMs - dayMs);
    indexFails();
    await replace(west);
    for (const key of cloud.buckets[east].keys('log/').slice(0, 1)) cloud.buckets[east].delete(key);
    const { exitCode, error } = await replace(west);
    expect([exitCode, error]).toEqual([1, [expect.stringContaining('conversion index of us-east-1 cannot be read')]]);
  });

  test('refuses the surviving region while the new one is being filled, though both logs begin in one hour', async () => {
    log(east, sampleMs);
    await replace(west);
    expect(cloud.buckets[west].keys('log/')).toEqual(cloud.buckets[east].keys('log/'));
    expect(await replace(east)).toMatchObject({
      exitCode: 2,
      error: ['us-west-2 is the new region, which is filled from us-east-1: name us-west-2'],
    });
  });

  test('fills a region anew from the one that it once filled itself, after its own loss', async () => {
    log(east, sampleMs);
    const state = JSON.stringify({ v: 1, from: west, begunAtMs: sampleMs - dayMs, ...filled });
    cloud.buckets[east].put('regions/replacement.json', Buffer.from(state));
    indexFails();
    const { error } = await replace(west);
    expect(error).toEqual([expect.stringContaining('conversion index of us-east-1 cannot be read')]);
  });

  test('refuses the older region although it was once filled from the one that is new now', async () => {
    log(east, sampleMs - 30 * dayMs);
    log(west, sampleMs);
    const state = JSON.stringify({ v: 1, from: west, begunAtMs: sampleMs - 20 * dayMs, ...filled });
    cloud.buckets[east].put('regions/replacement.json', Buffer.from(state));
    expect(await replace(east)).toMatchObject({ exitCode: 2, error: [expect.stringContaining('name the new region')] });
  });

  test('refuses to fill a region with nothing', async () => {
    log(west, sampleMs);
    expect(await replace(west)).toMatchObject({
      exitCode: 2,
      error: ['us-east-1 has no log: there is nothing to fill us-west-2 with'],
    });
  });

  test('refuses an unknown region, and one whose name was not typed again', async () => {
    expect(await replace('mars-1')).toMatchObject({
      exitCode: 2,
      error: [expect.stringContaining('mars-1: not a region')],
    });
    expect(await cloud.run(`regions replace ${west}`)).toMatchObject({
      exitCode: 2,
      error: [expect.stringContaining('--confirm us-west-2')],
    });
  });

  test('says in one line what it cannot do, and that it goes on from there', async () => {
    log(east, sampleMs);
    cloud.faults.add({
      region: west,
      service: 's3',
      actions: ['CopyObject'],
      effect: 'error',
      status: 403,
      code: 'AccessDenied',
    });
    const { exitCode, error } = await replace(west);
    expect(exitCode).toBe(1);
    expect(error).toEqual([
      expect.stringMatching(
        /^kt-log-111122223333-us-east-1\/log\/\S+ cannot be copied \(403 AccessDenied\)\. .*goes on from here\.$/,
      ),
    ]);
  });

  test('copies the log with its catalog before it comes to the index, which does not answer', async () => {
    log(east, sampleMs);
    cloud.buckets[east].put('catalog/current.json', Buffer.from('{}'));
    indexFails();
    const { error } = await replace(west);
    expect(error).toEqual([expect.stringContaining('the conversion index of us-east-1 cannot be read')]);
    expect(cloud.buckets[west].keys('log/')).toEqual(cloud.buckets[east].keys('log/'));
    expect(cloud.buckets[west].keys('catalog/')).toEqual(['catalog/current.json']);
    expect(cloud.buckets[west].keys('regions/')).toEqual(['regions/replacement.json']);
  });

  test('explains itself', async () => {
    const { exitCode, out } = await runKeeptrack(['regions', 'replace', '--help']);
    expect(exitCode).toBe(0);
    expect(out.join('\n')).toContain('goes on where it was');
  });
});
