import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleFunction } from '../../../bench/drain/bundle.ts';

/** A cold start reads and compiles all of it. */
const codeBytesMax = 150_000;

test('the code of track is small', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keeptrack-bundle-'));
  try {
    await bundleFunction('track', folder);
    expect((await stat(join(folder, 'track.mjs'))).size).toBeLessThanOrEqual(codeBytesMax);
  } finally {
    await rm(folder, { recursive: true });
  }
});
