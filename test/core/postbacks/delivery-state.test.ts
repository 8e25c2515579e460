import { expect, test } from 'vitest';
import { deliveryStateKey } from '../../../core/postbacks/delivery-keys.ts';
import {
  changed,
  type Delivery,
  type DeliveryState,
  encodeDeliveryState,
  isLeased,
  isSameState,
  joined,
  parseDeliveryState,
} from '../../../core/postbacks/delivery-state.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import { sampleMs } from '../../sample-lines.ts';
import { delivery } from './sample-deliveries.ts';

const statuses = ['due', 'delivered', 'failed', 'skipped'] as const;

function anyState(chance: () => number): DeliveryState {
  const deliveries = new Map<string, Delivery>();
  for (let which = 0; which < 6; which += 1) {
    if (chance() < 0.4) continue;
    const [status = 'due'] = [statuses[Math.floor(chance() * 4)]];
    const one = delivery(which, { status, changes: Math.floor(chance() * 3), attempts: Math.floor(chance() * 2) });
    deliveries.set(one.id, one);
  }
  return { deliveries };
}

function known({ deliveries }: DeliveryState) {
  return [...deliveries.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

test('copies can be joined in any order and as often as one likes', () => {
  const chance = seededChance(7);
  for (let round = 0; round < 300; round += 1) {
    const [one, two, three] = [anyState(chance), anyState(chance), anyState(chance)];
    expect(known(joined(one, two))).toEqual(known(joined(two, one)));
    expect(known(joined(joined(one, two), three))).toEqual(known(joined(one, joined(two, three))));
    expect(known(joined(one, one))).toEqual(known(one));
  }
});

test('a delivered postback stays delivered, whatever another copy says', () => {
  const chance = seededChance(8);
  for (let round = 0; round < 300; round += 1) {
    const [one, two] = [anyState(chance), anyState(chance)];
    const both = joined(one, two);
    const deliveredIn = (state: DeliveryState) => known(state).filter(({ status }) => status === 'delivered');
    for (const { id } of [...deliveredIn(one), ...deliveredIn(two)]) {
      expect(both.deliveries.get(id)?.status).toBe('delivered');
    }
  }
});

test('a copy that lacks a delivery after as many changes is not taken for complete', () => {
  const failed = delivery(1, { changes: 1 });
  const copy = { deliveries: new Map([[failed.id, failed]]) };
  const told = { deliveries: new Map([[failed.id, { ...failed, status: 'delivered' as const }]]) };
  expect(isSameState(copy, joined(copy, told))).toBe(false);
  expect(isSameState(told, joined(told, copy))).toBe(true);
});

test('a state survives its text, with its lease', () => {
  const one = delivery(1, { last: 'timeout', lastAtMs: sampleMs });
  const state = { deliveries: new Map([[one.id, one]]), lease: { owner: 'run', untilMs: sampleMs } };
  expect(parseDeliveryState(encodeDeliveryState(state))).toEqual(state);
  expect(parseDeliveryState(Buffer.from('no gzip'))).toBeUndefined();
  expect(deliveryStateKey(sampleMs)).toBe('postbacks/minutes/2026-11-23T05/minute-10.json.gz');
});

test('a lease ends with its time, and never keeps out its owner', () => {
  const state = { deliveries: new Map(), lease: { owner: 'run', untilMs: 10 } };
  expect([9, 10].map((nowMs) => isLeased(state, 'other', nowMs))).toEqual([true, false]);
  expect(isLeased(state, 'run', 9)).toBe(false);
  expect(changed(delivery(1), { status: 'failed' })).toMatchObject({ status: 'failed', changes: 1 });
});
