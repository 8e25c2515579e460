/** The part of limits.ts that `audit` obeys; it is read from there. */
export const auditLimits = {
  audit: {
    /** A run that checks probes or looks for gaps begins nothing new after this time. Runs of repair are longer. */
    runMs: 60_000,
    /** A run keeps this much of the time-out free, so that calls under way can end. */
    reserveMs: 20_000,
    timeoutSeconds: 260,
    /** One run of each of the five tasks. Each run ends before the next run of its task begins. Lambda drops further runs. */
    concurrencyMax: 5,
    /** One whole vCPU, and memory for the sequence numbers of an hour's events. */
    memoryMegabytes: 1_769,
  },
  repair: {
    intervalSeconds: 3_600,
    hoursMax: 48,
    /**
     * The latest hours are compared more often. While both intake queues are down, `track` writes an event to one
     * bucket, and the other log lacks it until repair copies it. Where an hour has at most 1,000 segments, all runs of
     * repair together make some 170 listings an hour: 0.63 USD a month.
     */
    recent: { intervalSeconds: 300, hours: 2 },
    /** Longer than an operator can skip a bucket, and longer than a failure queue keeps a message (14 days). */
    far: { intervalSeconds: 86_400, hours: 360 },
    /** A run begins nothing new after this time, because the next run of `repair-recent` is about to begin. */
    runMs: 240_000,
    /** A run ends after this many failed copies, when they are at least this share of all its copies. */
    failuresMax: 32,
    failedShareMax: 0.2,
    listBudgetMs: 5_000,
    copyBudgetMs: 10_000,
    /** While both intake queues are down, each event is an object of its own in one log, so there is much to copy. */
    copiesAtOnceMax: 64,
    /** Hours, or shards of large ones, compared side by side. */
    comparedAtOnceMax: 4,
    /** Pages of 1,000 keys. A larger hour is compared in shards of about this size, by the first digits of its keys. */
    shardPagesMax: 16,
    shardDigitsMax: 3,
  },
  checkProbes: {
    intervalSeconds: 60,
    /** A run looks for no older probes, so that it ends within a minute even when every call hangs. */
    lookBackMinutes: 10,
    getBudgetMs: 2_000,
  },
  sequenceGaps: {
    intervalSeconds: 3_600,
    /** A run judges the hour that began so many hours ago. Events that were late by an hour are in the log by then. */
    hoursBack: 2,
    listBudgetMs: 5_000,
    /** Pages of 1,000 keys, for the hour in one log. */
    pagesMax: 1_000,
    getBudgetMs: 5_000,
    readsAtOnceMax: 8,
    /** As many as fit the memory of `audit`, and nearly as many as a run can read. A larger hour is not judged. */
    eventsMax: 12_000_000,
    /** Environments named in a report. */
    namedMax: 20,
  },
} as const;
