import { expect, test } from 'vitest';
import { everyRelease } from '../../../drill/load/every-release.ts';
import { exampleCatalog } from '../oracle/drilled.ts';

test('an earlier release gets links of offers and affiliates alone that it reads as this one does', () => {
  const { offers, affiliates } = everyRelease(exampleCatalog);
  const [left, gone] = [true, false].map((isThere) =>
    [...exampleCatalog.offers.keys()].filter((id) => offers.has(id) === isThere),
  );
  expect(gone).toEqual(expect.arrayContaining([710, 711, 720, 800, 1324]));
  expect(left).toEqual(expect.arrayContaining([1500, 600, 700, 8]));
  const named = [...exampleCatalog.affiliateOffers, ...exampleCatalog.affiliateTerms].map((one) => one.affiliate_id);
  expect(named.filter((id) => affiliates.has(id))).toEqual([]);
  expect(affiliates.size).toBeGreaterThan(5);
});
