import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterDelivery, afterRefusal, type Pace, startPace } from '../../../core/capture/pacing.ts';

const bounds = { windowStart: 1, windowMax: 64, refusedRoundsMax: 3 };

function delivered(pace: Pace, times: number): Pace {
  let next = pace;
  for (let count = 0; count < times; count += 1) next = afterDelivery(next, next.round, bounds);
  return next;
}

function refused(pace: Pace, overloaded = false): Pace {
  return afterRefusal(pace, pace.round, overloaded, bounds);
}

describe('the pace of replay', () => {
  test('stops when the first delivery of the run is refused', () => {
    expect(refused(startPace(bounds)).phase).toBe('stopped');
  });

  test('doubles with every round while nothing is refused, up to its bound', () => {
    const windows = [];
    for (let pace = startPace(bounds); windows.length < 8; pace = delivered(pace, pace.window))
      windows.push(pace.window);
    expect(windows).toEqual([1, 2, 4, 8, 16, 32, 64, 64]);
  });

  test('halves at a refusal and grows by one a round from then on', () => {
    const halved = refused(delivered(startPace(bounds), 15));
    expect(halved.window).toBe(8);
    expect(delivered(halved, 8).window).toBeGreaterThan(8.5);
    expect(delivered(halved, 8).window).toBeLessThanOrEqual(9);
  });

  test('halves only once for refusals of deliveries that ran at the same time', () => {
    const before = delivered(startPace(bounds), 15);
    let pace = before;
    for (let count = 0; count < 16; count += 1) pace = afterRefusal(pace, before.round, false, bounds);
    expect(pace).toMatchObject({ window: 8, phase: 'adding' });
  });

  test('does not grow by deliveries that began before the refusal', () => {
    const before = delivered(startPace(bounds), 15);
    const halved = refused(before);
    expect(afterDelivery(halved, before.round, bounds).window).toBe(halved.window);
  });

  test('falls back to the start when the bucket throttles', () => {
    expect(refused(delivered(startPace(bounds), 31), true)).toMatchObject({ window: 1, phase: 'adding' });
  });

  test('stops after three refused rounds without a delivery between them, and not before', () => {
    const twice = refused(refused(delivered(startPace(bounds), 15)));
    expect(twice.phase).toBe('adding');
    expect(refused(twice).phase).toBe('stopped');
    expect(refused(delivered(twice, 1)).phase).toBe('adding');
  });

  test('keeps its window inside its bounds after any answers', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('delivered', 'refused', 'overloaded')), (outcomes) => {
        let pace = startPace(bounds);
        for (const outcome of outcomes) {
          pace = outcome === 'delivered' ? delivered(pace, 1) : refused(pace, outcome === 'overloaded');
          expect(pace.window).toBeGreaterThanOrEqual(bounds.windowStart);
          expect(pace.window).toBeLessThanOrEqual(bounds.windowMax);
        }
      }),
    );
  });
});
