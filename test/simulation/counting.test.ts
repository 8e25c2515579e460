import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededChance } from '../../core/seeded-chance.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { RunOptions } from '../../simulation/functions.ts';
import { liveFor } from '../../simulation/life.ts';
import { createSimulatedWorld, regionNames, type SimulatedWorld } from '../../simulation/world.ts';
import { counted, logSegments, markers } from '../lambda/figures-view.ts';
import { sampleLine, sampleMs } from '../sample-lines.ts';

/**
 * Random faults strike and environments die while segments come to both logs. After healing, each region's provisional
 * figures must hold each segment once and each conversion once.
 */

const minuteMs = 60_000;
const outageMs = 3 * minuteMs;

const anyFault: fc.Arbitrary<Fault> = fc
  .record({
    region: fc.constantFrom(...regionNames),
    place: fc.constantFrom<Pick<Fault, 'service' | 'actions'>>(
      { service: 'dynamodb' },
      { service: 'dynamodb', actions: ['TransactWriteItems'] },
      { service: 'dynamodb', actions: ['UpdateItem'] },
      { service: 'dynamodb', actions: ['BatchGetItem'] },
      { service: 's3', actions: ['GetObject'] },
      { service: 'sqs', actions: ['SendMessage'] },
      { service: 'sqs', actions: ['DeleteMessageBatch'] },
    ),
    illness: fc.constantFrom<Pick<Fault, 'effect' | 'status' | 'code' | 'delayMs' | 'perSecond'>>(
      { effect: 'error' },
      { effect: 'error', status: 400, code: 'TransactionConflict' },
      { effect: 'error', status: 400, code: 'ThrottlingException' },
      { effect: 'error', status: 400, code: 'TransactionConflict+ThrottlingError' },
      { effect: 'hang' },
      { effect: 'reset' },
      { effect: 'lose-reply' },
      { effect: 'kill' },
      { effect: 'slow', delayMs: 2_000 },
      { effect: 'capacity', perSecond: 5 },
    ),
    rate: fc.constantFrom(0.2, 0.5, 1),
    atMs: fc.integer({ min: 0, max: outageMs / 2 }),
    forMs: fc.integer({ min: 1_000, max: outageMs }),
  })
  .map(({ place, illness, ...rest }) => ({ ...place, ...illness, ...rest }));

const anyNotificationFault = fc.constantFrom<Fault | undefined>(
  undefined,
  { service: 'notifications', effect: 'duplicate' },
  { service: 'notifications', effect: 'delay', delayMs: 2 * minuteMs },
);

const segmentsEach = 25;
const clicksEach = 4;

/**
 * Writes a segment every few seconds. Each has clicks for many rows, and a conversion that another segment also holds
 * or that is reported again.
 */
function logFor(world: SimulatedWorld, chance: () => number): void {
  for (let index = 0; index < segmentsEach; index += 1) {
    const which = Math.floor(index / 2);
    const conversion_key = which.toString(16).padStart(32, '0');
    const isSameEvent = chance() < 0.5;
    const conversion = sampleLine(isSameEvent ? 10_000 + which : 20_000 + index, sampleMs, {
      ...{ type: 'conversion', status: 'approved', aff_id: 3, conversion_key, currency: 'USD' },
      ...{ payout_type: 'cpa_flat', payout: '1', revenue_type: 'cpa_flat', revenue: '2' },
    });
    const rows = index % 5 === 0 ? 130 : clicksEach;
    const clicks = Array.from({ length: rows }, (_, seq) =>
      sampleLine(100_000 + index * 1_000 + seq, sampleMs, { aff_id: 1 + seq, currency: 'USD' }),
    );
    for (const region of regionNames) {
      world.time.after((index * outageMs) / segmentsEach, () => {
        logSegments(world, [...clicks, conversion], region);
      });
    }
  }
}

/** 15 % of all invocations get a random step at which they die. */
function mortal(chance: () => number): () => RunOptions {
  return () => (chance() < 0.15 ? { diesAtStep: 1 + Math.floor(chance() * 40) } : {});
}

async function sufferAndHeal(faults: readonly Fault[], seed: number): Promise<SimulatedWorld> {
  const chance = seededChance(seed);
  const world = createSimulatedWorld(sampleMs, chance);
  for (const fault of faults) world.board.add(fault);
  for (const region of regionNames) {
    world.regions[region].stats.misbehave(0.05);
    world.regions[region].statsFailureQueue.misbehave(0.05);
  }
  logFor(world, chance);
  await liveFor(world, outageMs, { runOptions: mortal(chance) });
  world.board.clear();
  await liveFor(world, 10 * minuteMs);
  return world;
}

const clicks = Array.from({ length: segmentsEach }, (_, index) => (index % 5 === 0 ? 130 : clicksEach));
const clickCount = clicks.reduce((sum, count) => sum + count, 0);
const keyCount = Math.ceil(segmentsEach / 2);

function expectCountedOnce(world: SimulatedWorld): void {
  for (const region of regionNames) {
    const { clicks, unique_clicks, approved, payout_micros, revenue_micros } = counted(world, region);
    expect({ clicks, unique_clicks, approved, payout_micros, revenue_micros }).toEqual({
      clicks: clickCount,
      unique_clicks: clickCount,
      approved: keyCount,
      payout_micros: keyCount * 1_000_000,
      revenue_micros: keyCount * 2_000_000,
    });
    expect(new Set(markers(world, region).map((sk) => sk.split('#')[0])).size).toBe(segmentsEach);
    const { stats, statsFailureQueue, deadLetters } = world.regions[region];
    expect([stats, statsFailureQueue, deadLetters].flatMap((queue) => queue.messages())).toEqual([]);
  }
}

describe('after any outage has healed', () => {
  test('each segment and each conversion is counted once in each region', async () => {
    const anyFaults = fc.array(anyFault, { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(anyFaults, anyNotificationFault, fc.nat(), async (faults, notifications, seed) => {
        expectCountedOnce(await sufferAndHeal(notifications ? [...faults, notifications] : faults, seed));
      }),
      { numRuns: 12 },
    );
  }, 300_000);

  test.each<[string, Fault]>([
    ['the tables were down the whole time', { service: 'dynamodb', effect: 'error' }],
    ['no reply came from the tables', { service: 'dynamodb', effect: 'lose-reply' }],
    ['every second call killed its function', { service: 'dynamodb', effect: 'kill', rate: 0.5 }],
  ])('each segment and each conversion is counted once when %s', async (_, fault) => {
    expectCountedOnce(await sufferAndHeal([fault], 2));
  });
});
