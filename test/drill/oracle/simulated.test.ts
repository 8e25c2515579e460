import { describe, expect, test } from 'vitest';
import { encodeLine, type LoggedEvent } from '../../../core/event/event.ts';
import { encodeOperatorKeys, operatorKeysKey } from '../../../core/keys/operator-keys.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import { finalFigures, provisionalFigures } from '../../../drill/checks/figures.ts';
import { figuresIn } from '../../../drill/evidence/region-figures.ts';
import { expectedEvents } from '../../../drill/oracle/expected-event.ts';
import { expectedFigures } from '../../../drill/oracle/expected-figures.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { ledgerOnce, type RunOptions } from '../../../simulation/functions.ts';
import { liveFor } from '../../../simulation/life.ts';
import { createSimulatedWorld, type RegionName, regionNames, type SimulatedWorld } from '../../../simulation/world.ts';
import { drilled, exampleCatalog } from './drilled.ts';
import { operatorKeys } from './operator-mint.ts';

/**
 * Sends a drill's events through store, replay, stats and ledger in simulated time, with faults and deaths. The
 * expected count and the reading of the figures are those of a real drill, but a slow machine has no influence here.
 */

const minuteMs = 60_000;
/** Just before the end of an hour, so that a sale and its repetition can be in different hours. */
const startMs = Date.UTC(2026, 10, 23, 4, 58);
const hours = ['2026-11-23T04', '2026-11-23T05'];
const daysOfAdjustments = ['2026-11-22T00', '2026-11-23T00'];

async function figuresAfter(faults: readonly Fault[], seed: number, mayDie: boolean) {
  const chance = seededChance(seed);
  const world = createSimulatedWorld(startMs, chance);
  for (const fault of faults) world.board.add(fault);
  for (const region of regionNames)
    world.regions[region].bucket.put(operatorKeysKey, encodeOperatorKeys(operatorKeys.keys));
  const plan = { seed, rounds: 100, startMs, intervalMs: 2_400, regions: regionNames, decides: 0.3, adjusts: 0.15 };
  const { events, records } = drilled(plan);
  for (const event of events) world.time.after(event.at - startMs, () => capture(world, event));
  const dying = (): RunOptions => (chance() < 0.15 ? { diesAtStep: 1 + Math.floor(chance() * 30) } : {});
  await liveFor(world, 5 * minuteMs, { runOptions: () => (mayDie ? dying() : {}), batchSize: 50 });
  world.board.clear();
  await liveFor(world, 12 * minuteMs);
  const figures = (which: 'provisional' | 'final') =>
    regionNames.map((region) => figuresIn(bucketsOf(world), region, which));
  const provisional = figures('provisional');
  const task = { task: 'hours', hours, cause: 'drill' };
  await world.time.until(Promise.all(regionNames.map((region) => ledgerOnce(world, region, task))));
  const log = { region: '', segments: new Map(), events: new Map(events.map((event) => [event.id, event])) };
  const expected = expectedFigures(expectedEvents(records, [log]), exampleCatalog);
  return { expected, expectedSoon: expected, provisional, figures: figures('final'), ledgerProblems: [] };
}

function bucketsOf({ regions }: SimulatedWorld): Parameters<typeof figuresIn>[0] {
  const bucketOf = (region: string) => regions[region as RegionName].bucket;
  return {
    logKeys: (region, prefix = 'log/') => bucketOf(region).keys(prefix),
    logObject(region, key) {
      const object = bucketOf(region).get(key);
      if (object.kind !== 'ok') throw new Error(`${region} has no ${key}`);
      return object.value.body;
    },
  };
}

/** `track` captures a conversion in both intake queues, and so do operators. */
function capture({ regions }: SimulatedWorld, event: LoggedEvent): void {
  for (const region of regionNames) {
    if (event.type === 'conversion' || event.region === 'operator' || event.region === region)
      regions[region].intake.send({ body: encodeLine(event) });
  }
}

describe('provisional and final figures of both regions are the drill’s own count', () => {
  test.each<[string, readonly Fault[], boolean]>([
    ['when nothing is wrong', [], false],
    ['when functions die at random steps', [], true],
    [
      'when DynamoDB is down and loses answers',
      [
        { service: 'dynamodb', effect: 'error', status: 500, atMs: minuteMs, forMs: minuteMs },
        { service: 'dynamodb', effect: 'lose-reply', rate: 0.3, atMs: 2 * minuteMs, forMs: minuteMs },
      ],
      true,
    ],
    [
      'when one bucket is owed all segments',
      [
        {
          service: 's3',
          region: 'us-west-2',
          actions: ['PutObject'],
          effect: 'error',
          status: 503,
          forMs: 4 * minuteMs,
        },
      ],
      false,
    ],
  ])('%s', async (_, faults, mayDie) => {
    const result = await figuresAfter(faults, 7, mayDie);
    expect(provisionalFigures(result)).toEqual([]);
    expect(finalFigures(result)).toEqual([]);
    const [, ...allButOne] = result.expected.rows;
    expect(finalFigures({ ...result, expected: { ...result.expected, rows: new Map(allButOne) } })).not.toEqual([]);
    const hoursCounted = [...result.expected.rows.keys()].map((row) => row.slice(0, 13));
    expect(new Set(hoursCounted)).toEqual(new Set([...hours, ...daysOfAdjustments]));
  });
});
