import { describe, expect, test } from 'vitest';
import { pickAnswer, type ZoneRecord, zoneAnswers } from '../../../local/model/zone.ts';

const name = 'go.example.com';

function record(target: string, routing: ZoneRecord['routing'], more: Partial<ZoneRecord> = {}): ZoneRecord {
  return { name, type: 'A', target, evaluateTargetHealth: true, routing, healthCheckId: target, ...more };
}

function answers(records: readonly ZoneRecord[], ill: readonly string[] = [], asked = name) {
  return zoneAnswers({ records, isHealthy: (id) => !ill.includes(id) }, asked, 'A');
}

function targets(...args: Parameters<typeof answers>): string[] {
  return answers(...args).map(({ target }) => target);
}

describe('failover records', () => {
  const pair = [
    record('d-west', { kind: 'failover', role: 'SECONDARY' }),
    record('d-east', { kind: 'failover', role: 'PRIMARY' }),
  ];

  test.each([
    ['the primary while it is healthy', [], 'd-east'],
    ['the primary when only the secondary is ill', ['d-west'], 'd-east'],
    ['the secondary when only the primary is ill', ['d-east'], 'd-west'],
    ['the primary when both are ill', ['d-east', 'd-west'], 'd-east'],
  ])('answer %s', (_, ill, expected) => {
    expect(targets(pair, ill)).toEqual([expected]);
  });

  test('of which only one is there answer it, healthy or not', () => {
    expect(targets(pair.slice(0, 1))).toEqual(['d-west']);
    expect(targets(pair.slice(0, 1), ['d-west'])).toEqual(['d-west']);
  });
});

describe('weighted records', () => {
  const weighted = (weights: readonly number[]) =>
    weights.map((weight, index) => record(`d-${index}`, { kind: 'weighted', weight }));

  test('share the queries by their weights', () => {
    expect(answers(weighted([3, 1]))).toEqual([
      { target: 'd-0', share: 0.75 },
      { target: 'd-1', share: 0.25 },
    ]);
  });

  test.each([
    ['leave an ill one out', [3, 1], ['d-0'], ['d-1']],
    ['are all considered when none is healthy', [3, 1], ['d-0', 'd-1'], ['d-0', 'd-1']],
    ['get nothing with weight 0', [1, 0], [], ['d-0']],
    ['of weight 0 come in when no other is healthy', [1, 0], ['d-0'], ['d-1']],
    ['share alike when all have weight 0', [0, 0], [], ['d-0', 'd-1']],
  ])('%s', (_, weights, ill, expected) => {
    expect(targets(weighted(weights), ill)).toEqual(expected);
  });
});

describe('an alias', () => {
  const regional = (region: string, healthCheckId: string): ZoneRecord => ({
    name: `${region}.${name}`,
    type: 'A',
    target: `d-${region}`,
    evaluateTargetHealth: true,
    routing: { kind: 'simple' },
    healthCheckId,
  });

  test('of a record leads on to where that leads', () => {
    const shared = record(`east.${name}`, { kind: 'failover', role: 'PRIMARY' });
    expect(targets([shared, regional('east', 'any')])).toEqual(['d-east']);
  });

  test('that evaluates its target is as ill as that', () => {
    const records = [
      record(`east.${name}`, { kind: 'failover', role: 'PRIMARY' }),
      record(`west.${name}`, { kind: 'failover', role: 'SECONDARY' }),
      regional('east', 'check-east'),
      regional('west', 'check-west'),
    ];
    expect(targets(records, ['check-east'])).toEqual(['d-west']);
  });

  test('of itself is no answer', () => {
    expect(targets([record(name, { kind: 'simple' })])).toEqual([]);
  });
});

test('a name or a type without a record has no answer', () => {
  expect(targets([record('d-east', { kind: 'simple' }, { type: 'AAAA' })])).toEqual([]);
  expect(targets([record('d-east', { kind: 'simple' })], [], 'other.example.com')).toEqual([]);
});

test('a query draws among the answers by their shares', () => {
  const both = [
    { target: 'east', share: 0.75 },
    { target: 'west', share: 0.25 },
  ];
  expect([0, 0.74, 0.75, 0.999].map((draw) => pickAnswer(both, () => draw))).toEqual(['east', 'east', 'west', 'west']);
  expect(pickAnswer([], () => 0)).toBeUndefined();
});
