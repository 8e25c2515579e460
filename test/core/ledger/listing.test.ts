import { describe, expect, test } from 'vitest';
import { readsAtOnce } from '../../../core/ledger/listing.ts';
import { limits } from '../../../core/limits/limits.ts';

function segmentsOf(count: number, sizeBytes: number) {
  return Array.from({ length: count }, (_, index) => ({ key: `log/${index}`, etag: 'e', sizeBytes }));
}

describe('segments read at once', () => {
  const { leastCount, mostCount, bytesMax } = limits.fold.readsAtOnce;

  test('are many when the segments are small', () => {
    expect(readsAtOnce(segmentsOf(100, 400))).toBe(mostCount);
    expect(readsAtOnce(segmentsOf(1, 0))).toBe(mostCount);
  });

  test('are few when the segments are large', () => {
    expect(readsAtOnce(segmentsOf(100, limits.segment.gzipBytesMax))).toBe(leastCount);
    expect(readsAtOnce(segmentsOf(100, bytesMax / 40))).toBe(40);
  });
});
