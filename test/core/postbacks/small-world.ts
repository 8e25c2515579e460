import type { Catalog } from '../../../core/catalog/catalog.ts';
import { makeSnapshot, parseSnapshot } from '../../../core/catalog/snapshot.ts';
import { validateCatalog } from '../../../core/catalog/validate.ts';
import type { PostbackFiring } from '../../../core/postbacks/expand-postback.ts';

/** The catalog that functions see, from the text of a catalog file. */
function catalogOf(yamlText: string): Catalog {
  const validated = validateCatalog(yamlText);
  if (validated.kind === 'invalid') throw new Error(validated.problems.join('\n'));
  const parsed = parseSnapshot(makeSnapshot(validated.content).text);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  return parsed.catalog;
}

/** An offer with a goal, an affiliate and a creative, and these postbacks. */
export function catalogWith(postbacks: readonly object[]): Catalog {
  return catalogOf(`
network: { name: N }
advertisers: [{ id: 3, name: Shop, ref: shop-3 }]
affiliates: [{ id: 7, name: "Blog & Co", ref: b7 }, { id: 9, name: Other }]
offers:
  - { id: 8, name: Shoes, ref: s8, advertiser_id: 3, offer_url: "https://shop.example/", payout: 1, revenue: 2,
      goals: [{ id: 5, name: Lead, ref: lead }] }
  - { id: 11, name: Hats, advertiser_id: 3, offer_url: "https://hats.example/", payout: 1, revenue: 2 }
creatives: [{ id: 22, offer_id: 8, name: Banner, file_name: banner.png }]
postbacks: ${JSON.stringify(postbacks)}
`);
}

export const firing: PostbackFiring = {
  idempotencyId: 'f1r1n6',
  standing: 'approved',
  conversionId: '01a206cf-a040-7b86-b273-ff34fce19d6b',
  transactionId: '102abc',
  offerId: 8,
  affiliateId: 7,
  goalId: 0,
  currency: 'USD',
  payout: '2.50',
  amount: '49.9',
  atMs: Date.parse('2026-12-01T10:20:30.400Z'),
  reachedAtMs: Date.parse('2026-12-02T11:22:33.444Z'),
  clickFacts: {
    source: 'mail',
    aff_sub: 'a&b',
    aff_sub2: '{payout}',
    aff_click_id: 'c-1',
    file_id: '22',
    google_aid: 'g',
  },
  reportFacts: { adv_sub: 'order 1', adv_unique1: 'u', google_aid: 'other', android_id: 'a' },
};
