import { describe, expect, it } from 'vitest';
import { capOf } from '../../../core/caps/cap.ts';
import { formatStampedCaps, parseStampedCaps, type StampedCap } from '../../../core/caps/stamped-caps.ts';

function stamped(name: string, limit: string, isAffiliates = false): StampedCap {
  const cap = capOf(name, limit);
  if (cap === undefined) throw new Error(`${name} ${limit} is no cap`);
  return { ...cap, isAffiliates };
}

describe('stamped caps', () => {
  const caps = [stamped('conversion_cap', '100'), stamped('monthly_payout_cap', '12.50', true)];

  it('are one text, with exact decimals and the affiliate named', () => {
    expect(formatStampedCaps(caps)).toBe('conversion_cap=100 affiliate:monthly_payout_cap=12.5');
  });

  it('are read back as they were written', () => {
    expect(parseStampedCaps(formatStampedCaps(caps))).toEqual(caps);
  });

  it('may have one name twice, for the offer and for the affiliate', () => {
    expect(parseStampedCaps('click_cap=5 affiliate:click_cap=2')).toHaveLength(2);
  });

  it.each([
    [''],
    ['conversion_cap'],
    ['conversion_cap=0'],
    ['conversion_cap=1  click_cap=2'],
    ['conversion_cap=1 conversion_cap=2'],
    ['conversion_cap=1.5'],
    ['offer:conversion_cap=1'],
    ['conversion_cap=1 name@example.com'],
    ['conversion_cap=1 '.repeat(100)],
    [7],
    [undefined],
  ])('are refused as %j', (text) => {
    expect(parseStampedCaps(text)).toBeUndefined();
  });
});
