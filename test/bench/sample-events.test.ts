import { expect, test } from 'vitest';
import { manyRows, type Spread, sampleEvent, usualSpread } from '../../bench/sample-events.ts';
import { seededChance } from '../../core/seeded-chance.ts';

const drawn = 20_000;

function eventsOf(spread: Spread) {
  const chance = seededChance(1);
  return Array.from({ length: drawn }, (_, seq) => sampleEvent(Date.UTC(2026, 10, 23, 5), seq, chance, spread));
}

function pairsOf(spread: Spread): number {
  return new Set(eventsOf(spread).map(({ offer_id, aff_id }) => `${offer_id} ${aff_id}`)).size;
}

test('events of many rows spread evenly over 100,000 pairs of offer and affiliate', () => {
  const pairs = 100_000;
  expect(manyRows.offers * manyRows.affiliatesOfOffer).toBe(pairs);
  const expected = pairs * (1 - Math.exp(-drawn / pairs));
  expect(pairsOf(manyRows) / expected).toBeCloseTo(1, 1);
});

test('usual events repeat their pairs', () => {
  expect(pairsOf(usualSpread)).toBeLessThan(drawn / 2);
});

test('3 of 100 events are conversions, each with its own key', () => {
  const conversions = eventsOf(usualSpread).filter(({ type }) => type === 'conversion');
  expect(conversions.length / drawn).toBeCloseTo(0.03, 2);
  expect(new Set(conversions.map(({ conversion_key }) => conversion_key)).size).toBe(conversions.length);
});
