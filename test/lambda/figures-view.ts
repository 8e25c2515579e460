import { readFiguresObject } from '../../core/figures/figures-object.ts';
import type { FiguresRow } from '../../core/figures/row.ts';
import { counterTotals, RowSum } from '../../core/figures/row-sum.ts';
import { type HourState, parseHourState, partsOf } from '../../core/ledger/hour-state.ts';
import { figuresKey, hourStateKey } from '../../core/ledger/object-keys.ts';
import { parseHourName } from '../../core/log/log-key.ts';
import { segmentsOf } from '../../core/log/segment.ts';
import type { RegionName, SimulatedWorld } from '../../simulation/world.ts';
import { home } from './world-view.ts';

/** What tests of figures do to a world and see in its buckets. */

/** Writes the segments of `lines` into the log of a region. Gives their keys. */
export function logSegments(
  world: SimulatedWorld,
  lines: readonly string[],
  region: RegionName = home,
): readonly string[] {
  return segmentsOf(lines).map(({ key, gzip }) => {
    world.regions[region].bucket.put(key, gzip);
    return key;
  });
}

export function stateOf(world: SimulatedWorld, hourStartMs: number, region: RegionName = home): HourState | undefined {
  const object = world.regions[region].bucket.get(hourStateKey(hourStartMs));
  return object.kind === 'ok' ? parseHourState(object.value.body) : undefined;
}

/** The states of all hours that have one, the oldest first. */
export function statesOf(world: SimulatedWorld, region: RegionName = home): readonly HourState[] {
  const keys = world.regions[region].bucket.keys('ledger/dt=').filter((key) => key.endsWith('/state.json'));
  return keys.flatMap((key) => {
    const [, day, hour] = /dt=(.*)\/hr=(\d\d)/.exec(key) ?? [];
    return stateOf(world, parseHourName(`${day}T${hour}`), region) ?? [];
  });
}

/** The rows in force of an hour, each key once. Throws when rows that the state names are not there. */
export function rowsOf(world: SimulatedWorld, state: HourState, region: RegionName = home): readonly FiguresRow[] {
  const found = state.quarters.flatMap(partsOf).flatMap(({ figures }) => {
    if (figures === '') return [];
    const object = world.regions[region].bucket.get(figuresKey(parseHourName(state.hour), figures));
    const rows = object.kind === 'ok' ? readFiguresObject(object.value.body) : undefined;
    if (rows === undefined) throw new Error(`the rows of ${state.hour} are not there`);
    return rows;
  });
  const sum = new RowSum();
  sum.add(found);
  return sum.rows();
}

/** Sums of all rows of a region that are in force, by counter. */
export function counted(world: SimulatedWorld, region: RegionName = home): Readonly<Record<string, number>> {
  const rows = statesOf(world, region).flatMap((state) => rowsOf(world, state, region));
  return Object.fromEntries(Object.entries(counterTotals(rows)).map(([name, count]) => [name, Number(count)]));
}
