import { describe, expect, test } from 'vitest';
import { matchingPostbacks } from '../../../core/postbacks/matching-postbacks.ts';
import { catalogWith } from './small-world.ts';

const url = 'https://partner.example/?t={transaction_id}';
const { postbacks } = catalogWith([
  { id: 4, affiliate_id: 7, offer_id: 8, url },
  { id: 1, affiliate_id: 0, offer_id: 0, url, on: ['pending', 'approved'] },
  { id: 2, affiliate_id: 7, offer_id: 0, url, goal_id: 0 },
  { id: 3, affiliate_id: 0, offer_id: 8, url, goal_id: 5, on: ['reversed'] },
  { id: 5, affiliate_id: 7, offer_id: 8, url: `${url}&paused`, status: 'paused' },
]);
const match = matchingPostbacks(postbacks);
const idsFor = (offerId: number, affiliateId: number, goalId: number, standing: 'approved' | 'pending' | 'reversed') =>
  match({ offerId, affiliateId, goalId }, standing).map(({ id }) => id);

describe('a postback fires', () => {
  test('for its own affiliate and offer, beside those for all', () => {
    expect(idsFor(8, 7, 0, 'approved')).toEqual([1, 2, 4]);
    expect(idsFor(11, 7, 0, 'approved')).toEqual([1, 2]);
    expect(idsFor(8, 9, 0, 'approved')).toEqual([1]);
  });

  test('for a standing that it names', () => {
    expect(idsFor(8, 7, 0, 'pending')).toEqual([1]);
    expect(idsFor(8, 7, 0, 'reversed')).toEqual([]);
  });

  test('for the default goal unless it names another goal or every goal', () => {
    expect(idsFor(8, 7, 5, 'approved')).toEqual([2]);
    expect(idsFor(8, 9, 5, 'reversed')).toEqual([3]);
  });
});
