import { describe, expect, test } from 'vitest';
import { dayIn } from '../../../core/config/time-zone.ts';
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

test('the mark changes when a day of the network begins, and at no other midnight', () => {
  const dayOf = dayIn('Asia/Kolkata');
  const markAt = (time: string) => markOf({}, { nowMs: Date.parse(time), dayOf });
  const mark = markAt('2026-11-22T18:30:00.000Z');
  expect(markAt('2026-11-22T18:29:59.999Z')).not.toBe(mark);
  expect(markAt('2026-11-23T00:00:00.000Z')).toBe(mark);
  expect(markAt('2026-11-23T18:29:59.999Z')).toBe(mark);
});

test('nobody is marked where no address is kept, and no server that reports a conversion', () => {
  expect(markOf({}, { privacy: { clientAddress: 'none', userAgent: 'full' } })).toBeUndefined();
  expect(captured('/aff_lsr?transaction_id=x').fields).not.toHaveProperty('visitor');
});

describe('IPv6 addresses', () => {
  const markAt = (ip: string) => markOf({ ip });

  test('of one /64 are one visitor, however they are written', () => {
    const marks = ['2001:db8:1:2::1', '2001:DB8:1:2:ffff:ffff:ffff:ffff', '2001:0db8:0001:0002:0:0:0:7'].map(markAt);
    expect(new Set(marks).size).toBe(1);
    expect(markAt('2001:db8::1')).toBe(markAt('2001:db8:0:0:1::'));
  });

  test('of two /64 are two', () => {
    const marks = ['2001:db8:1:2::1', '2001:db8:1:3::1', '2001:db8:1::1', '2001:db8::1', '::1'].map(markAt);
    expect(new Set(marks).size).toBe(5);
  });

  test('that stand for IPv4 addresses are these, and text that is none stays apart', () => {
    expect(markAt('::ffff:203.0.113.7')).toBe(markAt('203.0.113.7'));
    expect(new Set(['fe80::1%eth0', 'x:y', 'x:z'].map(markAt)).size).toBe(3);
  });
});
