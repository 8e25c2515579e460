import { describe, expect, test } from 'vitest';
import { validateCatalog } from '../../../core/catalog/validate.ts';

/** Problems of a catalog with one advertiser, these of its fields changed. */
function advertiserProblems(fields: Record<string, unknown>): readonly string[] {
  return problemsOf(`network: { name: N }\nadvertisers: [${JSON.stringify({ id: 1, name: 'A', ...fields })}]`);
}

function problemsOf(yaml: string): readonly string[] {
  const validated = validateCatalog(yaml);
  return validated.kind === 'invalid' ? validated.problems : [];
}

/** Problems of a catalog with one offer, these of its fields changed. */
function offerProblems(fields: Record<string, unknown>): readonly string[] {
  const good = { id: 1, name: 'o', advertiser_id: 1, offer_url: 'https://a.example/', payout: '1', revenue: '2' };
  const offer = JSON.stringify({ ...good, ...fields });
  return problemsOf(`network: { name: N }\nadvertisers: [{ id: 1, name: A }]\noffers: [${offer}]`);
}

describe('a rule that cannot mean anything', () => {
  const hours = 'must be a whole number from 1 to 2160';
  const keys = (postback_keys: unknown) => advertiserProblems({ signed_postbacks: true, postback_keys });

  test.each<[Record<string, unknown>, string]>([
    [{ session_hours: 0 }, `session_hours: ${hours}`],
    [{ session_hours: 2_161 }, `session_hours: ${hours}`],
    [{ session_hours: 0.5 }, `session_hours: ${hours}`],
    [{ min_seconds_to_conversion: -1 }, 'min_seconds_to_conversion: must be a whole number from 0 to 86400'],
    [
      { session_hours: 1, min_seconds_to_conversion: 3_600 },
      'min_seconds_to_conversion: lasts as long as session_hours: no conversion can count',
    ],
    [{ pay_unique_clicks_only: true }, 'pay_unique_clicks_only: has no effect without payout_type or revenue_type cpc'],
    [{ unique_id_scope: 'goal' }, 'unique_id_scope: must be one of click, offer, advertiser, network'],
  ])('at an offer is refused: %j', (fields, problem) => {
    expect(offerProblems({ trusts_visitors: true, ...fields })).toEqual([`offers[0].${problem}`]);
  });

  test('at an advertiser is refused', () => {
    expect(advertiserProblems({ postback_keys: [1] })).toEqual([
      'advertisers[0].postback_keys: has no effect without signed_postbacks: true',
    ]);
    expect(keys([])).toEqual(['advertisers[0].postback_keys: must name at least one key']);
    expect(keys([1, 2, 3])).toEqual(['advertisers[0].postback_keys: must have at most two keys']);
    expect(keys([0])).toEqual(['advertisers[0].postback_keys[0]: must be a whole number from 1 to 1000']);
    expect(keys([1, 2])).toEqual([]);
  });
});
