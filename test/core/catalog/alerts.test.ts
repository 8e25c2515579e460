import { describe, expect, test } from 'vitest';
import { changeText, diffCatalogs } from '../../../core/catalog/diff.ts';
import { makeSnapshot, parseSnapshot } from '../../../core/catalog/snapshot.ts';
import { validateCatalog } from '../../../core/catalog/validate.ts';
import { contentFrom } from '../tracking/ask.ts';

const catalog = (alerts: string) => `network: { name: N }
advertisers: [{ id: 1, name: A }]
affiliates: [{ id: 10, name: B }]
offers: [{ id: 1, name: o, advertiser_id: 1, offer_url: "https://a.example/?t={transaction_id}", payout: 1, revenue: 2 }]
${alerts}
`;

const rules = (...all: readonly string[]) => catalog(`alerts:\n${all.map((one) => `  - { ${one} }`).join('\n')}`);

function problemsOf(yaml: string): readonly string[] {
  const validated = validateCatalog(yaml);
  return validated.kind === 'invalid' ? validated.problems : [];
}

describe('a rule of alerts', () => {
  test.each([
    'id: 1, measure: conversion_rate, offer_id: 1, below: 0.5, min_clicks: 500',
    'id: 1, measure: clicks, affiliate_id: 10, change_percent: -50, min_clicks: 200',
    'id: 1, measure: clicks, below: 1000',
    'id: 1, measure: pending_share, above: 40, min_conversions: 50',
    'id: 1, measure: rejected_share, reason: click-expired, change_percent: 100',
  ])('is valid: %s', (rule) => {
    expect(problemsOf(rules(rule))).toEqual([]);
  });

  test.each([
    ['measure: clicks, below: 5', 'id: is missing'],
    ['id: 1, measure: clicks, offer_id: 2, below: 5', 'offer_id: there is no offer 2'],
    ['id: 1, measure: clicks, affiliate_id: 2, below: 5', 'affiliate_id: there is no affiliate 2'],
    ['id: 1, measure: clicks, below: 5.5', 'below: must be a whole number of clicks'],
    ['id: 1, measure: clicks, below: 0', 'below: must be above 0, or it never holds'],
    ['id: 1, measure: pending_share, above: 100', 'above: must be below 100, or it never holds'],
    ['id: 1, measure: pending_share, below: 101', 'below: must be at most 100, as every share is'],
    ['id: 1, measure: pending_share, above: 5, reason: too-soon', 'reason: is for rejected_share alone'],
    [
      'id: 1, measure: clicks, below: 5, min_clicks: 3',
      'min_clicks: is for conversion_rate, and for clicks with change_percent',
    ],
    ['id: 1, measure: clicks, below: 5, min_conversions: 3', 'min_conversions: has no effect on clicks'],
    [
      'id: 1, measure: clicks, change_percent: -100',
      'change_percent: must be a whole percentage from -99 to 10000, and not 0',
    ],
    [
      'id: 1, measure: clicks, change_percent: 0',
      'change_percent: must be a whole percentage from -99 to 10000, and not 0',
    ],
  ])('is refused: %s', (rule, problem) => {
    expect(problemsOf(rules(rule))).toEqual([`alerts[0].${problem}`]);
  });

  test.each(['', ', below: 5, above: 6', ', above: 6, change_percent: 5'])(
    'is refused with no bound or with two: measure clicks%s',
    (bounds) => {
      expect(problemsOf(rules(`id: 1, measure: clicks${bounds}`))).toEqual([
        'alerts[0]: must have exactly one of below, above, change_percent',
      ]);
    },
  );

  test('is refused with the id of another one', () => {
    const rule = 'id: 1, measure: clicks, below: 5';
    expect(problemsOf(rules(rule, rule))).toEqual(['alerts[1].id: 1 is already used by alerts[0]']);
  });
});

test('a catalog with more rules than one run can judge is refused', () => {
  const many = Array.from({ length: 201 }, (_, index) => `id: ${index + 1}, measure: clicks, below: 5`);
  expect(problemsOf(rules(...many))).toEqual(['alerts: must have at most 200 rules']);
});

test('a catalog without alerts keeps its version when the list is written and empty', () => {
  const versionOf = (yaml: string) => makeSnapshot(contentFrom(yaml)).version;
  expect(versionOf(catalog('alerts: []'))).toBe(versionOf(catalog('')));
});

test('a snapshot hands its rules on, with exact bounds', () => {
  const { text } = makeSnapshot(contentFrom(rules('id: 2, measure: conversion_rate, below: 0.50, offer_id: 1')));
  const parsed = parseSnapshot(text);
  expect(parsed.kind === 'catalog' && parsed.catalog.alerts).toEqual([
    { id: 2, measure: 'conversion_rate', below: '0.5', offer_id: 1 },
  ]);
});

test('what publishing changes about a rule is said field by field', () => {
  const before = contentFrom(rules('id: 1, measure: clicks, below: 5', 'id: 2, measure: clicks, below: 9'));
  const after = contentFrom(rules('id: 1, measure: clicks, below: 50', 'id: 3, measure: clicks, above: 9'));
  expect(diffCatalogs(before, after, 0).map(changeText)).toEqual([
    'alert 1: below 5 -> 50',
    'alert 3: new (measure clicks)',
    'alert 2: removed; nobody is told of this any more',
  ]);
});
