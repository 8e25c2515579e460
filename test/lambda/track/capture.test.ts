import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { homeFirst, type Rung } from '../../../core/capture/ladder.ts';
import { encodeLine, type TrackedEvent, type TrackedType } from '../../../core/event/event.ts';
import { uuidV7 } from '../../../core/event/uuid.ts';
import { limits } from '../../../core/limits/limits.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { type CaptureSettings, createCapture, parseClickCapture } from '../../../lambda/track/capture.ts';
import { createRungs } from '../../../lambda/track/rungs.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { type Mood, worldOf } from './rung-doubles.ts';

const queues: readonly Rung[] = ['intake-home', 'intake-peer'];
const buckets: readonly Rung[] = ['bucket-home', 'bucket-peer'];

function scene(settings: Partial<CaptureSettings> = {}) {
  const clock = new SimulatedTime();
  const world = worldOf(clock);
  const capture = createCapture(createRungs(world), clock, { peerFirstOneIn: 0, clickCapture: 'home', ...settings });
  let seq = 0;
  const send = async (type: TrackedType) => {
    const startMs = clock.nowMs();
    seq += 1;
    const event = eventOf(type, startMs, seq);
    const rungsTaken = await clock.until(capture(event, encodeLine(event)));
    return { rungs: rungsTaken, tookMs: clock.nowMs() - startMs, line: encodeLine(event) };
  };
  const setMood = (names: readonly Rung[], mood: Mood) => {
    for (const rung of names) world.mood[rung] = mood;
  };
  return { clock, world, send, setMood, called: () => world.calls.splice(0).map(({ rung }) => rung) };
}

function bucketOfRegion(queue: 'intake-home' | 'intake-peer') {
  return queue === 'intake-home' ? 'bucket-home' : 'bucket-peer';
}

function eventOf(type: TrackedType, at: number, seq: number): TrackedEvent {
  const random = Buffer.alloc(10, seq);
  return { v: 1, id: uuidV7(at, random), type, at, region: 'us-east-1', env: 'e', seq };
}

describe.each(['click', 'impression', 'preview', 'probe'] as const)('a %s', (type) => {
  test('goes to the home queue and nowhere else', async () => {
    const { send, world, called } = scene();
    const { rungs: taken, line } = await send(type);
    expect(taken).toEqual(['intake-home']);
    expect(called()).toEqual(['intake-home']);
    expect(world.has['intake-home']).toEqual([line]);
  });
});

