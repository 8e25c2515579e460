import { describe, expect, test } from 'vitest';
import { faultWindows } from '../../../drill/faults/fault-windows.ts';
import type { SentRecord } from '../../../drill/load/sent-record.ts';
import { latencyByPhase, quantile } from '../../../drill/report/latency.ts';

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
