import { describe, expect, test } from 'vitest';
import { hourListing, readsAtOnce } from '../../../core/ledger/listing.ts';
import { limits } from '../../../core/limits/limits.ts';

function listingOf(count: number, sizeBytes: number) {
  return hourListing(Array.from({ length: count }, (_, index) => ({ key: `log/${index}`, etag: 'e', sizeBytes })));
}

describe('segments read at once', () => {
  const { leastCount, mostCount, bytesMax } = limits.ledger.readsAtOnce;

  test('are many when the segments are small', () => {
    expect(readsAtOnce(listingOf(100, 400))).toBe(mostCount);
    expect(readsAtOnce(listingOf(1, 0))).toBe(mostCount);
  });

  test('are few when the segments are large', () => {
    expect(readsAtOnce(listingOf(100, limits.segment.gzipBytesMax))).toBe(leastCount);
    expect(readsAtOnce(listingOf(100, bytesMax / 40))).toBe(40);
  });
});