describe.each(['error', 'hang', 'reset', 'lose-reply'] as const)('when a rung answers a click with %s', (mood) => {
  test.each([
    [['intake-home'], 'intake-peer'],
    [['intake-home', 'intake-peer'], 'bucket-home'],
    [['intake-peer', 'intake-home', 'bucket-home'], 'bucket-peer'],
  ] as const)('%j ill, then %s takes it, within the budget', async (ill, expected) => {
    const { send, setMood, world } = scene();
    setMood(ill, mood);
    setMood(
      buckets.filter((rung) => !ill.some((name) => name === rung)),
      20,
    );
    const { rungs: taken, tookMs } = await send('click');
    expect(taken).toEqual([expected]);
    expect(world.has[expected]).toHaveLength(1);
    expect(tookMs).toBeLessThanOrEqual(limits.capture.clickBudgetMs);
  });

  test('all rungs ill, then nothing is claimed, within the budget', async () => {
    const { send, setMood, called } = scene();
    setMood(homeFirst, mood);
    const { rungs: taken, tookMs } = await send('click');
    expect(taken).toEqual([]);
    expect(called()).toEqual(homeFirst);
    expect(tookMs).toBeLessThanOrEqual(limits.capture.clickBudgetMs);
  });

  test('all rungs ill, then a conversion is claimed nowhere, within its budget', async () => {
    const { send, setMood, called } = scene();
    setMood(homeFirst, mood);
    const { rungs: taken, tookMs } = await send('conversion');
    expect(taken).toEqual([]);
    expect(called()).toEqual(homeFirst);
    expect(tookMs).toBeLessThanOrEqual(limits.capture.conversionBudgetMs);
  });

  test('both queues ill, then a conversion goes to both buckets', async () => {
    const { send, setMood, world } = scene();
    setMood(queues, mood);
    expect((await send('conversion')).rungs).toEqual(buckets);
    expect(world.has['bucket-home']).toEqual(world.has['bucket-peer']);
    expect(world.has['bucket-home']).toHaveLength(1);
  });

  test.each([
    ['intake-home', 'intake-peer'],
    ['intake-peer', 'intake-home'],
  ] as const)('%s ill, then a conversion is acknowledged by %s and the other region’s bucket', async (ill, well) => {
    const { send, setMood, world } = scene();
    setMood([ill], mood);
    const bucket = bucketOfRegion(ill);
    const { rungs: taken, tookMs, line } = await send('conversion');
    expect(taken).toEqual([well, bucket]);
    expect(world.has[bucket]).toEqual([segmentsOf([line])[0]?.key]);
    expect(tookMs).toBeLessThanOrEqual(limits.capture.conversionBudgetMs);
  });

  test.each(['intake-peer', 'intake-home'] as const)(
    '%s and the bucket beside it ill, then a conversion is acknowledged by the other region within its budget',
    async (ill) => {
      const { send, setMood, called } = scene();
      setMood([ill, bucketOfRegion(ill)], mood);
      const well = queues.filter((rung) => rung !== ill);
      const { rungs: taken, tookMs } = await send('conversion');
      expect(taken).toEqual(well);
      expect(tookMs).toBeLessThanOrEqual(limits.capture.conversionBudgetMs);
      expect(called()).toEqual([...queues, bucketOfRegion(ill)]);
      expect((await send('conversion')).rungs).toEqual(well);
      // The bucket failed lately: nobody's sender waits for it again so soon.
      expect(called()).toEqual(queues);
    },
  );
});

describe.each([
  ['queues', queues, buckets],
  ['buckets', buckets, queues],
] as const)('when the %s go on hanging in both regions', (_, hanging, others) => {
  test('the other places get clicks again, however long their connections take to open', async () => {
    const { send, setMood } = scene();
    setMood([...hanging, ...others], 'hang');
    await send('click');
    await send('click');
    setMood(others, 240);
    // It may still be the turn of what hangs.
    await send('click');
    for (let click = 0; click < 3; click += 1) expect((await send('click')).rungs).toEqual([others[0]]);
  });
});

test('queues that hang and buckets with closed connections cost one click, and the queues come back', async () => {
  const { send, setMood, clock } = scene();
  setMood(queues, 'hang');
  setMood(buckets, 280);
  expect((await send('click')).rungs).toEqual([]);
  expect((await send('click')).rungs).toEqual(['bucket-home']);
  setMood(queues, 10);
  clock.freeze(limits.capture.dampedProbeIntervalMs);
  expect((await send('click')).rungs).toEqual(['intake-home']);
});

describe('damping', () => {
  test('the rung that hung is tried last by the next click', async () => {
    const { send, setMood, called } = scene();
    setMood(['intake-home'], 'hang');
    await send('click');
    called();
    const { rungs: taken, tookMs } = await send('click');
    expect(taken).toEqual(['intake-peer']);
    expect(called()).toEqual(['intake-peer']);
    expect(tookMs).toBe(80);
  });

  test('one click a second tries it in its place, and it comes back with the first success', async () => {
    const { send, setMood, called, clock } = scene();
    setMood(['intake-home'], 'error');
    for (let click = 0; click < 50; click += 1) {
      await send('click');
      clock.freeze(20);
    }
    const probes = called().filter((rung) => rung === 'intake-home').length;
    expect(probes).toBe(1 + 4);
    setMood(['intake-home'], 10);
    clock.freeze(limits.capture.dampedProbeIntervalMs);
    await send('click');
    await send('click');
    expect(called()).toEqual(['intake-home', 'intake-home']);
  });

  test('a spell of failures is counted each time and logged once', async () => {
    const { send, setMood, world, clock } = scene();
    setMood(['intake-home'], 'error');
    for (let second = 0; second < 5; second += 1) {
      await send('click');
      clock.freeze(limits.capture.dampedProbeIntervalMs);
    }
    expect(world.counted['RungFailed{rung=intake-home}']).toBe(5);
    expect(world.logged).toEqual([
      {
        level: 'warn',
        message: 'a rung failed',
        fields: { rung: 'intake-home', status: 503, code: 'ServiceUnavailable' },
      },
    ]);
  });

  test('both queues failed lately, then a conversion asks the buckets first', async () => {
    const { send, setMood, called } = scene();
    setMood(queues, 'error');
    await send('conversion');
    called();
    await send('conversion');
    expect(called()).toEqual(buckets);
  });
});

