import { describe, expect, test } from 'vitest';
import { dayIn } from '../../core/config/time-zone.ts';
import { regionNames } from '../../simulation/world.ts';
import { logged } from '../lambda/world-view.ts';
import { idOf } from '../sample-lines.ts';
import { type Days, liveThroughDays } from './caps-days.ts';
import { judgedTakers } from './caps-oracle.ts';
import { capCountsIn, overIn, overOf, payableIn, payableOf, usedOf } from './caps-view.ts';
import { attemptsIn, listedAsFailed, owedPostbacks, toldPostbacks } from './told-partners.ts';

/**
 * Three days with hard and soft caps, in two regions. What is payable must follow from the log alone, in both regions
 * (I11), and partners must be told of every conversion (I12). `SIMULATION_SEEDS=40` tries so many storms.
 */

const stormSeeds = Array.from({ length: Number(process.env['SIMULATION_SEEDS'] ?? 1) }, (_, index) => index + 2);

/** The same events are in both logs. */
function linesOf({ world }: Days): readonly string[] {
  const [east = [], west = []] = regionNames.map((region) => logged(world, region));
  expect(new Set(west.map(idOf))).toEqual(new Set(east.map(idOf)));
  return east;
}

function expectPayable({ world, timeZone, closings }: Days, lines: readonly string[]): void {
  const judged = judgedTakers(lines, timeZone, closings);
  const days = [...new Set(judged.map(({ day }) => day))];
  expect(overOf(judged).length).toBeGreaterThan(5);
  for (const region of regionNames) {
    expect(overIn(world, region, days), region).toEqual(overOf(judged));
    expect(payableIn(world, region, timeZone), region).toEqual(payableOf(judged));
    const today = dayIn(timeZone)(world.time.nowMs());
    expect(capCountsIn(world, region)).toHaveLength(8);
    for (const count of capCountsIn(world, region)) {
      const { offerId, affiliateId, name, used } = count;
      expect({ offerId, affiliateId, name, used }).toEqual({
        offerId,
        affiliateId,
        name,
        used: usedOf(count, judged, today),
      });
    }
  }
}

/** A function that dies between a request and its note makes the request again. So the list can say less than was sent. */
function expectTold(days: Days, lines: readonly string[], refusing: readonly number[]): void {
  const [told, failed] = [toldPostbacks(days, lines), listedAsFailed(days)];
  for (const owed of owedPostbacks(lines)) {
    const ids = told.get(owed) ?? [];
    if (refusing.some((id) => owed.startsWith(`${id} `))) {
      expect(failed.get(owed), owed).toBeLessThanOrEqual(ids.length);
    } else {
      expect([owed, failed.get(owed), new Set(ids).size]).toEqual([owed, undefined, 1]);
    }
  }
}

describe('through three days, whatever advertisers and operators say later,', () => {
  test('what is payable follows from the log in both regions, and partners are told once', async () => {
    const days = await liveThroughDays({ seed: 1, isStormy: false });
    const lines = linesOf(days);
    expectPayable(days, lines);
    expectTold(days, lines, []);
    const told = [...toldPostbacks(days, lines).values()];
    expect(told.filter((ids) => ids.length > 1)).toEqual([]);
    expect(attemptsIn(lines)).toBe(told.length);
    expect(listedAsFailed(days)).toEqual(new Map());
  });

  test.each(stormSeeds)('it does so after storms, and no partner is left out (seed %d)', async (seed) => {
    const days = await liveThroughDays({ seed, isStormy: true });
    const lines = linesOf(days);
    expectPayable(days, lines);
    expectTold(days, lines, [3]);
  });
});
