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
  /** Postbacks with a security token that came in over port 80, where others can read the token. */
  tokensOverHttp: 'TokensOverHttp',
  /** Attempts at a rung that failed; dimension `rung`. */
  rungFailed: 'RungFailed',
  /** Catalog snapshots that could not be read or were not valid; dimension `source`. */
  catalogUnreadable: 'CatalogUnreadable',
  /** Objects of closed caps that could not be read or were damaged; dimension `source`. */
  capsUnreadable: 'CapsUnreadable',
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
  /**
   * A gauge: seconds from when all segments then in the log were counted in the running hour's figures until the end of
   * the run. Every run of `stats` writes it.
   */
  figuresAgeSeconds: 'FiguresAgeSeconds',
  /** A gauge: blocks of conversions that `stats` could not yet look up in the conversion index. */
  conversionsUnresolved: 'ConversionsUnresolved',
  /** Gauges while the catalog has caps: how old the counts behind the region's object of closed caps are, and closed caps. */
  capsAgeSeconds: 'CapsAgeSeconds',
  capsClosed: 'CapsClosed',
  /** Segments and events that were folded. A segment that two runs fold counts twice here, and once in figures. */
  segmentsCounted: 'SegmentsCounted',
  eventsCounted: 'EventsCounted',
  /** Folded events that only a later release understands. They are in the log and in no figures. */
  eventsUnknown: 'EventsUnknown',
  /** Runs of `stats` that ended well: one a minute, even without work. */
  statsRuns: 'StatsRuns',
  /** Runs of `ledger` that ended well: one every five minutes, even without work. */
  ledgerRuns: 'LedgerRuns',
  /** Hours made final; dimension `cause`. */
  hoursFinal: 'HoursFinal',
  /** A gauge: hours that are long over and that the last run of `ledger` could not make final. */
  hoursOverdue: 'HoursOverdue',
  /** A gauge: hours that are long over and whose sequence numbers are not judged. */
  hoursUnjudged: 'HoursUnjudged',
  /** Captured events of a judged hour that no log holds, as sequence numbers tell. */
  sequenceGaps: 'SequenceGaps',
  /** A gauge: days that are long over and whose unique visitors are not counted. */
  daysOverdue: 'DaysOverdue',
  /** Segments that `stats` or `ledger` could read in neither log. */
  segmentsUnreadable: 'SegmentsUnreadable',
  /** Runs of `notify` that ended well: one a minute, even without work. */
  notifyRuns: 'NotifyRuns',
  /** Attempts to tell a partner that ended well. */
  postbacksDelivered: 'PostbacksDelivered',
  /** Attempts that did not. */
  postbackAttemptsFailed: 'PostbackAttemptsFailed',
  /** Postbacks that are tried no more, because all their attempts failed. */
  postbacksGivenUp: 'PostbacksGivenUp',
  /** A gauge: seconds since the oldest object of the outbox was written whose postbacks were not tried yet. */
  postbackLagSeconds: 'PostbackLagSeconds',
  /** A gauge: postbacks of the catalog that are suspended, because they failed for a day. */
  postbacksSuspended: 'PostbacksSuspended',
  /** A gauge: hours that have long been final in both regions with different figures. */
  hoursDiffering: 'HoursDiffering',
  /** Alerts that began; dimension `source`: a rule of the catalog, a cap or a suspended postback. */
  alertsBegun: 'AlertsBegun',
  /** A gauge: 1 while rules of the catalog stay quiet because figures tell nothing, else 0. */
  alertsQuiet: 'AlertsQuiet',
  /** Messages about alerts that the region's topic did not take. The next run sends them again. */
  alertMessagesFailed: 'AlertMessagesFailed',
} as const;

/** The values of `rung` in `Captured` whose events are in the home intake queue. */
export const rungsOfHomeIntake = [
  'intake-home',
  'intake-home+intake-peer',
  'intake-home+bucket-peer',
] as const satisfies readonly (Rung | `${Rung}+${Rung}`)[];