describe.each(['home', 'peer'] as const)('while an operator skips the bucket of %s', (skipped) => {
  const other = skipped === 'home' ? 'bucket-peer' : 'bucket-home';

  test('a conversion that the queue beside it does not take is acknowledged by the other region alone', async () => {
    const { send, setMood, world, called } = scene();
    world.storage.skips = skipped;
    setMood([`intake-${skipped}`], 'error');
    expect((await send('conversion')).rungs).toEqual(queues.filter((rung) => rung !== `intake-${skipped}`));
    expect(called()).toEqual(queues);
  });

  test('a click and a conversion that no queue takes go to the other bucket, and only there', async () => {
    const { send, setMood, world, called } = scene();
    world.storage.skips = skipped;
    setMood(queues, 'error');
    expect((await send('click')).rungs).toEqual([other]);
    expect((await send('conversion')).rungs).toEqual([other]);
    expect(called()).not.toContain(`bucket-${skipped}`);
  });

  test('nothing is claimed when the other rungs are ill, and the budget holds', async () => {
    const { send, setMood, world } = scene();
    world.storage.skips = skipped;
    setMood([...queues, other], 'hang');
    for (const type of ['click', 'conversion'] as const) expect((await send(type)).rungs).toEqual([]);
    expect(world.has[`bucket-${skipped}`]).toEqual([]);
  });

  test('it is tried again as soon as the switch is off', async () => {
    const { send, setMood, world } = scene();
    world.storage.skips = skipped;
    setMood([...queues, other], 'error');
    await send('click');
    world.storage.skips = undefined;
    expect((await send('click')).rungs).toEqual([`bucket-${skipped}`]);
  });
});

test('content that the queues refuse goes to a bucket, and does not damp the queues', async () => {
  const { clock, world } = scene();
  const refused = { status: 400, code: 'InvalidMessageContents' };
  const refusing = { send: async () => refused, warm: async () => refused };
  const capturing = createRungs({ ...world, intake: { home: refusing, peer: refusing } });
  const capture = createCapture(capturing, clock, { peerFirstOneIn: 0, clickCapture: 'home' });
  const event = eventOf('click', clock.nowMs(), 1);
  expect(await clock.until(capture(event, encodeLine(event)))).toEqual(['bucket-home']);
  expect(capturing.order(homeFirst)).toEqual(homeFirst);
});

