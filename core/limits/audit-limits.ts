/** The part of limits.ts that `audit` obeys; it is read from there. */
export const auditLimits = {
  audit: {
    /** Checking probes and looking for gaps begin nothing new later than this; repair has a longer run of its own. */
    runMs: 60_000,
    /** The rest of the time-out: room for what is under way to end. */
    reserveMs: 20_000,
    timeoutSeconds: 260,
    /** One run of each of its five tasks: each ends before the next one of its kind begins. More are dropped. */
    concurrencyMax: 5,
    /** One whole vCPU, and the memory that the numbers of an hour's events take. */
    memoryMegabytes: 1_769,
  },
  repair: {
    intervalSeconds: 3_600,
    hoursMax: 48,
    /**
     * The latest hours are compared more often: while both queues of a region are down, an event is captured in one
     * bucket, and until then the other log lacks it. Where an hour has no more than 1,000 segments, all looks together
     * are some 170 listings an hour, 0.63 USD a month.
     */
    recent: { intervalSeconds: 300, hours: 2 },
    /** Farther back than a bucket can be skipped, and than what a failure queue gives up after 14 days. */
    far: { intervalSeconds: 86_400, hours: 360 },
    /** A run begins nothing new later than this; then the next look at the latest hours is about to begin. */
    runMs: 240_000,
    /** So many failed copies end a run, when they are at least this share of all. */
    failuresMax: 32,
    failedShareMax: 0.2,
    listBudgetMs: 5_000,
    copyBudgetMs: 10_000,
    /** While both regions' intake queues are down, each event is an object of its own, and only one log has it. */
    copiesAtOnceMax: 64,
    /** Hours, or shards of large ones, compared side by side. */
    comparedAtOnceMax: 4,
    /** Of 1,000 keys each: an hour of more is compared in shards of about so many, by the first digits of its keys. */
    shardPagesMax: 16,
    shardDigitsMax: 3,
  },
  checkProbes: {
    intervalSeconds: 60,
    /** Older probes are not looked for. All looks of a run end well inside the next minute, whatever hangs. */
    lookBackMinutes: 10,
    getBudgetMs: 2_000,
  },
  sequenceGaps: {
    intervalSeconds: 3_600,
    /** The hour that began so many hours ago is judged: whatever was late by an hour lies in it by then. */
    hoursBack: 2,
    listBudgetMs: 5_000,
    /** Of 1,000 keys each, for the hour in one log. */
    pagesMax: 1_000,
    getBudgetMs: 5_000,
    readsAtOnceMax: 8,
    /** What fits the memory of `audit`, and nearly what it can read in a run. An hour with more is not judged. */
    eventsMax: 12_000_000,
    /** Environments named in a report. */
    namedMax: 20,
  },
} as const;
