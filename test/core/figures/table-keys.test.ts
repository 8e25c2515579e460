import { expect, test } from 'vitest';
import {
  dayUniquesNames,
  finalRowNames,
  markerKey,
  parseRowNames,
  provisionalRowNames,
} from '../../../core/figures/table-keys.ts';

const key = { hour: '2026-11-23T05', offerId: 15, affiliateId: 7, goalId: 3, region: 'us-east-1', currency: 'USD' };
const nobody = { ...key, offerId: 0, affiliateId: 0, goalId: 0, currency: '' };

test.each([key, nobody])('the names of a row give back its key: %o', (row) => {
  expect(parseRowNames(provisionalRowNames(row))).toEqual({ kind: 'provisional', key: row });
  expect(parseRowNames(finalRowNames(row, '0123abcd'))).toEqual({ kind: 'final', digest8: '0123abcd', key: row });
});

test('the names of a day’s visitors give back their key', () => {
  expect(parseRowNames(dayUniquesNames('2026-11-23', 15, 7))).toEqual({
    kind: 'day-uniques',
    day: '2026-11-23',
    offerId: 15,
    affiliateId: 7,
  });
});

test('other names are no row', () => {
  const { sk } = provisionalRowNames(key);
  for (const other of [markerKey(key.hour, 'ab'.repeat(16), 0), { pk: 'offer#15', sk: `${sk}#x` }, { pk: 'o', sk }]) {
    expect(parseRowNames(other)).toBeUndefined();
  }
});
