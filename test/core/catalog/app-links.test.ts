import { describe, expect, test } from 'vitest';
import { validateCatalog } from '../../../core/catalog/validate.ts';

/** Problems of a catalog with one offer, these of its fields changed. */
function offerProblems(fields: Record<string, unknown>): readonly string[] {
  const validated = validateOffer(fields);
  return validated.kind === 'invalid' ? validated.problems : [];
}

function validateOffer(fields: Record<string, unknown>) {
  const good = { id: 1, name: 'o', advertiser_id: 1, offer_url: 'https://a.example/', payout: '1', revenue: '2' };
  const offer = JSON.stringify({ ...good, ...fields });
  return validateCatalog(`network: { name: N }\nadvertisers: [{ id: 1, name: A }]\noffers: [${offer}]`);
}

describe('an app link', () => {
  const fallback = 'S.browser_fallback_url=https%3A%2F%2Fa.example%2F';
  const intent = (fields: string, host = 'a.example') => `intent://${host}/#Intent;${fields};end`;

  test.each([
    ['market://details?id=com.a&referrer={transaction_id}', ['market']],
    ['itms-apps://apps.apple.com/app/id1', ['itms-apps']],
    [intent(`scheme=https;${fallback}%3Ft%3D{transaction_id}`), ['intent']],
  ])('is allowed where the offer lists its scheme: %s', (url, schemes) => {
    expect(offerProblems({ offer_url: url, app_schemes: schemes })).toEqual([]);
    expect(offerProblems({ urls: [{ id: 1, url }], app_schemes: schemes })).toEqual([]);
    const problem = `is a link to an app; list ${schemes[0]} in app_schemes of the offer to allow it`;
    expect(offerProblems({ offer_url: url })).toEqual([`offers[0].offer_url: ${problem}`]);
    expect(offerProblems({ urls: [{ id: 1, url }] })).toEqual([`offers[0].urls[0].url: ${problem}`]);
  });

  const needsFallback = 'must have an https URL in S.browser_fallback_url, encoded once, for visitors without the app';
  const host = 'must have a host of letters, digits, dots and hyphens, without a macro';

  test.each([
    [intent('scheme=https'), needsFallback],
    [intent('S.browser_fallback_url=http%3A%2F%2Fa.example%2F'), needsFallback],
    [intent('S.browser_fallback_url=javascript%3Aalert(1)'), needsFallback],
    [intent('S.browser_fallback_url=https%3A%2F%2F{aff_sub}'), needsFallback],
    [intent('S.browser_fallback_url=%E4'), needsFallback],
    [intent(`scheme=javascript;${fallback}`), 'must not have the scheme javascript'],
    [
      intent(`package={aff_sub};${fallback}`),
      'must not have a macro behind #Intent; other than in the value of a field S.…',
    ],
    [`intent://a.example/?x#Intent;${fallback}`, 'must end with #Intent;…;end'],
    [intent(fallback, '{aff_sub}'), host],
    ['market://{aff_sub}', host],
    ['market://details?id=a b', 'must not contain spaces, control characters or backslashes'],
    ['market:details?id=a', 'must be an http or https URL'],
    ['javascript://a.example/%0aalert(1)', 'must be an http or https URL'],
    ['data:text/html,x', 'must be an http or https URL'],
    ['file:///etc/passwd', 'must be an http or https URL'],
  ])('is refused: %s', (url, problem) => {
    const app_schemes = ['market', 'intent', 'itms-apps'];
    expect(offerProblems({ offer_url: url, app_schemes })).toEqual([`offers[0].offer_url: ${problem}`]);
  });

  test('of another scheme cannot be allowed', () => {
    expect(offerProblems({ app_schemes: ['javascript'] })).toEqual([
      'offers[0].app_schemes[0]: must be one of market, itms-apps, intent',
    ]);
  });

  test('of the offer allows deep links to no host, unless the offer names hosts', () => {
    const validated = validateOffer({ offer_url: 'market://details?id=a', app_schemes: ['market'] });
    expect(validated).toMatchObject({ content: { offers: [{ website_hosts: [] }] } });
  });
});
