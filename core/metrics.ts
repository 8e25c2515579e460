import type { Rung } from './capture/ladder.ts';

/**
 * The names of all CloudWatch metrics. Functions, alarms, the console and the runbook read them from here. The
 * namespace carries the name of the deployment (resource-names.ts).
 */

export const metrics = {
  /** Events captured; dimension `rung`. */
  captured: 'Captured',
  /** Clicks and impressions answered although no rung took the event. The function's log holds the whole event. */
  unconfirmed: 'Unconfirmed',
  /** Conversions answered 503 because no rung took them. */
  conversionsRefused: 'ConversionsRefused',
  /** Requests refused without an event; dimension `reason`. */
  rejectedRequests: 'RejectedRequests',
  /** Attempts at a rung that failed; dimension `rung`. */
  rungFailed: 'RungFailed',
  /** Catalog snapshots that could not be read or were not valid; dimension `source`. */
  catalogUnreadable: 'CatalogUnreadable',
  /** A gauge: 1 while a switch changes anything, else no value; dimension `switch`. */
  switchInForce: 'SwitchInForce',
  /** Copies of a switch that could not be read; dimension `switch`. */
  switchUnreadable: 'SwitchUnreadable',
  segmentsWritten: 'SegmentsWritten',
  eventsStored: 'EventsStored',
  /** Segments that a bucket did not take and a failure queue holds; dimension `bucket`. */
  segmentsOwed: 'SegmentsOwed',
  /** Segments sent through the failure queue on purpose (setting `viaQueueOneIn`); dimension `bucket`. */
  segmentsViaQueue: 'SegmentsViaQueue',
  /** Segments that one bucket took, but neither the other bucket nor a failure queue. Repair will find them. */
  segmentsOwedUnwritten: 'SegmentsOwedUnwritten',
  /** Segments that no bucket and no failure queue took. Their messages stay in the intake queue. */
  segmentsLeft: 'SegmentsLeft',
  /** Message content that can never be stored; dimension `reason`. */
  poison: 'Poison',
  /** Runs that ended well. There is one a minute even without work, so the alarm is on its absence. */
  replayRuns: 'ReplayRuns',
  /** Segments delivered from failure queues; dimension `bucket`. */
  replayed: 'Replayed',
  /** Deliveries that a bucket refused; dimension `bucket`. */
  replayRefused: 'ReplayRefused',
  /** Intake messages that `replay` took because the event source mapping did not. */
  intakeRescued: 'IntakeRescued',
  /** Runs of `audit` that ended well, whatever the task: one a minute at least. */
  auditRuns: 'AuditRuns',
  /** Segments that repair copied from one log to the other; dimension `bucket`. */
  repaired: 'Repaired',
  /** Copies between the logs that failed. */
  repairFailed: 'RepairFailed',
  /** Hours that repair could not compare. */
  repairHoursSkipped: 'RepairHoursSkipped',
  /**
   * A gauge: whole minutes since the newest probe of a region in a log. Without a probe it is one minute more than the
   * audit looks back. Dimension `of` is the region of the probe (home or peer), alone and together with `log`.
   */
  probeAgeMinutes: 'ProbeAgeMinutes',
  /** Looks for a probe that failed because the log did not answer; dimension `log`. */
  logUnreadable: 'LogUnreadable',
  /** Captured events of an hour long over that no log holds, as sequence numbers tell. */
  sequenceGaps: 'SequenceGaps',
  /** Hours without a check for such gaps, because not all of their segments could be read in time. */
  sequenceHoursUnread: 'SequenceHoursUnread',
  /** Segments and events that `stats` counted, provisionally. */
  segmentsCounted: 'SegmentsCounted',
  eventsCounted: 'EventsCounted',
  /** Events that `stats` found and only a later release understands. They are in the log and in no figures. */
  eventsUnknown: 'EventsUnknown',
  /** Segments that could not be counted and that the stats failure queue holds. */
  segmentsUncounted: 'SegmentsUncounted',
  /** Segments that `replay` counted from the stats failure queue. */
  recounted: 'Recounted',
  /** Segments whose content can never be counted. They go to the dead-letter queue. */
  corruptSegments: 'CorruptSegments',
  /** Runs of `ledger` that ended well: one every five minutes, even without work. */
  ledgerRuns: 'LedgerRuns',
  /** Hours made final; dimension `cause`. */
  hoursFinal: 'HoursFinal',
  /** A gauge: hours that are long over and not final. */
  hoursOverdue: 'HoursOverdue',
  /** Segments that `ledger` found in the log and S3 never announced to `stats`. */
  segmentsUnannounced: 'SegmentsUnannounced',
  /** Segments that `ledger` could read in neither log. */
  segmentsUnreadable: 'SegmentsUnreadable',
  /** A gauge: hours that have long been final in both regions with different figures. */
  hoursDiffering: 'HoursDiffering',
} as const;

/** The values of `rung` in `Captured` whose events are in the home intake queue. */
export const rungsOfHomeIntake = [
  'intake-home',
  'intake-home+intake-peer',
  'intake-home+bucket-peer',
] as const satisfies readonly (Rung | `${Rung}+${Rung}`)[];
