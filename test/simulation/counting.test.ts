import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventFields } from '../../core/event/event.ts';
import { parseDayState, readUniquesObject } from '../../core/ledger/day-state.ts';
import { dayStateKey, dayUniquesKey } from '../../core/ledger/object-keys.ts';
import { hourMs } from '../../core/log/log-key.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import type { Fault } from '../../local/fault/fault.ts';
import { ledgerOnce, type RunOptions } from '../../simulation/functions.ts';
import { liveFor } from '../../simulation/life.ts';
import { createSimulatedWorld, type RegionName, regionNames, type SimulatedWorld } from '../../simulation/world.ts';
import { logSegments, stateOf } from '../lambda/figures-view.ts';
import { publishKeys } from '../lambda/ledger/any-history.ts';
import { early, expected, later, shown } from '../lambda/ledger/ledger-view.ts';
import { operatorLine } from '../operator-lines.ts';
import { sampleLine } from '../sample-lines.ts';

/**
 * Random faults strike and environments die while segments come to both logs, some of them late, some again. After
 * healing, the figures of each region must have each event once and each conversion once, at its first report, with what
 * all its events come to (I10).
 */

const minuteMs = 60_000;
const outageMs = 3 * minuteMs;
const running = later + hourMs;
/** The running hour ends soon, so that it becomes final in the simulation. The two hours before it already are. */
const startMs = running + 49 * minuteMs;
const hours = [early, later, running];
const day = '2026-11-23';

type Place = Pick<Fault, 'service' | 'actions'>;
type Illness = Pick<Fault, 'effect' | 'status' | 'code' | 'delayMs' | 'perSecond'>;

function anyFaultOf(place: fc.Arbitrary<Place>, illness: fc.Arbitrary<Illness>): fc.Arbitrary<Fault> {
  return fc
    .record({
      region: fc.constantFrom(...regionNames),
      place,
      illness,
      rate: fc.constantFrom(0.1, 0.5, 1),
      atMs: fc.integer({ min: 0, max: outageMs / 2 }),
      forMs: fc.integer({ min: 1_000, max: outageMs }),
    })
    .map(({ place: where, illness: how, ...rest }) => ({ ...where, ...how, ...rest }));
}

const illnesses: readonly Illness[] = [
  { effect: 'error' },
  { effect: 'hang' },
  { effect: 'reset' },
  { effect: 'lose-reply' },
  { effect: 'kill' },
  { effect: 'slow', delayMs: 2_000 },
  { effect: 'capacity', perSecond: 5 },
];

const anyFault = fc.oneof(
  anyFaultOf(
    fc.constantFrom(
      { service: 's3' },
      { service: 's3', actions: ['GetObject'] },
      { service: 's3', actions: ['PutObject'] },
      { service: 's3', actions: ['ListObjectsV2'] },
    ),
    fc.constantFrom(
      ...illnesses,
      { effect: 'error', status: 503, code: 'SlowDown' },
      { effect: 'error', status: 403, code: 'AccessDenied' },
      { effect: 'error', status: 409, code: 'ConditionalRequestConflict' },
    ),
  ),
  anyFaultOf(
    fc.constantFrom(
      { service: 'dynamodb' },
      { service: 'dynamodb', actions: ['UpdateItem'] },
      { service: 'dynamodb', actions: ['BatchGetItem'] },
    ),
    fc.constantFrom(...illnesses, { effect: 'error', status: 400, code: 'ThrottlingException' }),
  ),
);

const segmentCount = 24;

/**
 * The lines of a segment: clicks of few visitors, a conversion that other segments report too, and some words of
 * operators.
 */
function linesOfSegment(index: number, chance: () => number): readonly string[] {
  const hour = hours[Math.floor(chance() * hours.length)] ?? running;
  const atMs = hour + Math.floor(chance() * 50 * minuteMs);
  const clicks = Array.from({ length: 4 + (index % 5) }, (_, seq) =>
    sampleLine(1_000 * index + seq, atMs + seq * 10_000, {
      ...{ aff_id: 1 + (seq % 3), currency: 'USD', visitor: `v${Math.floor(chance() * 5)}` },
      ...{ payout_type: 'cpc', payout: '0.01' },
    }),
  );
  const conversion = sampleLine(100_000 + index, atMs + 500, {
    ...{ type: 'conversion', rules: 2, aff_id: 3, currency: 'USD', ...reportOf(chance) },
    ...{ payout_type: 'cpa_flat', payout: '1', revenue_type: 'cpa_flat', revenue: '2' },
    conversion_key: `${index % 7}`.repeat(32),
  });
  return [...clicks, conversion, ...operatorLines(index, atMs, conversion, chance)];
}

/** Half of the reports begin a conversion or move one that waits. The others reject, some of them without proof. */
function reportOf(chance: () => number): EventFields {
  const sender = chance() < 0.5 ? 'proven' : 'unproven';
  if (chance() < 0.5) return { status: 'rejected', reason: 'rejected-by-advertiser', sender };
  return chance() < 0.5 ? { status: 'approved', sender } : { status: 'pending', pending_for: 'approval', sender };
}

