import { expect, test } from 'vitest';
import { claimFirstWrite, firstConversionOf } from '../../../core/figures/first-conversion.ts';
import { idOf, sampleLine } from '../../sample-lines.ts';

const key = 'c'.repeat(32);
const id = idOf(sampleLine(1));

test('a claim goes through while the index still has what the writer saw there', () => {
  const later = idOf(sampleLine(2));
  expect(claimFirstWrite(key, id, undefined)).toMatchObject({
    key: { pk: `conversion#${key}`, sk: 'first' },
    when: [{ attribute: 'first_id', is: 'absent' }],
  });
  expect(claimFirstWrite(key, id, later).when).toEqual([{ attribute: 'first_id', is: 'equal', value: later }]);
});

test('what a claim writes is read as the first conversion, and expires 115 days after its hour', () => {
  const { set } = claimFirstWrite(key, id, undefined);
  expect(firstConversionOf(set)).toBe(id);
  expect(set['expires_at']).toBe(BigInt(Date.UTC(2027, 2, 18, 5) / 1_000));
  expect(firstConversionOf(undefined)).toBeUndefined();
});
