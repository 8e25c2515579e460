import type { LoggedEvent } from '../../core/event/event.ts';
import { isSpoiled } from '../faults/planted-object.ts';
import type { Evidence } from './evidence.ts';
import type { RegionFigures } from './final-figures.ts';
import type { SegmentView } from './log-view.ts';

/**
 * How many events `stats` has to count of these segments, duplicates apart: those that stand in several segments as
 * often as they do, but of all conversions that compete for a key one.
 */
export function eventsToCount(segments: Iterable<SegmentView>): number {
  const events = [...segments].flatMap((segment) => segment.events).filter(({ type }) => type !== 'probe');
  const competing = events.filter(competes);
  const keys = new Set(competing.map((event) => event['conversion_key']));
  return events.length - competing.length + keys.size;
}

/** By the line: approved or pending, also in a release that did not yet say so. */
function competes({ type, status, reason, test, conversion_key: key }: LoggedEvent): boolean {
  const isTest = test === true || test === '1';
  return type === 'conversion' && key !== undefined && reason === undefined && status !== 'rejected' && !isTest;
}

/** Whether `stats` may have been told of less than what was written: then the ledger alone knows. */
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

/** Of regions that have figures. */
export function provisionalCounts(
  { logs, plants, faults }: Pick<Evidence, 'logs' | 'plants' | 'faults'>,
  figures: readonly RegionFigures[],
): readonly ProvisionalCount[] {
  return figures.flatMap((one) => {
    const log = logs.find(({ region }) => region === one.region);
    if (one.kind === 'none' || log === undefined) return [];
    const max = eventsToCount(log.segments.values());
    // What was spoiled may have been counted before.
    const well = [...log.segments].filter(([key]) => !isSpoiled(plants, one.region, key));
    const min = mayLackEvents({ faults }, one.region) ? 0 : eventsToCount(well.map(([, segment]) => segment));
    return [{ region: one.region, counted: Number(one.provisionalEvents), min, max }];
  });
}