/** An operator decides on every third report that can be first, and makes an adjustment in every sixth segment. */
function operatorLines(index: number, atMs: number, report: string, chance: () => number): readonly string[] {
  const { conversion_key, id, status, sender } = JSON.parse(report) as Record<'conversion_key' | 'id', string> &
    EventFields;
  const canBeFirst = status !== 'rejected' || sender === 'proven';
  const verdict = chance() < 0.5 ? 'approve' : 'reject';
  const decision = { type: 'decision', fields: { conversion_key, conversion_id: id, verdict } } as const;
  const money = { offer_id: 15, aff_id: 3, currency: 'USD', payout: '-0.5', revenue: '0', note: 'why' };
  const reference = `r-${index % 4}`;
  const fields = { ...money, reference, day, day_at: hours[index % hours.length] ?? running };
  return [
    ...(canBeFirst && index % 3 === 0 ? [operatorLine(index, atMs + 20_000, decision)] : []),
    ...(index % 6 === 0 ? [operatorLine(1_000 + index, atMs + 30_000, { type: 'adjustment', fields })] : []),
  ];
}

/**
 * Each segment comes to both logs in the outage, a fifth of them after it. Every fourth brings the events of another
 * segment again. Gives all lines.
 */
function logFor(world: SimulatedWorld, chance: () => number): readonly string[] {
  const all: string[] = [];
  for (let index = 0; index < segmentCount; index += 1) {
    const lines = linesOfSegment(index, chance);
    const again = index % 4 === 0 ? all.slice(0, 5) : [];
    all.push(...lines);
    for (const region of regionNames) {
      const comesMs = chance() * (chance() < 0.2 ? outageMs + minuteMs : outageMs);
      world.time.after(comesMs, () => logSegments(world, [...lines, ...again], region));
    }
  }
  return all;
}

/** 15 % of all invocations get a random step at which they die. */
function mortal(chance: () => number): () => RunOptions {
  return () => (chance() < 0.15 ? { diesAtStep: 1 + Math.floor(chance() * 200) } : {});
}

async function sufferAndHeal(faults: readonly Fault[], seed: number): Promise<void> {
  const chance = seededChance(seed);
  const world = createSimulatedWorld(startMs, chance);
  publishKeys(world);
  for (const fault of faults) world.board.add(fault);
  const lines = logFor(world, chance);
  await liveFor(world, outageMs, { runOptions: mortal(chance) });
  world.board.clear();
  // The ledger looks at older hours every five minutes. What it tells the running hour is merged a minute later.
  await liveFor(world, 7 * minuteMs);
  for (const region of regionNames) expectProvisional(world, region, lines);
  await liveFor(world, 17 * minuteMs);
  for (const region of regionNames) await expectFinal(world, region, lines);
}

function expectProvisional(world: SimulatedWorld, region: RegionName, lines: readonly string[]): void {
  expect(shown(world, region, ({ revision }) => revision === 0)).toEqual(expected(lines, [running], 'minute'));
  expect(stateOf(world, running, region)).toMatchObject({ unresolved: 0 });
}

async function expectFinal(world: SimulatedWorld, region: RegionName, lines: readonly string[]): Promise<void> {
  expect(shown(world, region)).toMatchObject(expected(lines, hours));
  expect(uniquesOf(world, region)).toEqual(expectedUniques(lines));
  const again = await world.time.until(ledgerOnce(world, region, { task: 'review' }));
  expect(again).toMatchObject({ kind: 'returned', value: { hours: [], daysLeft: [], compared: { differing: [] } } });
}

/** `offer affiliate visitors` of the day. */
function uniquesOf(world: SimulatedWorld, region: RegionName): readonly string[] {
  const { bucket } = world.regions[region];
  const state = bucket.get(dayStateKey(day));
  const digest = state.kind === 'ok' ? parseDayState(state.value.body)?.uniques : undefined;
  const object = bucket.get(dayUniquesKey(day, digest ?? ''));
  const counted = object.kind === 'ok' ? readUniquesObject(object.value.body) : undefined;
  return (counted?.uniques ?? []).map(({ offerId, affiliateId, visitors }) => `${offerId} ${affiliateId} ${visitors}`);
}

function expectedUniques(lines: readonly string[]): readonly string[] {
  const visitors = new Map<string, Set<string>>();
  for (const line of lines) {
    const { type, offer_id, aff_id, visitor } = JSON.parse(line) as Readonly<Record<string, string>>;
    if (type !== 'click') continue;
    const owner = `${offer_id} ${aff_id}`;
    visitors.set(owner, (visitors.get(owner) ?? new Set<string>()).add(visitor ?? ''));
  }
  return [...visitors].map(([owner, { size }]) => `${owner} ${size}`).sort();
}

describe('after any outage has healed', () => {
  test('each event and each conversion is counted once in each region', async () => {
    const anyFaults = fc.array(anyFault, { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(anyFaults, fc.nat(), (faults, seed) => sufferAndHeal(faults, seed)),
      { numRuns: 12 },
    );
  }, 300_000);

  test.each<[string, Fault]>([
    ['the index was down the whole time', { service: 'dynamodb', effect: 'error' }],
    ['no reply came from the index', { service: 'dynamodb', effect: 'lose-reply' }],
    ['no reply came from the bucket', { service: 's3', region: 'us-east-1', effect: 'lose-reply' }],
    ['home’s bucket was down the whole time', { service: 's3', region: 'us-east-1', effect: 'error' }],
    ['every second write killed its function', { service: 's3', actions: ['PutObject'], effect: 'kill', rate: 0.5 }],
    ['every fifth claim killed its function', { service: 'dynamodb', effect: 'kill', rate: 0.2 }],
  ])(
    'each event and each conversion is counted once when %s',
    async (_, fault) => {
      await sufferAndHeal([fault], 2);
    },
    60_000,
  );
});
