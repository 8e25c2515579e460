import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeLine } from '../../core/event/event.ts';
import { minuteStart, probeEvent } from '../../core/event/probe.ts';
import { hourMs } from '../../core/log/log-key.ts';
import { probeKey, readSegment } from '../../core/log/segment.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { RunOptions } from '../../simulation/functions.ts';
import { liveFor } from '../../simulation/life.ts';
import { createSimulatedWorld, type RegionName, regionNames, type SimulatedWorld } from '../../simulation/world.ts';
import { expected, later, shown } from '../lambda/ledger/ledger-view.ts';
import { idOf, sampleLine, sampleMs } from '../sample-lines.ts';
import { anyFlip, createRouter, type Flip, scheduleFlips } from './switch-flips.ts';

/**
 * Random faults strike, environments die, and operators switch regions and buckets meanwhile. After healing, both logs
 * must hold every captured event, and the final figures of both regions must count each once.
 */

const minuteMs = 60_000;
const outageMs = 3 * minuteMs;

const anyFault: fc.Arbitrary<Fault> = fc
  .record(
    {
      region: fc.constantFrom(...regionNames),
      place: fc.constantFrom<Pick<Fault, 'service' | 'actions'>>(
        { service: 's3' },
        { service: 's3', actions: ['PutObject'] },
        { service: 's3', actions: ['GetObject'] },
        { service: 'sqs' },
        { service: 'sqs', actions: ['SendMessage'] },
        { service: 'sqs', actions: ['DeleteMessageBatch'] },
        { service: 'link' },
      ),
      illness: fc.constantFrom<Pick<Fault, 'effect' | 'status' | 'code' | 'delayMs' | 'perSecond'>>(
        { effect: 'error' },
        { effect: 'error', status: 503, code: 'SlowDown' },
        { effect: 'error', status: 403, code: 'AccessDenied' },
        { effect: 'error', status: 409, code: 'ConditionalRequestConflict' },
        { effect: 'hang' },
        { effect: 'reset' },
        { effect: 'lose-reply' },
        { effect: 'slow', delayMs: 3_000 },
        { effect: 'capacity', perSecond: 2 },
      ),
      rate: fc.constantFrom(0.2, 0.5, 1),
      atMs: fc.integer({ min: 0, max: outageMs / 2 }),
      forMs: fc.integer({ min: 1_000, max: outageMs }),
    },
    { requiredKeys: ['place', 'illness', 'rate', 'atMs', 'forMs'] },
  )
  .map(({ place, illness, ...rest }) => ({ ...place, ...illness, ...rest }));

/** 15 % of all invocations get a random step at which they die. Every fifth segment goes through a failure queue. */
function mortal(chance: () => number): () => RunOptions {
  return () => ({
    viaQueueOneIn: 5,
    ...(chance() < 0.15 ? { diesAtStep: 1 + Math.floor(chance() * 30) } : {}),
  });
}

interface Suffering {
  /** Faults that never heal. */
  readonly lasting?: readonly Fault[];
  readonly flips?: readonly Flip[];
}

interface Captures {
  readonly captured: readonly string[];
  /** The region that each event, except probes, was sent to. */
  readonly routed: readonly { readonly atMs: number; readonly to: RegionName }[];
}

async function sufferAndHeal(faults: readonly Fault[], seed: number, { lasting = [], flips = [] }: Suffering = {}) {
  const chance = seededChance(seed);
  const world = createSimulatedWorld(sampleMs, chance);
  for (const fault of [...faults, ...lasting]) world.board.add(fault);
  for (const region of regionNames) world.regions[region].intake.misbehave(0.05);
  scheduleFlips(world, flips);
  const { captured, routed } = captureFor(world, outageMs, chance);
  await liveFor(world, outageMs, { runOptions: mortal(chance), batchSize: 100 });
  world.board.clear();
  for (const fault of lasting) world.board.add(fault);
  await liveFor(world, hourMs + 5 * minuteMs);
  return { world, captured, routed };
}

/**
 * Captures an event every 0.7 s, some of them from the hour before. Every tenth event goes to both regions, like a
 * conversion. Each region also captures a probe every minute, sometimes twice.
 */
function captureFor(world: SimulatedWorld, durationMs: number, chance: () => number): Captures {
  const lines: string[] = [];
  const routed: { atMs: number; to: RegionName }[] = [];
  const route = createRouter(world);
  const capture = (region: RegionName) => {
    const line = sampleLine(lines.length, world.time.nowMs() - (chance() < 0.05 ? hourMs : 0));
    lines.push(line);
    for (const to of chance() < 0.1 ? regionNames : [region]) world.regions[to].intake.send({ body: line });
  };
  for (let atMs = 0; atMs < durationMs; atMs += 700) {
    world.time.after(atMs, () => {
      const to = route(chance() < 0.5 ? 'us-east-1' : 'us-west-2');
      routed.push({ atMs, to });
      capture(to);
    });
  }
  const probe = (region: RegionName, atMs: number) => {
    const line = probeLine(region, atMs);
    lines.push(line);
    for (const _ of chance() < 0.3 ? [1, 2] : [1]) world.regions[region].intake.send({ body: line });
  };
  for (const region of regionNames)
    for (const atMs of probeTimes(durationMs)) world.time.after(atMs, () => probe(region, sampleMs + atMs));
  return { captured: lines, routed };
}

