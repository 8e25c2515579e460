import { beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../../local/fault/fault.ts';
import { FaultBoard, type Target } from '../../../local/fault/fault-board.ts';

let nowMs = 0;
let draw = 0;
let board: FaultBoard;

beforeEach(() => {
  nowMs = 1_000_000;
  draw = 0;
  board = new FaultBoard({ time: { nowMs: () => nowMs, after: () => () => {} }, chance: () => draw });
});

const put: Target = {
  region: 'us-east-1',
  service: 's3',
  action: 'PutObject',
  caller: 'keeptrack-store',
  callerRegion: 'us-east-1',
};

function strikes(fault: Fault, target: Partial<Target> = {}): boolean {
  const { id } = board.add(fault);
  const struck = board.strikes({ ...put, ...target }).some((active) => active.id === id);
  board.remove(id);
  return struck;
}

describe('whom a fault strikes', () => {
  const error = { service: 's3', effect: 'error' } as const;

  test('its service in its region, or in every region when it names none', () => {
    expect(strikes(error)).toBe(true);
    expect(strikes({ ...error, region: 'us-east-1' })).toBe(true);
    expect(strikes({ ...error, region: 'us-west-2' })).toBe(false);
    expect(strikes(error, { service: 'sqs' })).toBe(false);
  });

  test('the actions and callers it names, callers without the prefix of the deployment', () => {
    expect(strikes({ ...error, actions: ['PutObject'] })).toBe(true);
    expect(strikes({ ...error, actions: ['GetObject'] })).toBe(false);
    expect(strikes({ ...error, callers: ['store'] })).toBe(true);
    expect(strikes({ ...error, callers: ['track', 'operator'] })).toBe(false);
    expect(strikes({ ...error, callers: ['store'] }, { caller: 'store' })).toBe(true);
  });

  test('a link strikes what crosses the border, in both directions, and nobody from outside', () => {
    const link = { service: 'link', effect: 'hang', region: 'us-east-1' } as const;
    expect(strikes(link)).toBe(false);
    expect(strikes(link, { region: 'us-west-2' })).toBe(true);
    expect(strikes(link, { callerRegion: 'us-west-2' })).toBe(true);
    const { callerRegion: _, ...fromOutside } = put;
    const { id } = board.add(link);
    expect(board.strikes(fromOutside)).toEqual([]);
    board.remove(id);
  });

  test('a queue’s duplicates strike what it hands out again and no call, and nothing else strikes that', () => {
    const duplicate = { service: 'sqs', effect: 'duplicate' } as const;
    const redelivery = { service: 'sqs', action: 'ReceiveMessage', isRedelivery: true } as const;
    expect(strikes(duplicate, redelivery)).toBe(true);
    expect(strikes(duplicate, { service: 'sqs', action: 'ReceiveMessage' })).toBe(false);
    expect(strikes({ ...duplicate, actions: ['DeleteMessageBatch'] }, redelivery)).toBe(false);
    expect(strikes({ service: 'sqs', effect: 'error' }, redelivery)).toBe(false);
    expect(strikes({ service: 'region', effect: 'hang' }, redelivery)).toBe(false);
  });

  test('a share strikes those who have drawn for good always or never', () => {
    draw = 0.9;
    const stale = { service: 'dns', effect: 'stale', rate: 0.1 } as const;
    expect(strikes(stale, { service: 'dns', draw: 0.05 })).toBe(true);
    expect(strikes(stale, { service: 'dns', draw: 0.5 })).toBe(false);
  });

  test('a region strikes neither names nor health checks, which are not in it', () => {
    const region = { service: 'region', effect: 'error', region: 'us-east-1' } as const;
    expect(strikes(region, { service: 'dns' })).toBe(false);
    expect(strikes(region, { service: 'health' })).toBe(false);
  });

  test('a region strikes every service of that region', () => {
    const region = { service: 'region', effect: 'hang', region: 'us-east-1' } as const;
    expect(strikes(region)).toBe(true);
    expect(strikes(region, { service: 'http' })).toBe(true);
    expect(strikes(region, { region: 'us-west-2' })).toBe(false);
  });
});

test('a fault begins at its time and ends by itself', () => {
  board.add({ service: 's3', effect: 'error', atMs: 10_000, forMs: 5_000 });
  expect(board.strikes(put)).toEqual([]);
  expect(board.list()).toHaveLength(1);
  nowMs += 10_000;
  expect(board.strikes(put)).toHaveLength(1);
  nowMs += 4_999;
  expect(board.strikes(put)).toHaveLength(1);
  nowMs += 1;
  expect(board.strikes(put)).toEqual([]);
  expect(board.list()).toEqual([]);
});

test('a rate is drawn for each call', () => {
  board.add({ service: 's3', effect: 'error', rate: 0.5 });
  draw = 0.49;
  expect(board.strikes(put)).toHaveLength(1);
  draw = 0.5;
  expect(board.strikes(put)).toEqual([]);
});

test('capacity lets so many through in each second and strikes the rest', () => {
  board.add({ service: 's3', effect: 'capacity', perSecond: 2 });
  const struckOf4 = () => [1, 2, 3, 4].map(() => board.strikes(put).length);
  expect(struckOf4()).toEqual([0, 0, 1, 1]);
  nowMs += 1_000;
  expect(struckOf4()).toEqual([0, 0, 1, 1]);
});

test('several faults strike one call, oldest first, and a removed one no longer', () => {
  const slow = board.add({ service: 's3', effect: 'slow', delayMs: 10 });
  const error = board.add({ service: 's3', effect: 'error' });
  expect(board.strikes(put)).toEqual([slow, error]);
  expect(board.remove(slow.id)).toBe(true);
  expect(board.remove(slow.id)).toBe(false);
  expect(board.strikes(put)).toEqual([error]);
});

test('pollers stand still while paused, and in a region that does not answer', () => {
  const pollers: Target = { region: 'us-east-1', service: 'pollers', caller: 'keeptrack-store' };
  expect(board.isPaused(pollers)).toBe(false);
  const pause = board.add({ service: 'pollers', effect: 'pause', callers: ['store'] });
  expect(board.isPaused(pollers)).toBe(true);
  expect(board.isPaused({ ...pollers, caller: 'keeptrack-replay' })).toBe(false);
  board.remove(pause.id);
  const slow = board.add({ service: 'region', effect: 'slow', delayMs: 1 });
  expect(board.isPaused(pollers)).toBe(false);
  board.remove(slow.id);
  board.add({ service: 'region', effect: 'hang' });
  expect(board.isPaused(pollers)).toBe(true);
});

test('asking whether something stands still uses up nothing of a fault that only shifts or doubles', () => {
  const schedule: Target = { region: 'us-east-1', service: 'schedule' };
  board.add({ service: 'schedule', effect: 'duplicate' });
  expect(board.isPaused(schedule)).toBe(false);
  expect(board.list()).toMatchObject([{ strikes: 0 }]);
});

test('the list tells how often each fault struck, so that one that breaks nothing can be seen', () => {
  board.add({ service: 's3', effect: 'error' });
  board.add({ service: 's3', effect: 'capacity', perSecond: 2 });
  board.add({ service: 's3', effect: 'error', actions: ['GetObject'] });
  board.add({ service: 's3', effect: 'error', rate: 0.5, atMs: 60_000 });
  for (let call = 0; call < 3; call += 1) board.strikes(put);
  expect(board.list().map(({ id, strikes: count }) => [id, count])).toEqual([
    ['fault-1', 3],
    ['fault-2', 1],
    ['fault-3', 0],
    ['fault-4', 0],
  ]);
});
