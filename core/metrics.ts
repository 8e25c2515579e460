import type { Rung } from './capture/ladder.ts';

/**
 * Names of everything counted. Functions, alarms, the console and the runbook read them from here; the namespace, which
 * carries the deployment's name, is in resource-names.ts.
 */

export const metrics = {
  /** Events captured; dimension `rung`. */
  captured: 'Captured',
  /** Clicks and impressions answered although no rung took their event; it stands whole in the log instead. */
  unconfirmed: 'Unconfirmed',
  /** Conversions answered 503 because no rung took them. */
  conversionsRefused: 'ConversionsRefused',
  /** Requests turned away; dimension `reason`. */
  rejectedRequests: 'RejectedRequests',
  /** Attempts at a rung that failed; dimension `rung`. */
  rungFailed: 'RungFailed',
  /** Catalog snapshots that could not be read or were not valid; dimension `source`. */
  catalogUnreadable: 'CatalogUnreadable',
  /** A gauge: 1 while a switch makes a difference, else nothing; dimension `switch`. */
  switchInForce: 'SwitchInForce',
  /** Copies of a switch that could not be read; dimension `switch`. */
  switchUnreadable: 'SwitchUnreadable',
  segmentsWritten: 'SegmentsWritten',
  eventsStored: 'EventsStored',
  /** Segments that a bucket did not take and that stand in a failure queue; dimension `bucket`. */
  segmentsOwed: 'SegmentsOwed',
  /** Segments that reached a bucket by way of the failure queue on purpose (setting `viaQueueOneIn`); dimension `bucket`. */
  segmentsViaQueue: 'SegmentsViaQueue',
  /** Segments that one bucket has and that neither the other nor a failure queue took: repair will find them. */
  segmentsOwedUnwritten: 'SegmentsOwedUnwritten',
  /** Segments no bucket and no queue took: their messages stay in the intake queue. */
  segmentsLeft: 'SegmentsLeft',
  /** Message content that can never be stored; dimension `reason`. */
  poison: 'Poison',
  /** Runs that ended well: one a minute whatever there is to do, so that its absence is the one count that is news. */
  replayRuns: 'ReplayRuns',
  /** Segments delivered from failure queues; dimension `bucket`. */
  replayed: 'Replayed',
  /** Deliveries that a bucket refused; dimension `bucket`. */
  replayRefused: 'ReplayRefused',
  /** Intake messages that `replay` had to take because the pollers did not. */
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
   * A gauge: whole minutes since the newest probe of a region that a log holds; one more than anybody looks back when
   * there is none. Dimension `of`, the region of the probe (home or peer), alone and together with `log`, the log.
   */
  probeAgeMinutes: 'ProbeAgeMinutes',
  /** Looks for probes that a log did not answer; dimension `log`. */
  logUnreadable: 'LogUnreadable',
  /** Numbers of captured events that no log holds, of an hour that is long over. */
  sequenceGaps: 'SequenceGaps',
  /** Hours whose numbers could not be judged, because not all of their segments could be read in time. */
  sequenceHoursUnread: 'SequenceHoursUnread',
  /** Segments and events that `stats` counted, provisionally. */
  segmentsCounted: 'SegmentsCounted',
  eventsCounted: 'EventsCounted',
  /** Events that only a later release understands, as `stats` found them: they are in the log, and in no figures. */
  eventsUnknown: 'EventsUnknown',
  /** Segments that could not be counted and that stand in the stats failure queue. */
  segmentsUncounted: 'SegmentsUncounted',
  /** Segments that `replay` counted from the stats failure queue. */
  recounted: 'Recounted',
  /** Segments whose content can never be counted: put apart, see `poison`. */
  corruptSegments: 'CorruptSegments',
  /** Runs of `ledger` that ended well: one every five minutes whatever there is to do. */
  ledgerRuns: 'LedgerRuns',
  /** Hours made final; dimension `cause`. */
  hoursFinal: 'HoursFinal',
  /** A gauge: hours that are over for long and not final. */
  hoursOverdue: 'HoursOverdue',
  /** Segments that `ledger` found in the log and `stats` never heard of. */
  segmentsUnannounced: 'SegmentsUnannounced',
  /** Segments that `ledger` could read in neither log. */
  segmentsUnreadable: 'SegmentsUnreadable',
  /** A gauge: hours that are final in both regions for long, and whose figures differ. */
  hoursDiffering: 'HoursDiffering',
} as const;

/** Values of `Captured`'s dimension `rung` whose events stand in the home intake queue, for `store` to take. */
export const rungsOfHomeIntake = [
  'intake-home',
  'intake-home+intake-peer',
  'intake-home+bucket-peer',
] as const satisfies readonly (Rung | `${Rung}+${Rung}`)[];
