import type { LoggedEvent } from '../../core/event/event.ts';
import { isSpoiled } from '../faults/planted-object.ts';
import type { Evidence } from './evidence.ts';
import type { RegionFigures } from './final-figures.ts';
import type { SegmentView } from './log-view.ts';

/**
 * How many events `stats` must count in these segments, without duplicates. An event in several segments counts once
 * for each. Of all conversions that compete for one key, only one counts.
 */
export function eventsToCount(segments: Iterable<SegmentView>): number {
  const events = [...segments].flatMap((segment) => segment.events).filter(({ type }) => type !== 'probe');
  const competing = events.filter(competes);
  const keys = new Set(competing.map((event) => event['conversion_key']));
  return events.length - competing.length + keys.size;
}

/** Reads the line only: an approved or pending conversion competes. */
function competes({ type, status, reason, test, conversion_key: key }: LoggedEvent): boolean {
  const isTest = test === true || test === '1';
  return type === 'conversion' && key !== undefined && reason === undefined && status !== 'rejected' && !isTest;
}

/** Whether S3 may have lost announcements. `stats` then counts too few events, and only the ledger counts all. */
function mayLackEvents({ faults }: Pick<Evidence, 'faults'>, region: string): boolean {
  return faults.some(
    ({ fault }) =>
      fault.service === 'notifications' &&
      fault.effect === 'drop' &&
      (fault.region === undefined || fault.region === region),
  );
}

interface ProvisionalCount {
  readonly region: string;
  readonly counted: number;
  readonly min: number;
  readonly max: number;
}

/** One for each region that has figures: the events that it counted, and how few and how many are right. */
export function provisionalCounts(
  { logs, plants, faults }: Pick<Evidence, 'logs' | 'plants' | 'faults'>,
  figures: readonly RegionFigures[],
): readonly ProvisionalCount[] {
  return figures.flatMap((one) => {
    const log = logs.find(({ region }) => region === one.region);
    if (one.kind === 'none' || log === undefined) return [];
    const max = eventsToCount(log.segments.values());
    // A segment may have been counted before the drill spoiled it.
    const well = [...log.segments].filter(([key]) => !isSpoiled(plants, one.region, key));
    const min = mayLackEvents({ faults }, one.region) ? 0 : eventsToCount(well.map(([, segment]) => segment));
    return [{ region: one.region, counted: Number(one.provisionalEvents), min, max }];
  });
}
