import { capturedByValues } from '../../core/capture/ladder.ts';
import { metrics } from '../../core/metrics.ts';
import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { metricSum } from '../evidence/metric-sum.ts';
import { someOf } from './problem-text.ts';

/** I4: after healing, every queue drains to zero and both logs become equal. */
export const drained: DrillCheck = ({ settlement }) =>
  settlement.kind === 'settled' ? [] : settlement.problems.map((problem) => `I4: it did not settle: ${problem}`);

/**
 * I9, for segments: when one log lacks a segment that the other has, a failure queue holds it. Repair copies a segment
 * that no queue holds within the hour, so the end of a drill would not show the defect. This check therefore looks at
 * the moment when the queues were first empty. A few segments may rightly be in no queue at that moment; a metric, a
 * fault or a failed function explains each of them.
 */
export const owedSegments: DrillCheck = (evidence) => {
  const { leftToRepair } = evidence.settlement;
  const unexplained = isDyingExpected(evidence) ? [] : leftToRepair.filter((key) => !isOneCapturedEvent(key, evidence));
  const allowed = metricSum(evidence.state, metrics.segmentsOwedUnwritten);
  if (unexplained.length <= allowed) return [];
  return [
    `I9: ${unexplained.length} segments lay in one log only and no queue owed them to the other, until repair found them: ` +
      `store did not write them to a failure queue, or replay removed them there before delivery ` +
      `(a metric explains ${allowed} that no queue took); ${eventsText(unexplained, evidence)}`,
  ];
};

function eventsText(keys: readonly string[], { logs, records }: Evidence): string {
  const segments = keys.flatMap((key) => logs.flatMap((log) => log.segments.get(key) ?? []).slice(0, 1));
  const eventIds = new Set(segments.flatMap(({ events }) => events.map(({ id }) => id)));
  const rungs = new Set(records.filter(({ eventId }) => eventIds.has(eventId)).map(({ rung }) => rung));
  return `events captured by ${[...rungs].join(', ') || 'no rung that an answer named'}: ${someOf([...eventIds])}`;
}

/** Only these functions write segments to the logs and to failure queues. */
const writers: readonly string[] = ['store', 'replay'];

/**
 * A writer that dies between the two buckets leaves a segment in one of them. Its messages come back in other batches,
 * and so in other segments.
 */
function isDyingExpected({ faults, state }: Evidence): boolean {
  const functions = state.regions.flatMap((region) => region.functions);
  const died = functions.some(({ name, errors }) => errors > 0 && writers.some((part) => name.endsWith(`-${part}`)));
  return died || faults.some(({ fault }) => fault.effect === 'kill' && (fault.callers ?? writers).some(isWriter));
}

function isWriter(caller: string): boolean {
  return writers.includes(caller);
}

const byBucket = capturedByValues.filter((rungs) => rungs.includes('bucket-'));

/** `track` writes a segment of one event to a bucket when no queue takes it, and does not always learn the outcome. */
function isOneCapturedEvent(key: string, { logs, state }: Evidence): boolean {
  const bucketsWereAsked =
    metricSum(state, metrics.rungFailed, 'rung=bucket-') > 0 ||
    byBucket.some((rungs) => metricSum(state, metrics.captured, `rung=${rungs}`) > 0);
  return bucketsWereAsked && logs.some(({ segments }) => segments.get(key)?.events.length === 1);
}
