import { describe, expect, test } from 'vitest';
import { makeSnapshot, parseSnapshot } from '../../../../core/catalog/snapshot.ts';
import { validateCatalog } from '../../../../core/catalog/validate.ts';
import type { HttpAnswer } from '../../../../operator/clients/http-client.ts';
import { type Chosen, choose } from '../../../../operator/commands/smoke/choose-offer.ts';
import { conversionChecks } from '../../../../operator/commands/smoke/server-checks.ts';
import { eventProblems, judgeAnswer, type SmokeCheck } from '../../../../operator/commands/smoke/smoke-check.ts';
import { visitorChecks } from '../../../../operator/commands/smoke/visitor-checks.ts';

const nowMs = Date.UTC(2026, 10, 23, 5);
const chosen = chosenFrom(`network: { name: N, default_url: "https://n.example/offers" }
advertisers: [{ id: 1, name: A }, { id: 2, name: B, security_token: "0123456789abcdef" }, { id: 3, name: C, signed_postbacks: true }]
affiliates: [{ id: 5, name: blocked, status: blocked }, { id: 7, name: good }]
offers:
  - { id: 1, name: ended, advertiser_id: 1, expiration_date: 2024-03-31, offer_url: "https://a.example/", payout: 1, revenue: 2 }
  - { id: 4, name: guarded, advertiser_id: 2, offer_url: "https://d.example/", payout: 1, revenue: 2 }
  - { id: 5, name: signed, advertiser_id: 3, offer_url: "https://d.example/", payout: 1, revenue: 2 }
  - { id: 6, name: later, advertiser_id: 1, offer_url: "https://d.example/", payout: 1, revenue: 2, min_seconds_to_conversion: 5 }
  - { id: 2, name: open, advertiser_id: 1, offer_url: "https://b.example/x?tid={transaction_id}", payout: 1, revenue: 2, goals: [{ id: 1, name: Sale }] }
  - { id: 3, name: deep, advertiser_id: 1, offer_url: "https://c.example/?tid={transaction_id}", allow_website_links: true, website_hosts: ["*.shop.example"], payout: 1, revenue: 2 }
`);
const checks = visitorChecks(chosen, 'run-1');

function chosenFrom(text: string, wish = {}): Chosen {
  const validated = validateCatalog(text);
  if (validated.kind !== 'valid') throw new Error(validated.problems.join());
  const parsed = parseSnapshot(makeSnapshot(validated.content).text);
  if (parsed.kind !== 'catalog') throw new Error(parsed.reason);
  const choice = choose(parsed.catalog, wish, nowMs);
  if (choice.kind === 'none') throw new Error(choice.reason);
  return choice.chosen;
}

function checkNamed(name: string): SmokeCheck {
  const found = checks.find((check) => check.name === name);
  if (!found) throw new Error(`no check ${name}`);
  return found;
}

function answer(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): HttpAnswer {
  return { status, error: '', headers: { ...captured, ...headers }, body };
}

const captured = { 'x-keeptrack-captured': 'intake-home', 'x-keeptrack-event': '019' };

test('the first offer and affiliate that take clicks are chosen, and an offer for deep links', () => {
  expect(chosen).toMatchObject({ offer: { id: 2 }, affiliate: { id: 7 }, unknownOfferId: 4_294_967_295 });
  expect(chosen.deepLink).toMatchObject({ offer: { id: 3 }, host: 'keeptrack-smoke.shop.example' });
});

test.each([
  ['whose advertiser wants a token', 4, 2],
  ['whose advertiser signs', 5, 3],
  ['that takes no conversion right after its click', 6, 1],
])('an offer %s is taken only when asked for, and a rejected conversion is no failure', (_, id, advertiserId) => {
  const choice = choose(chosen.catalog, { offerId: id }, nowMs);
  if (choice.kind === 'none') throw new Error(choice.reason);
  expect(choice.chosen).toMatchObject({ offer: { id }, advertiser: { id: advertiserId } });
  const [conversion] = conversionChecks(choice.chosen, 'run-1', 'T');
  expect(conversion?.event).not.toHaveProperty('reason');
  const judged = conversion && judgeAnswer(conversion, answer(200, {}, 'success=false; err_msg=Missing signature.;'));
  expect(judged).toMatchObject({ problems: [] });
  expect(conversionChecks(chosen, 'run-1', 'T')[0]?.event).toMatchObject({ reason: null, test: true });
});