function probeTimes(durationMs: number): readonly number[] {
  return Array.from({ length: durationMs / minuteMs }, (_, index) => index * minuteMs);
}

function probeLine(region: RegionName, atMs: number): string {
  return encodeLine(probeEvent(region, minuteStart(atMs)));
}

/** From the key of each object to its lines. */
function logOf(world: SimulatedWorld, region: RegionName): Record<string, readonly string[]> {
  const { bucket } = world.regions[region];
  return Object.fromEntries(
    bucket.keys('log/').map((key) => {
      const object = bucket.get(key);
      const read = object.kind === 'ok' ? readSegment(object.value.body) : undefined;
      return [key, read?.kind === 'read' ? read.lines : ['unreadable']];
    }),
  );
}

function expectConverged({ world, captured }: Awaited<ReturnType<typeof sufferAndHeal>>): void {
  const [east, west] = [logOf(world, 'us-east-1'), logOf(world, 'us-west-2')];
  expect(west).toEqual(east);
  expect(new Set(Object.values(east).flat().map(idOf))).toEqual(new Set(captured.map(idOf)));
  for (const region of regionNames) {
    expect(shown(world, region)).toMatchObject(expected(captured, [later, later + hourMs]));
    for (const atMs of probeTimes(outageMs)) {
      expect(east[probeKey(region, sampleMs + atMs)]).toEqual([probeLine(region, sampleMs + atMs)]);
    }
  }
  for (const { intake, failureQueues, deadLetters } of Object.values(world.regions)) {
    expect(deadLetters.messages()).toEqual([]);
    expect([intake, ...Object.values(failureQueues)].flatMap((queue) => queue.messages())).toEqual([]);
  }
}

describe('after any outage has healed', () => {
  test('both logs hold every event under the same keys, the figures count each, and every queue is empty', async () => {
    const anyFaults = fc.array(anyFault, { maxLength: 5 });
    const anyFlips = fc.array(anyFlip(outageMs), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(anyFaults, anyFlips, fc.nat(), async (faults, flips, seed) => {
        expectConverged(await sufferAndHeal(faults, seed, { flips }));
      }),
      { numRuns: 15 },
    );
  }, 300_000);

  test('both logs hold every event when the pollers of both regions never come back', async () => {
    expectConverged(await sufferAndHeal([], 1, { lasting: [{ service: 'pollers', effect: 'pause' }] }));
  });

  test('both logs hold every event when both buckets were down the whole time', async () => {
    expectConverged(await sufferAndHeal([{ service: 's3', effect: 'error' }], 2));
  });

  test('both logs hold every event when neither S3 nor SQS could be reached', async () => {
    expectConverged(
      await sufferAndHeal(
        [
          { service: 's3', effect: 'hang' },
          { service: 'sqs', effect: 'hang' },
        ],
        3,
      ),
    );
  });
});

describe('when an operator sets one switch', () => {
  const flip = { ageMs: 0, isGarbage: false, skipsForMs: 10 * minuteMs, atMs: 20_000 };

  test.each(['skip-home', 'skip-peer'] as const)('%s loses no event after it has expired', async (set) => {
    const flips = [{ ...flip, region: 'us-east-1', set, to: regionNames } as const];
    const suffered = await sufferAndHeal([], 4, { flips });
    expect(suffered.world.recorder.of('SwitchInForce{switch=storage}')).toBeGreaterThan(0);
    expectConverged(suffered);
  });

  test('skipping one bucket while the other is down loses no event', async () => {
    const flips = [{ ...flip, region: 'us-east-1', set: 'skip-home', to: regionNames } as const];
    const peerDown: Fault = { service: 's3', region: 'us-west-2', actions: ['PutObject'], effect: 'error' };
    expectConverged(await sufferAndHeal([peerDown], 5, { flips }));
  });

  test('no event goes to a drained region, even while the bucket of that region hangs', async () => {
    const flips = [{ ...flip, region: 'us-east-1', set: 'away', to: ['us-west-2'], atMs: 0 } as const];
    const east: Fault = { service: 's3', region: 'us-east-1', effect: 'hang' };
    const suffered = await sufferAndHeal([east], 6, { flips });
    expectConverged(suffered);
    expect(suffered.world.recorder.of('SwitchInForce{switch=shift}')).toBeGreaterThan(0);
    const later = suffered.routed.filter(({ atMs }) => atMs >= minuteMs);
    expect(later.length).toBeGreaterThan(100);
    expect(new Set(later.map(({ to }) => to))).toEqual(new Set(['us-west-2']));
  });
});

test('two runs with the same seed are the same', async () => {
  const faults: readonly Fault[] = [{ service: 's3', effect: 'error', rate: 0.5 }];
  const [once, again] = [await sufferAndHeal(faults, 7), await sufferAndHeal(faults, 7)];
  expect(logOf(again.world, 'us-east-1')).toEqual(logOf(once.world, 'us-east-1'));
  expect(again.world.time.nowMs()).toBe(once.world.time.nowMs());
});
