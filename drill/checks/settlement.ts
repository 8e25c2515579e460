import { captureLabels } from '../../core/capture/ladder.ts';
import { metrics } from '../../core/metrics.ts';
import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { metricSum } from '../evidence/metric-sum.ts';
import { someOf } from './problem-text.ts';

/**
 * I9, for segments: what one log has and the other lacks is owed by a queue. Repair finds what is not, within the hour, so
 * a lost debt would not be seen at the end; therefore the moment is judged at which the queues were first empty. Some
 * segments are rightly nobody's debt then, and each of these leaves a trace of its own.
 */
export const owedSegments: DrillCheck = (evidence) => {
  const { leftToRepair } = evidence.settlement;
  const unexplained = isDyingExpected(evidence) ? [] : leftToRepair.filter((key) => !isOneCapturedEvent(key, evidence));
  const allowed = metricSum(evidence.state, metrics.segmentsOwedUnwritten);
  if (unexplained.length <= allowed) return [];
  return [
    `I9: ${unexplained.length} segments lay in one log only and no queue owed them to the other, until repair found them: ` +
      `store did not write the debt down, or replay removed it before it was delivered ` +
      `(${allowed} debts that no queue took were counted); ${eventsText(unexplained, evidence)}`,
  ];
};

function eventsText(keys: readonly string[], { logs, records }: Evidence): string {
  const segments = keys.flatMap((key) => logs.flatMap((log) => log.segments.get(key) ?? []).slice(0, 1));
  const eventIds = new Set(segments.flatMap(({ events }) => events.map(({ id }) => id)));
  const rungs = new Set(records.filter(({ eventId }) => eventIds.has(eventId)).map(({ rung }) => rung));
  return `events captured by ${[...rungs].join(', ') || 'nobody who was answered'}: ${someOf([...eventIds])}`;
}

/** These alone write segments and their debts. */
const writers: readonly string[] = ['store', 'replay'];

/** A writer that dies between two buckets leaves a segment in one; its messages come back in other batches. */
function isDyingExpected({ faults, state }: Evidence): boolean {
  const functions = state.regions.flatMap((region) => region.functions);
  const died = functions.some(({ name, errors }) => errors > 0 && writers.some((part) => name.endsWith(`-${part}`)));
  return died || faults.some(({ fault }) => fault.effect === 'kill' && (fault.callers ?? writers).some(isWriter));
}

function isWriter(caller: string): boolean {
  return writers.includes(caller);
}

const byBucket = captureLabels.filter((rungs) => rungs.includes('bucket-'));

/** `track` puts an event into one bucket when no queue takes it, and cannot always tell whether that was done. */
function isOneCapturedEvent(key: string, { logs, state }: Evidence): boolean {
  const bucketsWereAsked =
    metricSum(state, metrics.rungFailed, 'rung=bucket-') > 0 ||
    byBucket.some((rungs) => metricSum(state, metrics.captured, `rung=${rungs}`) > 0);
  return bucketsWereAsked && logs.some(({ segments }) => segments.get(key)?.events.length === 1);
}
