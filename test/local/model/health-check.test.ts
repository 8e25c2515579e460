import { describe, expect, test } from 'vitest';
import { seededChance } from '../../../core/seeded-chance.ts';
import { calculatedHealth, startEndpointCheck } from '../../../local/model/health-check.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';

const settings = { intervalSeconds: 10, failureThreshold: 3, inverted: false };

interface Options {
  readonly checkers?: number;
  readonly inverted?: boolean;
  /** Whether a probe passes, by its number. */
  readonly passes?: (probe: number) => boolean;
}

function trial({ checkers = 16, inverted = false, passes = () => true }: Options = {}) {
  const time = new SimulatedTime();
  const startMs = time.nowMs();
  const asked: number[] = [];
  let answer = passes;
  const check = startEndpointCheck({
    settings: { ...settings, inverted },
    checkers,
    time,
    chance: seededChance(7),
    probe: () => {
      asked.push(time.nowMs() - startMs);
      return Promise.resolve(answer(asked.length - 1));
    },
  });
  return {
    check,
    time,
    asked,
    answerFromNowOn: (next: boolean) => {
      answer = () => next;
    },
  };
}

/** Seconds until the verdict is `healthy`, looked at every second. */
async function secondsUntil(healthy: boolean, { check, time }: ReturnType<typeof trial>): Promise<number> {
  for (let seconds = 0; seconds <= 120; seconds += 1) {
    if (check.verdict().healthy === healthy) return seconds;
    await time.pass(1_000);
  }
  throw new Error('the verdict never came');
}

describe('a check of an endpoint', () => {
  test('counts as healthy until shown otherwise, and a new inverted one as unhealthy', () => {
    expect(trial().check.verdict()).toEqual({ healthy: true, passing: 16, checkers: 16, settled: false });
    expect(trial({ inverted: true }).check.verdict().healthy).toBe(false);
  });

  test('asks with every checker once an interval, each at its own moment', async () => {
    const { time, asked } = trial({ checkers: 4 });
    await time.pass(10_000);
    expect(new Set(asked).size).toBe(4);
    const first = asked.slice();
    await time.pass(10_000);
    expect(asked.slice(4)).toEqual(first.map((atMs) => atMs + 10_000));
  });

  test('of a dead endpoint turns after three intervals at most, and not before two', async () => {
    const dead = trial();
    await dead.time.pass(60_000);
    dead.answerFromNowOn(false);
    const seconds = await secondsUntil(false, dead);
    expect(seconds).toBeGreaterThanOrEqual(20);
    expect(seconds).toBeLessThanOrEqual(30);
  });

  test('of an endpoint that came back needs three answers in a row too', async () => {
    const back = trial({ passes: () => false });
    await secondsUntil(false, back);
    back.answerFromNowOn(true);
    expect(await secondsUntil(true, back)).toBeGreaterThan(10);
  });

  test('starts to count again after an answer in between', async () => {
    const { check, time } = trial({ checkers: 1, passes: (probe) => probe % 3 === 2 });
    await time.pass(300_000);
    expect(check.verdict().healthy).toBe(true);
  });

  test.each([
    [16, 3, true],
    [16, 2, false],
    [6, 2, true],
    [6, 1, false],
  ])('with %i checkers of which %i are well is healthy: %s', async (checkers, well, healthy) => {
    // Every checker asks once an interval, so a probe's number tells whose it is.
    const { check, time } = trial({ checkers, passes: (probe) => probe % checkers < well });
    await time.pass(60_000);
    expect(check.verdict()).toEqual({ healthy, passing: well, checkers, settled: true });
  });

  test('that loses half of its answers stays healthy', async () => {
    const chance = seededChance(11);
    const brownout = trial({ passes: () => chance() < 0.5 });
    for (let minute = 0; minute < 10; minute += 1) {
      await brownout.time.pass(60_000);
      expect(brownout.check.verdict().healthy).toBe(true);
    }
  });

  test('does not ask a second time before the first answer came', async () => {
    const time = new SimulatedTime();
    let asked = 0;
    startEndpointCheck({
      settings,
      checkers: 1,
      time,
      chance: () => 0,
      probe: () => {
        asked += 1;
        return new Promise(() => {});
      },
    });
    await time.pass(60_000);
    expect(asked).toBe(1);
  });

  test('turns at once when all checkers err, inverted or not, and back when they do not any more', async () => {
    const plain = trial();
    const inverted = trial({ inverted: true });
    for (const { check, time } of [plain, inverted]) {
      await time.pass(30_000);
      check.trouble(true);
    }
    expect([plain.check.verdict().healthy, inverted.check.verdict().healthy]).toEqual([false, true]);
    for (const { check } of [plain, inverted]) check.trouble(false);
    expect([plain.check.verdict().healthy, inverted.check.verdict().healthy]).toEqual([true, false]);
  });

  test('asks no more when stopped', async () => {
    const { check, time, asked } = trial();
    await time.pass(30_000);
    check.stop();
    const before = asked.length;
    await time.pass(60_000);
    expect(asked).toHaveLength(before);
  });
});

test.each([
  [[true, true], 2, false, true],
  [[true, false], 2, false, false],
  [[true, false], 1, false, true],
  [[false, false], 0, false, true],
  [[true, true], 3, false, false],
  [[true, true], 2, true, false],
])(
  'a calculated check over %j that wants %i, inverted %s, is healthy: %s',
  (children, threshold, inverted, healthy) => {
    expect(calculatedHealth(children, threshold, inverted)).toBe(healthy);
  },
);
