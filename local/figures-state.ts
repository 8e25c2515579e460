import { parseHourState } from '../core/ledger/hour-state.ts';
import { hourStateKey } from '../core/ledger/object-keys.ts';
import { hourMs, recentHours } from '../core/log/log-key.ts';
import type { CountedHour } from './handle.ts';
import type { BucketModel } from './model/bucket.ts';

/** Enough for the scenarios of drills, and for most visits to the console. */
const hoursMax = 24;

/**
 * The latest hours that have figures in the bucket of a log, newest first. Reads the model directly, so that the
 * console's reads are not counted as calls and faults do not strike them.
 */
export function countedHours(bucket: Pick<BucketModel, 'get'>, nowMs: number): readonly CountedHour[] {
  return recentHours(nowMs, hoursMax).flatMap((startMs) => {
    const object = bucket.get(hourStateKey(startMs));
    const state = object.kind === 'ok' ? parseHourState(object.value.body) : undefined;
    if (state === undefined) return [];
    const { hour, revision, cause, segments, events, atMs, foldedToMs } = state;
    return [{ hour, revision, cause, segments, events, atMs, foldedToMs, isOver: startMs + hourMs <= nowMs }];
  });
}
