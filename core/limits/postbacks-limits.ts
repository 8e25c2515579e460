/**
 * The limits of postbacks to partners. Code reads them as part of `limits` (limits.ts). They are derived in
 * docs/decisions/0023.
 */
export const postbacksLimits = {
  outbox: {
    /** How long outbox objects are kept. The other region takes over long before. */
    keptDays: 10,
    /** Names begin with the time of writing. An object can appear so much later than its name says. */
    appearsWithinMs: 300_000,
    /** How far back a region looks that has no list of due work yet. */
    lookBackMs: 86_400_000,
  },
  notify: {
    intervalSeconds: 60,
    /** A run begins nothing new after this time. */
    runMs: 50_000,
    /** A run that finds work looks for more after this time. */
    pollMs: 10_000,
    /** Leaves room for the last attempts and for writing down how they ended. */
    timeoutSeconds: 90,
    /** Two runs, because a run can outlast its interval, and one for an operator. */
    concurrencyMax: 3,
    /** One whole vCPU: opening connections takes CPU. */
    memoryMegabytes: 1_769,
    /** Connections to one partner's host at once. The number grows while the host answers, as `replay` does (pacing.ts). */
    connectionsPerHost: { windowStart: 4, windowMax: 32, refusedRoundsMax: 3 },
    /** Connections in all. */
    connectionsMax: 256,
    /**
     * So many postbacks of one minute and one host are sent before their outcomes are written. A run that dies repeats at
     * most these.
     */
    batchCount: 200,
    /** Minutes whose postbacks are sent side by side. Each takes some megabytes of memory. */
    minutesAtOnceMax: 16,
    /** Pages of 1,000 outbox objects that one look reads: far more than can be written while an object may still appear. */
    outboxPagesMax: 200,
    getBudgetMs: 5_000,
    putBudgetMs: 10_000,
    /** For each call to the other region. After one without an answer, the run leaves the other region alone. */
    peerBudgetMs: 3_000,
    queueBudgetMs: 3_000,
    /** Attempts at a compare-and-swap that other runs win. */
    swapsMax: 8,
    /** Bytes of events in one message. */
    eventBytesMax: 200_000,
    objectBytesMax: 200_000_000,
  },
  postbacks: {
    /** The pauses before the second and each further attempt: seven, in a day and 17 hours. */
    retryPausesSeconds: [60, 300, 900, 3_600, 14_400, 43_200, 86_400],
    /** How long a partner may make us wait with Retry-After. */
    retryAfterSecondsMax: 86_400,
    /** The other region sends what nobody has noted as sent so long after it was due. */
    takeoverMs: 900_000,
    /** A standing that was reached longer ago fires no more, so that making old hours anew tells nobody again. */
    freshDays: 30,
    /** How long the state of a minute's postbacks is kept after its last change. */
    keptDays: 120,
    /** How long a postback waits for what its click said, when the click has not been folded yet. */
    factsWaitMs: 900_000,
    factsPauseMs: 60_000,
    /** A postback is suspended after so many failures in a row that span at least this time. */
    suspendedAfter: { failures: 10, spanMs: 86_400_000 },
    /**
     * Postbacks to a host that does not answer wait for a quarter of the time that they have waited, within these bounds.
     * So each run does not look again at all minutes of a day.
     */
    hostPauseMs: { least: 30_000, most: 900_000 },
    /** How long after a failed copy to the other region it is tried again. */
    copyPauseMs: 300_000,
  },
  notifyAlarms: {
    /** Several runs in a row that failed, or whose metrics did not arrive. */
    silentMinutes: 5,
    /** More than the second region waits before it sends, because its outbox stands for so long in good weather. */
    lagSeconds: 1_500,
    lateMinutes: 5,
  },
} as const;