test('an offer or affiliate that was asked for and is not active is refused by name', () => {
  expect(choose(chosen.catalog, { offerId: 1 }, nowMs)).toEqual({
    kind: 'none',
    reason: 'offer 1 is not active in the catalog',
  });
  expect(choose(chosen.catalog, { affiliateId: 5 }, nowMs)).toMatchObject({ kind: 'none' });
});

test('links are sent as foreign systems mangle them, each marked as a smoke test', () => {
  expect(checkNamed('raw characters').target).toContain('&aff_sub3={aff_sub}&aff_sub4=a|b&aff_sub5="c"&source=');
  expect(checkNamed('&amp; for &').target).toContain('?offer_id=2&amp;aff_id=7&amp;aff_sub3=escaped&');
  expect(checkNamed('parameters twice').target).toMatch(/offer_id=4294967295.*offer_id=2/);
  const marked = checks.filter(({ event }) => event);
  for (const { target } of marked) expect(target).toMatch(/source=keeptrack-smoke&aff_sub=run-1&aff_sub2=/);
  expect(marked.length).toBeGreaterThan(15);
  expect(checkNamed('too long a link').target.length).toBeGreaterThan(8_192);
});

describe('a redirect', () => {
  test('to the offer’s own page passes', () => {
    const outcome = judgeAnswer(checkNamed('click'), answer(302, { location: 'https://b.example/x?tid=abc' }));
    expect(outcome).toMatchObject({ captured: 'intake-home', eventId: '019', problems: [] });
  });

  test.each([
    ['click', 'https://evil.example/x?tid='],
    ['deep link elsewhere', 'https://keeptrack-smoke.invalid/'],
    ['deep link', 'https://keeptrack-smoke.shop.example.evil.example/keeptrack/smoke?a=1&b=2'],
    ['deep link', 'https://keeptrack-smoke.shop.example/keeptrack/smoke?a=1'],
    ['unknown offer', 'https://b.example/'],
  ])('of %s to %s fails', (name, location) => {
    expect(judgeAnswer(checkNamed(name), answer(302, { location })).problems).toEqual([
      expect.stringContaining(location),
    ]);
  });
});

test.each([
  ['another status', answer(500, { location: 'https://b.example/x?tid=abc' }), 'answers 500, not 302'],
  [
    'no rung',
    answer(302, { location: 'https://b.example/x?tid=', 'x-keeptrack-captured': 'unconfirmed' }),
    'no rung took the event: unconfirmed',
  ],
  [
    'no event',
    answer(302, { location: 'https://b.example/x?tid=', 'x-keeptrack-event': '' }),
    'the answer names no rung or no event: nothing was captured',
  ],
  ['no answer', { status: 0, error: 'ECONNRESET', headers: {}, body: '' }, 'no answer: ECONNRESET'],
])('%s fails a click', (_what, given, problem) => {
  expect(judgeAnswer(checkNamed('click'), given).problems).toEqual([problem]);
});

test('a header that comes from the link fails the check', () => {
  const given = answer(302, { location: 'https://b.example/x?tid=', 'set-cookie': 'smoke=1' });
  expect(judgeAnswer(checkNamed('line break in a value'), given).problems).toEqual([
    expect.stringContaining('set-cookie'),
  ]);
});

test('a refused link must not be captured', () => {
  expect(judgeAnswer(checkNamed('too long a link'), answer(414, {}, 'This link is too long.\n')).problems).toEqual([
    'captured an event (intake-home), and should capture none',
  ]);
});

test('an event that lost or changed a field is reported with the field', () => {
  const wanted = { aff_sub3: '{aff_sub}', reason: null };
  expect(eventProblems(wanted, { aff_sub3: '{aff_sub}' })).toEqual([]);
  expect(eventProblems(wanted, { aff_sub3: 'x', reason: 'offer-unknown' })).toEqual([
    'its event has aff_sub3 "x", not "{aff_sub}"',
    'its event has reason "offer-unknown", not null',
  ]);
});

test('conversions carry the transaction id, and two of them are posted', () => {
  const conversions = conversionChecks(chosen, 'run-1', 'T');
  expect(conversions.map(({ target, body = '' }) => `${target} ${body}`)).toEqual([
    expect.stringMatching(/^\/aff_lsr\?transaction_id=T&adv_sub=run-1&/),
    expect.stringMatching(/^\/aff_lsr transaction_id=T&/),
    expect.stringMatching(/^\/aff_lsr \{"transaction_id":"T","adv_sub":"run-1",/),
    expect.stringMatching(/^\/aff_goal\?a=lsr&goal_id=1&transaction_id=T&/),
  ]);
});
