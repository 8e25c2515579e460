import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { uuidV7 } from '../../../../core/event/uuid.ts';
import { encodeKeySecret, newKeySecret, type RotationStep, rotated } from '../../../../core/keys/key-rotation.ts';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

const catalogOf = (url: string, more = '') => `network: { name: N }
advertisers: [{ id: 1, name: A }]
offers:
  - { id: 8, name: Shoes, advertiser_id: 1, offer_url: "${url}", payout: 1, revenue: 2${more} }
`;
const files = {
  'good.yaml': catalogOf('https://a.example/?t={transaction_id}', ', session_hours: 720'),
  'short.yaml': catalogOf('https://a.example/?t={transaction_id}', ', session_hours: 24'),
  'warned.yaml': catalogOf('https://a.example/?t={transaction_id}&a={aff_id}'),
};
const run = (command: string) => cloud.run(command, { files });

describe('warnings', () => {
  const line = 'offer 8 (line 4): offer_url: {aff_id} is no macro; did you mean {affiliate_id}?';

  test('are listed, and the catalog is valid', async () => {
    const { exitCode, out, error } = await run('catalog validate warned.yaml');
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: [`warning: ${line}`] });
    expect(out).toEqual([expect.stringMatching(/^warned\.yaml: valid, version /)]);
  });

  test('are problems with --strict', async () => {
    expect(await run('catalog validate warned.yaml --strict')).toMatchObject({
      exitCode: 2,
      out: [],
      error: [line, 'warned.yaml: 1 warning'],
    });
    expect((await run('catalog validate good.yaml --strict')).exitCode).toBe(0);
  });

  test('are in the JSON', async () => {
    const { out } = await run('catalog validate warned.yaml --json');
    expect(JSON.parse(out.join('\n'))).toMatchObject({ file: 'warned.yaml', warnings: [line] });
  });

  test('are shown before a catalog is published', async () => {
    const { exitCode, error } = await run('catalog publish warned.yaml');
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: [`warning: ${line}`] });
  });
});

describe('with --keys', () => {
  const dayMs = 86_400_000;
  let drawn = 0;

  /** Takes these steps of a rotation in both regions, so many days before now. */
  function rotate(steps: readonly (readonly [RotationStep, number])[]): void {
    let secret = newKeySecret('a1'.repeat(16));
    const idOf = (daysAgo: number) =>
      uuidV7(cloud.time.nowMs() - daysAgo * dayMs, Uint8Array.of(...Array(9).fill(0), drawn++));
    for (const region of [east, west] as const)
      cloud.secrets[region].create('kt/signing-keys', encodeKeySecret(secret), idOf(400));
    for (const [step, daysAgo] of steps) {
      secret = rotated(secret, step, 'b2'.repeat(16));
      for (const region of [east, west] as const)
        cloud.secrets[region].put('kt/signing-keys', encodeKeySecret(secret), idOf(daysAgo));
    }
  }

  test('a key that was retired before the longest session of its clicks is a warning', async () => {
    rotate([
      ['accept', 12],
      ['sign', 10],
      ['retire', 2],
    ]);
    expect(await run('catalog validate good.yaml --keys')).toMatchObject({
      exitCode: 0,
      error: [
        'warning: signing keys: the key of the clicks until 2026-11-13 05:10:00 UTC was retired at 2026-11-21 05:10:00 UTC, so their conversions are rejected, although sessions last up to 720 h',
      ],
    });
    expect((await run('catalog validate good.yaml --keys --strict')).exitCode).toBe(2);
    expect(await run('catalog validate short.yaml --keys')).toMatchObject({ exitCode: 0, error: [] });
    expect((await run('catalog validate warned.yaml --keys')).error.join('\n')).toContain('sessions last up to 2160 h');
  });

  test.each<[string, readonly (readonly [RotationStep, number])[]]>([
    ['first keys', []],
    [
      'an old key that is still accepted',
      [
        ['accept', 3],
        ['sign', 1],
      ],
    ],
    [
      'a key that was retired long after its clicks',
      [
        ['accept', 95],
        ['sign', 92],
        ['retire', 1],
      ],
    ],
  ])('%s give no warning', async (_, steps) => {
    rotate(steps);
    expect(await run('catalog validate good.yaml --keys')).toMatchObject({ exitCode: 0, error: [], progress: [] });
  });

  test('a region whose keys cannot be read is named, and the other one is asked', async () => {
    rotate([
      ['accept', 12],
      ['sign', 10],
      ['retire', 2],
    ]);
    cloud.kill(east);
    const { exitCode, error, progress } = await run('catalog validate good.yaml --keys');
    expect(exitCode).toBe(0);
    expect(error).toHaveLength(1);
    expect(progress).toEqual([expect.stringMatching(/^us-east-1: its signing keys were not checked \(/)]);
  });
});
