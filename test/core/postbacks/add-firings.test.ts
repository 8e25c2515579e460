import { expect, test } from 'vitest';
import type { Postback } from '../../../core/catalog/catalog.ts';
import { uuidV7 } from '../../../core/event/uuid.ts';
import { limits } from '../../../core/limits/limits.ts';
import { withLines } from '../../../core/postbacks/add-firings.ts';
import { changed, type DeliveryState, isSameState, noDeliveries } from '../../../core/postbacks/delivery-state.ts';
import { matchingPostbacks } from '../../../core/postbacks/matching-postbacks.ts';
import type { OutboxLine } from '../../../core/postbacks/outbox-line.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import { sampleMs } from '../../sample-lines.ts';
import { outboxLine } from './sample-deliveries.ts';

const standings = ['pending', 'approved', 'rejected', 'reversed'] as const;

const everything: Postback = {
  ...{ id: 1, affiliate_id: 0, offer_id: 0, url: 'https://partner.example.com/', method: 'GET', status: 'active' },
  on: standings,
};
const rules = { match: matchingPostbacks(new Map([[1, everything]])), sinceMs: () => 0, nowMs: sampleMs };

function add(state: DeliveryState, ...lines: readonly OutboxLine[]): DeliveryState {
  return withLines(state, lines, rules, sampleMs);
}

/** The conversion with the standing that it reached `afterMs` after its first report. */
function reached(which: number, standing: OutboxLine['standing'], afterMs: number): OutboxLine {
  return outboxLine(which, { standing, standingId: uuidV7(sampleMs + which + afterMs, new Uint8Array(10)) });
}

function told(state: DeliveryState): readonly string[] {
  return [...state.deliveries.values()].map(({ line, status }) => `${line.standing} ${status}`).toSorted();
}

test('adding the same lines again, in parts or in any order, changes nothing', () => {
  const chance = seededChance(3);
  for (let round = 0; round < 200; round += 1) {
    const lines = Array.from({ length: 8 }, () => {
      const step = Math.floor(chance() * 4);
      return reached(Math.floor(chance() * 3), standings[step] ?? 'pending', step * 1_000);
    });
    const once = add(noDeliveries, ...lines);
    expect(isSameState(once, add(once, ...lines))).toBe(true);
    expect(told(add(noDeliveries, ...lines.toReversed()))).toEqual(told(once));
    for (const one of lines) expect(isSameState(once, add(once, one))).toBe(true);
  }
});

test('a standing that nobody was told of is skipped when the next one comes', () => {
  const first = add(noDeliveries, reached(1, 'pending', 0));
  expect(told(add(first, reached(1, 'approved', 1_000)))).toEqual(['approved due', 'pending skipped']);
});

test('a standing that was skipped is told when the conversion has come back to it', () => {
  const skipped = add(add(noDeliveries, reached(1, 'approved', 0)), reached(1, 'reversed', 1_000));
  expect(told(skipped)).toEqual(['approved skipped', 'reversed due']);
  const back = add(skipped, reached(1, 'approved', 2_000));
  expect(told(back)).toEqual(['approved due', 'reversed skipped']);
  expect(isSameState(back, add(back, reached(1, 'approved', 2_000), reached(1, 'reversed', 1_000)))).toBe(true);
});

test('a standing that was told stays told when the next one comes', () => {
  const first = add(noDeliveries, reached(1, 'approved', 0));
  const [one] = first.deliveries.values();
  if (one === undefined) throw new Error('nothing fired');
  const done = { deliveries: new Map([[one.id, changed(one, { status: 'delivered' })]]) };
  expect(told(add(done, reached(1, 'reversed', 1_000)))).toEqual(['approved delivered', 'reversed due']);
  expect(told(add(done, reached(1, 'pending', -1_000)))).toEqual(['approved delivered']);
});

test('what happened before the postback was published, or long ago, fires nothing', () => {
  const line = reached(1, 'approved', 0);
  expect(withLines(noDeliveries, [line], { ...rules, sinceMs: () => sampleMs + 2 }, 0)).toEqual(noDeliveries);
  const laterMs = sampleMs + (limits.postbacks.freshDays * 24 + 1) * 3_600_000;
  expect(withLines(noDeliveries, [line], { ...rules, nowMs: laterMs }, 0)).toEqual(noDeliveries);
});
