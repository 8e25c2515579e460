import type { Evidence } from './evidence.ts';
import type { RegionFigures } from './final-figures.ts';
import type { LogView } from './log-view.ts';
import { isSpoiled, type Plant } from './plant.ts';

/**
 * How many events the segments of a log hold, those that stand in several as often as they do: so many has `stats` to
 * count there, each segment once.
 */
export function eventsToCount({ segments }: LogView): number {
  return [...segments.values()].flatMap(({ events }) => events).filter(({ type }) => type !== 'probe').length;
}

/** Those of segments that were spoiled, perhaps before they were counted. */
export function eventsSpoiled({ region, segments }: LogView, plants: readonly Plant[]): number {
  const spoiled = [...segments].filter(([key]) => isSpoiled(plants, region, key));
  return spoiled.flatMap(([, { events }]) => events).filter(({ type }) => type !== 'probe').length;
}

/** Whether `stats` may have been told of less than what was written: then the ledger alone knows. */
export function mayLackEvents({ faults }: Pick<Evidence, 'faults'>, region: string): boolean {
  return faults.some(
    ({ fault }) =>
      fault.service === 'notifications' &&
      fault.effect === 'drop' &&
      (fault.region === undefined || fault.region === region),
  );
}

export interface ProvisionalCount {
  readonly region: string;
  readonly counted: number;
  readonly min: number;
  readonly max: number;
}

/** Of regions that have figures. */
export function provisionalCounts(
  { logs, plants, faults }: Pick<Evidence, 'logs' | 'plants' | 'faults'>,
  figures: readonly RegionFigures[],
): readonly ProvisionalCount[] {
  return figures.flatMap((one) => {
    const log = logs.find(({ region }) => region === one.region);
    if (one.kind === 'none' || log === undefined) return [];
    const max = eventsToCount(log);
    const min = mayLackEvents({ faults }, one.region) ? 0 : max - eventsSpoiled(log, plants);
    return [{ region: one.region, counted: Number(one.provisionalEvents), min, max }];
  });
}
