import { describe, expect, test } from 'vitest';
import { encodeLine, type LoggedEvent } from '../../../core/event/event.ts';
import { readSegment } from '../../../core/log/segment.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import { finalFigures } from '../../../drill/checks/figures.ts';
import { figuresIn } from '../../../drill/evidence/final-figures.ts';
import { eventsToCount } from '../../../drill/evidence/provisional-counts.ts';
import { expectedEvents } from '../../../drill/oracle/expected-event.ts';
import { expectedFigures } from '../../../drill/oracle/expected-figures.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { ledgerOnce, type RunOptions } from '../../../simulation/functions.ts';
import { liveFor } from '../../../simulation/life.ts';
import { createSimulatedWorld, type RegionName, regionNames, type SimulatedWorld } from '../../../simulation/world.ts';
import { drilled, exampleCatalog } from './drilled.ts';

/**
 * Sends a drill's events through store, replay, stats and ledger in simulated time, with faults and deaths. The
 * expected count and the reading of the tables are those of a real drill, but a slow machine has no influence here.
 */

const minuteMs = 60_000;
/** Just before the end of an hour, so that a sale and its repetition can be in different hours. */
const startMs = Date.UTC(2026, 10, 23, 4, 58);
const hours = ['2026-11-23T04', '2026-11-23T05'];

async function figuresAfter(faults: readonly Fault[], seed: number, mayDie: boolean) {
  const chance = seededChance(seed);
  const world = createSimulatedWorld(startMs, chance);
  for (const fault of faults) world.board.add(fault);
  const { events, records } = drilled({ seed, rounds: 100, startMs, intervalMs: 2_400, regions: regionNames });
  for (const event of events) world.time.after(event.at - startMs, () => capture(world, event));
  const dying = (): RunOptions => (chance() < 0.15 ? { diesAtStep: 1 + Math.floor(chance() * 30) } : {});
  await liveFor(world, 5 * minuteMs, { runOptions: () => ({ batchSize: 50, ...(mayDie ? dying() : {}) }) });
  world.board.clear();
  await liveFor(world, 12 * minuteMs);
  const task = { task: 'hours', hours, cause: 'drill' };
  await world.time.until(Promise.all(regionNames.map((region) => ledgerOnce(world, region, task))));
  const log = { region: '', segments: new Map(), events: new Map(events.map((event) => [event.id, event])) };
  const rules = { catalog: exampleCatalog, earlier: new Set<string>() };
  return {
    expected: expectedFigures(expectedEvents(records, [log], rules.earlier), rules),
    figures: regionNames.map((region) => figuresIn(region, world.regions[region].figures.all())),
    ledgerProblems: [],
    inSegments: regionNames.map((region) => eventsInSegments(world, region)),
  };
}

function eventsInSegments({ regions }: SimulatedWorld, region: RegionName): number {
  const { bucket } = regions[region];
  const segments = bucket.keys('log/').flatMap((key) => {
    const object = bucket.get(key);
    const read = object.kind === 'ok' ? readSegment(object.value.body) : undefined;
    const lines = read?.kind === 'read' ? read.lines : [];
    return [{ lines, events: lines.map((line) => JSON.parse(line) as LoggedEvent), problems: [], bytes: 0 }];
  });
  return eventsToCount(segments);
}

/** `track` captures a conversion in both intake queues. */
function capture({ regions }: SimulatedWorld, event: LoggedEvent): void {
  for (const region of regionNames) {
    if (event.type === 'conversion' || event.region === region)
      regions[region].intake.send({ body: encodeLine(event) });
  }
}

describe('final figures of both regions are the drill’s own count', () => {
  test.each<[string, readonly Fault[], boolean]>([
    ['when nothing is wrong', [], false],
    ['when functions die at random steps', [], true],
    [
      'when DynamoDB is down and loses answers, and S3’s notifications get lost',
      [
        { service: 'dynamodb', effect: 'error', status: 500, atMs: minuteMs, forMs: minuteMs },
        { service: 'dynamodb', effect: 'lose-reply', rate: 0.3, atMs: 2 * minuteMs, forMs: minuteMs },
        { service: 'notifications', effect: 'drop', rate: 0.3, atMs: minuteMs, forMs: 2 * minuteMs },
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
    expect(finalFigures(result)).toEqual([]);
    for (const [index, one] of result.figures.entries()) {
      const provisional = one.kind === 'figures' ? Number(one.provisionalEvents) : 0;
      const isTold = !faults.some(({ effect }) => effect === 'drop');
      if (isTold) expect(provisional).toBe(result.inSegments[index]);
      else expect(provisional).toBeLessThan(result.inSegments[index] ?? 0);
    }
    const [, ...allButOne] = result.expected.rows;
    expect(finalFigures({ ...result, expected: { ...result.expected, rows: new Map(allButOne) } })).not.toEqual([]);
    const hoursCounted = [...result.expected.rows.keys()].map((row) => row.slice(0, 13));
    expect(new Set(hoursCounted)).toEqual(new Set(hours));
  });
});
