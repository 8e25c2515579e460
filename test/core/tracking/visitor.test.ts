import { expect, test } from 'vitest';
import type { TrackContext, TrackRequest } from '../../../core/tracking/decision.ts';
import { captured, keys, nowMs } from './ask.ts';

const link = '/aff_c?offer_id=15&aff_id=2';

function markOf(request: Partial<TrackRequest> = {}, context: Partial<TrackContext> = {}): unknown {
  return captured(link, request, context).fields['visitor'];
}

test('a visitor has one mark on a day: in both regions, on every offer, for clicks and impressions', () => {
  const mark = markOf();
  expect(mark).toMatch(/^[0-9a-f]{16}$/);
  expect(markOf({}, { region: 'us-east-1', nowMs: nowMs + 3_600_000 })).toBe(mark);
  expect(captured('/aff_c?offer_id=8&aff_id=1').fields['visitor']).toBe(mark);
  expect(captured('/aff_i?offer_id=8&aff_id=1').fields['visitor']).toBe(mark);
});

test('visitors whose addresses are kept as the same network have marks of their own', () => {
  const privacy = { clientAddress: 'truncated', userAgent: 'truncated' } as const;
  const marks = ['203.0.113.7', '203.0.113.8'].map((ip) => markOf({ ip }, { privacy }));
  expect(new Set(marks).size).toBe(2);
  expect(markOf({ ip: '203.0.113.7' })).toBe(marks[0]);
});

test('another user agent, day or key gives another mark', () => {
  const nextDay = markOf({}, { nowMs: nowMs + 86_400_000 });
  const otherKey = markOf({}, { keys: { ...keys, signing: 'c3'.repeat(32) } });
  expect(new Set([markOf(), markOf({ userAgent: 'other' }), nextDay, otherKey]).size).toBe(4);
});

test('nobody is marked where no address is kept, and no server that reports a conversion', () => {
  expect(markOf({}, { privacy: { clientAddress: 'none', userAgent: 'full' } })).toBeUndefined();
  expect(captured('/aff_lsr?transaction_id=x').fields).not.toHaveProperty('visitor');
});
