import { describe, expect, test } from 'vitest';
import { encodeLine } from '../../../core/event/event.ts';
import {
  encodeConversions,
  encodeFirsts,
  readConversions,
  readFirsts,
} from '../../../core/figures/conversion-block.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { redactedLine } from './any-lines.ts';
import { eventOf } from './fold-lines.ts';

const terms = { payout_type: 'cpa_flat', payout: '1.50', currency: 'USD', aff_id: 7, sender: 'proven' };
const sale = { type: 'conversion', conversion_key: 'c'.repeat(32), status: 'approved', ...terms };
const line = sampleLine(1, sampleMs, { ...sale, ip: '203.0.113.9' });

describe('a block of conversions', () => {
  test('has each line once, redacted and in the order of ids', () => {
    const [early, late] = [1, 2].map((seq) => eventOf(sampleLine(seq, sampleMs + seq, sale)));
    if (early === undefined || late === undefined) throw new Error('there are two');
    const read = readConversions(encodeConversions([late, early, late]));
    expect(read?.map(encodeLine)).toEqual([early, late].map((event) => redactedLine(encodeLine(event))));
    expect(encodeConversions([eventOf(line)])).toEqual(encodeConversions([eventOf(redactedLine(line))]));
  });

  test('is not read when the bytes are something else', () => {
    for (const bytes of [Buffer.from(line), encodeFirsts(new Map([['a', 'b']]))]) {
      expect(readConversions(bytes)).toBeUndefined();
    }
    expect(readFirsts(encodeConversions([eventOf(line)]))).toBeUndefined();
    expect(readFirsts(Buffer.from(line))).toBeUndefined();
  });

  test('may be empty, as may the first events, which come back as they were', () => {
    expect(readConversions(encodeConversions([]))).toEqual([]);
    for (const firsts of [new Map<string, string>(), new Map([...'ba'].map((key) => [key, `id-${key}`]))]) {
      expect(readFirsts(encodeFirsts(firsts))).toEqual(firsts);
    }
  });
});
