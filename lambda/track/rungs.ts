import { callOutcome, isStored, isTaken } from '../../core/call-outcome.ts';
import { afterFailure, afterSuccess } from '../../core/capture/damping.ts';
import {
  homeFirst,
  isDamped,
  type LadderState,
  orderPairs,
  orderRungs,
  type Rung,
  type RungPair,
  type RungPreference,
  substituteBucket,
  untriedLadder,
  withoutBucket,
} from '../../core/capture/ladder.ts';
import { type Segment, segmentsOf } from '../../core/log/segment.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import type { Answer, CaptureBucket, Clock, IntakeQueue, Log, Metrics } from '../../core/ports.ts';
import type { StorageSwitchReader } from '../../eventlog/log-buckets.ts';

export interface RungPorts {
  readonly intake: { readonly home: IntakeQueue; readonly peer: IntakeQueue };
  readonly bucket: { readonly home: CaptureBucket; readonly peer: CaptureBucket };
  readonly storage: Pick<StorageSwitchReader, 'skipped'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** An event for either kind of rung. The segment is made only when a bucket is asked. */
export interface Parcel {
  readonly line: string;
  segment(): Segment;
}

export function parcelOf(line: string): Parcel {
  let made: Segment | undefined;
  return {
    line,
    segment: () => {
      made ??= segmentsOf([line])[0];
      if (made === undefined) throw new Error('one line made no segment');
      return made;
    },
  };
}

/** The rungs as one environment knows them: how to call each of them, and how it did lately. */
export interface Rungs {
  order(preference: RungPreference): readonly Rung[];
  pairs(): readonly RungPair[];
  /**
   * A bucket of the other region for an event that one region's queue alone has taken; undefined when none is worth
   * asking.
   */
  instead(taken: readonly Rung[]): Rung | undefined;
  call(rung: Rung, parcel: Parcel, budgetMs: number): Promise<Answer>;
  /** Remembers and counts the answer of a rung. Returns whether the rung took the event. */
  note(rung: Rung, answer: Answer): boolean;
}

export function createRungs(ports: RungPorts): Rungs {
  let state = untriedLadder;
  const usable = (preference: RungPreference) => withoutBucket(preference, ports.storage.skipped());
  return {
    order: (preference) => orderRungs(usable(preference), state, ports.clock.nowMs()),
    pairs: () => orderPairs(usable(homeFirst), state, ports.clock.nowMs()),
    instead: (taken) => substituteBucket(usable(homeFirst), state, taken, ports.clock.nowMs()),
    call: (rung, parcel, budgetMs) => callRung(ports, rung, parcel, budgetMs),
    note(rung, answer) {
      if (isBucket(rung) ? isStored(answer) : isTaken(answer)) {
        state = afterSuccess(state, rung);
        return true;
      }
      report(ports, state, rung, answer);
      // A rung that refuses the content is not ill.
      if (callOutcome(answer) !== 'unacceptable') state = afterFailure(state, rung, ports.clock.nowMs());
      return false;
    },
  };
}

function isBucket(rung: Rung): boolean {
  return rung === 'bucket-home' || rung === 'bucket-peer';
}

function callRung({ intake, bucket }: RungPorts, rung: Rung, parcel: Parcel, budgetMs: number): Promise<Answer> {
  switch (rung) {
    case 'intake-home':
      return intake.home.send(parcel.line, budgetMs);
    case 'intake-peer':
      return intake.peer.send(parcel.line, budgetMs);
    case 'bucket-home':
      return put(bucket.home, parcel.segment(), budgetMs);
    case 'bucket-peer':
      return put(bucket.peer, parcel.segment(), budgetMs);
  }
}

function put(bucket: CaptureBucket, { key, gzip }: Segment, budgetMs: number): Promise<Answer> {
  return bucket.putIfAbsent(key, gzip, budgetMs);
}

/** Counts every failure, and logs only the first of a spell: otherwise an outage would fill the log. */
function report({ metrics, log, clock }: RungPorts, state: LadderState, rung: Rung, answer: Answer): void {
  metrics.count(metricNames.rungFailed, 1, { rung });
  if (!isDamped(state, rung, clock.nowMs())) log.warn('a rung failed', { rung, ...answer });
}
