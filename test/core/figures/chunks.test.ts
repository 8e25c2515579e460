import { describe, expect, test } from 'vitest';
import { chunksOf, chunkWrites } from '../../../core/figures/chunks.ts';
import type { FiguresRow } from '../../../core/figures/row.ts';
import { hourStart } from '../../../core/log/log-key.ts';
import { sampleMs } from '../../sample-lines.ts';

const key = { hourStartMs: hourStart(sampleMs), segmentId: 'ab'.repeat(16) };

function rows(count: number): readonly FiguresRow[] {
  return Array.from({ length: count }, (_, index) => ({
    key: { hour: '2026-11-23T05', offerId: 15, affiliateId: index, goalId: 0, region: 'us-east-1', currency: 'USD' },
    counters: { clicks: 1n, 'reason:offer-unknown': 2n },
  }));
}

describe('the chunks of a segment', () => {
  test.each([
    [1, [1]],
    [99, [99]],
    [100, [99, 1]],
    [300, [99, 99, 99, 3]],
  ])('%i rows fit transactions of 100 writes with their markers', (count, sizes) => {
    const chunks = chunksOf(key, rows(count));
    expect(chunks.map((chunk) => chunk.rows.length)).toEqual(sizes);
    expect(chunks.map((chunk) => chunkWrites(chunk, key.hourStartMs).length)).toEqual(sizes.map((size) => size + 1));
    expect(new Set(chunks.map(({ marker }) => marker.sk)).size).toBe(sizes.length);
    expect(chunks.flatMap((chunk) => chunk.rows)).toEqual(rows(count));
  });

  test('of a segment without rows are one, so that a marker still shows that it was counted', () => {
    expect(chunksOf(key, []).map((chunk) => chunkWrites(chunk, key.hourStartMs).length)).toEqual([1]);
  });
});

test('a transaction adds to the rows on condition that its marker is not there, and expires after the hour', () => {
  const [marker, row] = chunksOf(key, rows(1)).flatMap((chunk) => chunkWrites(chunk, key.hourStartMs));
  const expiresAt = BigInt(Date.UTC(2027, 0, 2, 5) / 1_000);
  expect(marker).toEqual({
    kind: 'put',
    item: { pk: 'segments#2026-11-23T05', sk: `${key.segmentId}#0`, chunks: 1n, expires_at: expiresAt },
    when: [{ attribute: 'pk', is: 'absent' }],
  });
  expect(row).toEqual({
    kind: 'update',
    key: { pk: 'offer#15', sk: '2026-11-23T05#p#0#0#us-east-1#USD' },
    set: { affiliate_pk: 'affiliate#0', expires_at: expiresAt },
    add: { clicks: 1n, 'reason:offer-unknown': 2n },
  });
});
