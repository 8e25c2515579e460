import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeClicks, readClicks } from '../../../core/figures/clicks-object.ts';
import { figuresObject } from '../../../core/figures/figures-object.ts';
import { anyLines, hour } from './any-lines.ts';
import { groupBlocks, mergedMinutes } from './fold-lines.ts';

test('the clicks of a minute come back as they were', () => {
  fc.assert(
    fc.property(anyLines(), (lines) => {
      for (const minute of mergedMinutes(groupBlocks(hour, [lines]))) {
        const { visits: _, ...clicks } = minute;
        expect(readClicks(encodeClicks(minute))).toEqual(clicks);
      }
    }),
    { numRuns: 50 },
  );
});

test('other bytes are not read as clicks', () => {
  for (const bytes of [figuresObject([]).gzip, new Uint8Array(), Buffer.from('{"v":1}')]) {
    expect(readClicks(bytes)).toBeUndefined();
  }
});
