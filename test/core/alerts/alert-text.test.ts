import { expect, test } from 'vitest';
import { ruleAlertText, ruleText } from '../../../core/alerts/alert-text.ts';
import { judgeRule } from '../../../core/alerts/judge-rule.ts';
import type { Tally } from '../../../core/alerts/tally.ts';
import type { AlertRule } from '../../../core/catalog/alert-rule.ts';

const startMs = Date.UTC(2026, 10, 23, 4, 15);
const hour = { startMs, endMs: startMs + 3_600_000 };
const names = {
  offers: new Map([[1500, { name: 'Plain sale' }]]),
  affiliates: new Map([[48001, { name: 'Banner House' }]]),
};
const tally: Tally = {
  clicks: 4_210n,
  conversions: 12n,
  pending: 9n,
  rejected: 30n,
  reasons: new Map([['too-soon', 7n]]),
};
const textOf = (rule: Omit<AlertRule, 'id'>, past: readonly Tally[] = []) =>
  ruleAlertText({ id: 1, ...rule }, hour, tally, judgeRule({ id: 1, ...rule }, tally, past), names);

test('an alert says what is out of bounds, with figures and what to look at', () => {
  expect(textOf({ measure: 'conversion_rate', offer_id: 1500, below: '0.5' })).toBe(
    'Alert 1: the conversion rate of offer 1500 Plain sale is 0.29 % (12 conversions, 4,210 clicks), below 0.50 %. ' +
      'Hour: 2026-11-23 04:15 to 05:15 UTC. ' +
      'Look at: keeptrack report --from 24h --by hour --offer 1500; then open the landing page, and ask the advertiser whether postbacks are sent.',
  );
});

test('an alert against past weeks says what is usual', () => {
  const week = { ...tally, clicks: 10_000n };
  expect(textOf({ measure: 'clicks', affiliate_id: 48001, change_percent: -50 }, [week, week])).toMatch(
    /^Alert 1: the number of clicks of affiliate 48001 Banner House is 4,210 \(12 conversions\), below 5,000, usually 10,000 at this hour of the week\./,
  );
});

test('shares say of how many conversions they are', () => {
  expect(textOf({ measure: 'pending_share', above: '20' })).toContain(
    'is 21.43 % (9 of 42 conversions wait), above 20.00 %',
  );
  expect(textOf({ measure: 'rejected_share', reason: 'too-soon', above: '10' })).toContain(
    'the share of rejected conversions (too-soon) is 16.67 % (7 of 42 conversions are rejected), above 10.00 %',
  );
});

test('rules are listed in words', () => {
  const texts: readonly AlertRule[] = [
    { id: 1, measure: 'conversion_rate', offer_id: 1500, below: '0.5' },
    { id: 2, measure: 'clicks', affiliate_id: 7, change_percent: -50 },
    { id: 3, measure: 'clicks', above: '1000' },
  ];
  expect(texts.map(ruleText)).toEqual([
    'conversion rate of offer 1500 below 0.5 %',
    'number of clicks of affiliate 7 down by 50 % or more against past weeks',
    'number of clicks above 1000',
  ]);
});
