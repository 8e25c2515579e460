import { describe, expect, test } from 'vitest';
import { faultWindows } from '../../../drill/faults/fault-windows.ts';
import type { SentRecord } from '../../../drill/load/sent-record.ts';
import { latencyByPhase, quantile } from '../../../drill/report/latency.ts';
import { usdOf } from '../../../drill/report/prices.ts';

function click(atMs: number, latencyMs: number, changes: Partial<SentRecord> = {}): SentRecord {
  return {
    type: 'click',
    link: { page: '/aff_c', parameters: {} },
    visitor: 1,
    transactionId: '',
    atMs,
    latencyMs,
    status: 302,
    error: '',
    attempts: 1,
    rung: 'intake-home',
    eventId: 'x',
    ...changes,
  };
}

describe('latencies', () => {
  const windows = faultWindows(
    [
      { service: 's3', effect: 'hang', atMs: 2_000, forMs: 1_000 },
      { service: 'sqs', effect: 'hang', atMs: 2_500 },
    ],
    5_000,
  );

  test('are grouped by when the click was due: before, during and after the faults', () => {
    const records = [click(1_999, 10), click(2_000, 700), click(4_999, 500), click(5_000, 12)];
    expect(latencyByPhase(records, windows)).toEqual({
      before: { p50: 10, p99: 10 },
      during: { p50: 500, p99: 700 },
      after: { p50: 12, p99: 12 },
    });
  });

  test('do not include refused clicks and other types, and are null without any click', () => {
    const records = [click(0, 10, { status: 502 }), click(0, 10, { type: 'impression' })];
    expect(latencyByPhase(records, windows).before).toEqual({ p50: null, p99: null });
  });

  test('without faults are all in the phase before', () => {
    expect(latencyByPhase([click(0, 7), click(9_000, 9)], []).before).toEqual({ p50: 7, p99: 9 });
  });

  test('take the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(hundred, 0.5), quantile(hundred, 0.99), quantile([], 0.5)]).toEqual([50, 99, null]);
  });
});

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
