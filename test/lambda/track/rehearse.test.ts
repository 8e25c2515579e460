import { describe, expect, test, vi } from 'vitest';
import { decide } from '../../../core/tracking/decide.ts';
import type { TrackRequest } from '../../../core/tracking/decision.ts';
import { rehearse } from '../../../lambda/track/rehearse.ts';
import { logging } from './rung-doubles.ts';
import { steadyCatalog } from './track-scene.ts';

function parts() {
  const { log, logged } = logging();
  return {
    logged,
    parts: {
      log,
      clock: { nowMs: () => Date.UTC(2026, 10, 23) },
      catalog: steadyCatalog(),
      caps: { current: () => new Map() },
      random: { bytes: (length: number) => Buffer.alloc(length) },
      region: 'us-east-1',
      keys: { signing: '5'.repeat(64), accepted: '5'.repeat(64) },
      privacy: { clientAddress: 'full', userAgent: 'full' },
      dayOf: () => '2026-11-23',
    } as const,
  };
}

describe('the rehearsal of a click', () => {
  test('takes the way of a visitor to an offer of the catalog', () => {
    const { parts: given, logged } = parts();
    const watched = vi.fn(decide);
    rehearse({ ...given, decide: watched });
    const [request] = watched.mock.lastCall ?? [];
    expect((request as TrackRequest).path).toBe('/aff_c');
    expect(watched.mock.results[0]?.value).toMatchObject({
      kind: 'capture',
      draft: { type: 'click' },
      reply: { status: 302 },
    });
    expect(logged).toEqual([]);
  });

  test('that trips is logged, and the environment starts', () => {
    const { parts: given, logged } = parts();
    rehearse({
      ...given,
      decide: () => {
        throw new Error('tripped');
      },
    });
    expect(logged.map(({ level }) => level)).toEqual(['error']);
  });
});
