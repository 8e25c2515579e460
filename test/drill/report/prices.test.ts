import { describe, expect, test } from 'vitest';
import { usdOf } from '../../../drill/report/prices.ts';

describe('prices', () => {
  const owesNothing = { owedSegments: 0, owedMessageBytes: 0 };
  const nothing = { calls: {}, invocations: 0, httpRequests: 0, ...owesNothing, readUnits: 0, writeUnits: 0 };
  const million = 1_000_000;

  test.each([
    ['a million objects written', { calls: { 's3:PutObject': million } }, 5],
    ['a million objects read', { calls: { 's3:GetObject': million } }, 0.4],
    ['a million messages sent', { calls: { 'sqs:SendMessage': million } }, 0.4],
    ['a million invocations', { invocations: million }, 0.2],
    ['a million HTTP requests', { httpRequests: million }, 1],
    ['a million write units, in however many calls', { writeUnits: million, calls: { 'dynamodb:PutItem': 7 } }, 0.625],
    ['a million read units', { readUnits: million }, 0.125],
  ])('of %s are those of the price list', (_, usage, usd) => {
    expect(usdOf({ ...nothing, ...usage })).toBeCloseTo(usd);
  });

  test('of an owed segment count every started 64 KB, sent and received', () => {
    const calls = { 'sqs:SendMessage': million, 'sqs:ReceiveMessage': million };
    const owed = { ...nothing, calls, owedSegments: million };
    expect(usdOf({ ...owed, owedMessageBytes: 65_536 })).toBeCloseTo(0.8);
    expect(usdOf({ ...owed, owedMessageBytes: 65_537 })).toBeCloseTo(1.6);
    expect(usdOf({ ...owed, owedMessageBytes: 1_040_000 })).toBeCloseTo(12.8);
  });
});
