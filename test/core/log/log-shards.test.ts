import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { hourPrefix, logKey } from '../../../core/log/log-key.ts';
import { shardsOf } from '../../../core/log/log-shards.ts';
import { sampleMs } from '../../sample-lines.ts';

const prefix = hourPrefix(sampleMs);

/** The last key of the first of so many pages, when ids are spread evenly. */
function pageEnd(pages: number): string {
  const place = Math.floor(16 ** 8 / pages) - 1;
  const segmentId = place.toString(16).padStart(8, '0').padEnd(32, 'f');
  return logKey({ hourStartMs: sampleMs - (sampleMs % 3_600_000), segmentId });
}

describe('shards of an hour', () => {
  test('are the hour itself, while it has few pages', () => {
    expect(shardsOf(prefix, pageEnd(2))).toEqual([prefix]);
    expect(shardsOf(prefix, pageEnd(limits.repair.shardPagesMax - 1))).toEqual([prefix]);
  });

  test('are as many as leave each some pages, up to a bound', () => {
    const { shardPagesMax, shardDigitsMax } = limits.repair;
    expect(shardsOf(prefix, pageEnd(shardPagesMax + 1))).toHaveLength(16);
    expect(shardsOf(prefix, pageEnd(16 * shardPagesMax + 1))).toHaveLength(256);
    expect(shardsOf(prefix, `${prefix}${'0'.repeat(32)}.ndjson.gz`)).toHaveLength(16 ** shardDigitsMax);
  });

  test('begin with every digit, each once', () => {
    expect(shardsOf(prefix, pageEnd(20))).toEqual([...'0123456789abcdef'].map((digit) => `${prefix}${digit}`));
    expect(new Set(shardsOf(prefix, pageEnd(4_000))).size).toBe(256);
  });

  test('are the hour itself when the page ends with a foreign key', () => {
    expect(shardsOf(prefix, `${prefix}notes.txt`)).toEqual([prefix]);
  });
});
