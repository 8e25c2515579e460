import { expect, test } from 'vitest';
import { uuidV7 } from '../../../../core/event/uuid.ts';
import { provisionalClaimUpdate } from '../../../../core/figures/provisional-claim.ts';
import {
  firstConversionKey,
  hourStateKey,
  markerKey,
  provisionalClaimKey,
  reopenKey,
} from '../../../../core/figures/table-keys.ts';
import { hourMs, hourName, hourStart, logKey } from '../../../../core/log/log-key.ts';
import { aboutEvent, hoursInIndex } from '../../../../operator/commands/explain/figures-facts.ts';
import { tableOf } from '../../figures/model-table.ts';

const atMs = Date.UTC(2026, 10, 23, 5, 4, 3);
const hourStartMs = hourStart(atMs);
const hour = hourName(hourStartMs);
const eventId = uuidV7(atMs, new Uint8Array(10));
const [counted, uncounted] = ['a'.repeat(32), 'b'.repeat(32)];
const segmentKeys = [counted, uncounted].map((segmentId) => logKey({ hourStartMs, segmentId }));
const key = 'c'.repeat(32);
const claim = provisionalClaimUpdate(key, 'other', { segmentId: counted, hourStartMs });
const claimed = { ...provisionalClaimKey(key), ...(claim.kind === 'update' && claim.set) };
const first = {
  ...firstConversionKey(key),
  first_id: eventId,
  hours: [BigInt(hourStartMs / hourMs) + 48n],
  version: 'v',
};

test('all facts of a region about an event are read at once', async () => {
  const state = { ...hourStateKey(hour), revision: 3n, cause: 'late', finalized_at: 7n };
  const { time, table } = await tableOf(
    [state, reopenKey(hour), markerKey(hour, counted, 0), claimed, first].map((item) => ({ ...item })),
  );
  expect(await time.until(aboutEvent(table, eventId, segmentKeys, key))).toEqual({
    kind: 'known',
    facts: {
      countedSegments: new Set([counted]),
      claim: { eventId: 'other', segmentId: counted },
      first: { firstId: eventId, hours: first.hours, version: 'v' },
      hour: { revision: 3, cause: 'late', finalizedAtMs: 7 },
      isReopened: true,
    },
  });
});

test('an event that is not counted yet has no facts', async () => {
  const { time, table } = await tableOf([]);
  const facts = { countedSegments: new Set(), isReopened: false };
  expect(await time.until(aboutEvent(table, eventId, segmentKeys, undefined))).toEqual({ kind: 'known', facts });
});

test('a table that does not answer gives the reason', async () => {
  const { time, board, table } = await tableOf([]);
  board.add({ service: 'dynamodb', effect: 'hang' });
  const about = await time.until(aboutEvent(table, eventId, segmentKeys, key));
  expect(about).toEqual({ kind: 'unknown', reason: 'no answer in time' });
  expect(await time.until(hoursInIndex(table, [key]))).toBeUndefined();
});

test('the index names hours of conversions, counted provisionally or finally', async () => {
  const provisional = { ...claimed, counted_id: eventId };
  const { time, table } = await tableOf([provisional, first]);
  expect([...((await time.until(hoursInIndex(table, [key, 'd'.repeat(32)]))) ?? [])].sort()).toEqual([
    hourStartMs,
    hourStartMs + 48 * hourMs,
  ]);
});