describe('a conversion', () => {
  test('is acknowledged when both queues took it', async () => {
    const { send, world } = scene();
    const { rungs: taken, tookMs } = await send('conversion');
    expect(taken).toEqual(queues);
    expect(tookMs).toBe(80);
    expect(world.has['intake-peer']).toEqual(world.has['intake-home']);
  });

  test('waits for a region whose connection has to be opened first', async () => {
    const { send, setMood } = scene();
    setMood(['intake-peer'], 5 * 80);
    expect((await send('conversion')).rungs).toEqual(queues);
  });

  test.each([
    ['success', 800, 1],
    ['failure', 'hang', 0],
  ] as const)('a late %s of the other region’s queue counts neither way', async (_, mood, delivered) => {
    const { send, setMood, world, clock } = scene();
    setMood(['intake-peer'], mood);
    const { rungs: taken, tookMs } = await send('conversion');
    expect(taken).toEqual(['intake-home', 'bucket-peer']);
    expect(tookMs).toBe(10 + limits.capture.conversionSecondRegionWaitMs + 100);
    await clock.pass(60_000);
    expect(world.has['intake-peer']).toHaveLength(delivered);
    expect(world.counted).toEqual({ 'RungFailed{rung=intake-peer}': 1 });
  });

  test('whose bucket write found the object there already is captured', async () => {
    const { clock, world } = scene();
    const there = { ...world.bucket.home, putIfAbsent: async () => ({ status: 412, code: 'PreconditionFailed' }) };
    world.mood['intake-home'] = 'error';
    world.mood['intake-peer'] = 'error';
    const ports = { ...world, bucket: { home: there, peer: there } };
    const capture = createCapture(createRungs(ports), clock, { peerFirstOneIn: 0, clickCapture: 'home' });
    const event = eventOf('conversion', clock.nowMs(), 1);
    expect(await clock.until(capture(event, encodeLine(event)))).toEqual(buckets);
  });
});

const anyMood = fc.constantFrom<Mood>(10, 80, 280, 'error', 'hang', 'reset', 'lose-reply');
const anyMoods = fc.record(
  Object.fromEntries(homeFirst.map((rung) => [rung, anyMood])) as Record<Rung, typeof anyMood>,
);
const anySending = fc.record({
  moods: anyMoods,
  type: fc.constantFrom<TrackedType>('click', 'conversion', 'impression', 'probe'),
  laterMs: fc.integer({ min: 0, max: 12_000 }),
});
const anySettings = fc.record({ peerFirstOneIn: fc.constantFrom(0, 2), clickCapture: fc.constantFrom('home', 'both') });

test('whatever the rungs do and did, a claim is true, a budget holds, and a rung that works is found', async () => {
  await fc.assert(
    fc.asyncProperty(anySettings, fc.array(anySending, { maxLength: 12 }), async (settings, sendings) => {
      const { clock, world, send } = scene(settings as CaptureSettings);
      for (const { moods, type, laterMs } of sendings) {
        clock.freeze(laterMs);
        Object.assign(world.mood, moods);
        const { rungs: claimed, tookMs, line } = await send(type);
        const { conversionBudgetMs, clickBudgetMs } = limits.capture;
        expect(tookMs).toBeLessThanOrEqual(type === 'conversion' ? conversionBudgetMs : clickBudgetMs);
        for (const rung of claimed) {
          expect(world.has[rung]).toContain(rung.startsWith('bucket') ? segmentsOf([line])[0]?.key : line);
        }
        const works = homeFirst.some((rung) => moods[rung] === 10 || (moods[rung] === 80 && rung.endsWith('peer')));
        if (works) expect(claimed).not.toEqual([]);
      }
    }),
  );
});

describe('settings', () => {
  test('1 in 1 goes to the peer first, and comes home when the peer is ill', async () => {
    const { send, setMood } = scene({ peerFirstOneIn: 1 });
    expect((await send('click')).rungs).toEqual(['intake-peer']);
    setMood(['intake-peer'], 'hang');
    expect((await send('click')).rungs).toEqual(['intake-home']);
  });

  test('clickCapture both sends a click to both regions, within the budget of a click', async () => {
    const { send, setMood } = scene({ clickCapture: 'both' });
    expect((await send('click')).rungs).toEqual(queues);
    expect((await send('impression')).rungs).toEqual(['intake-home']);
    setMood(['intake-peer'], 5 * 80);
    expect(await send('click')).toMatchObject({
      rungs: ['intake-home'],
      tookMs: 10 + limits.capture.clickSecondRegionWaitMs,
    });
    setMood(homeFirst, 'hang');
    expect((await send('click')).tookMs).toBeLessThanOrEqual(limits.capture.clickBudgetMs);
  });

  test('anything else than home and both is refused', () => {
    expect(parseClickCapture('both')).toBe('both');
    expect(() => parseClickCapture('peer')).toThrow('"home" or in "both" regions, not "peer"');
  });
});
