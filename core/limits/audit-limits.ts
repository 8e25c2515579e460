/** The limits of `audit`. Code reads them as part of `limits` (limits.ts). */
export const auditLimits = {
  audit: {
    /** A run keeps this much of the time-out free, so that calls under way can end. */
    reserveMs: 20_000,
    /** Lambda's maximum: https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html */
    timeoutSeconds: 900,
    /** One run of each of the four tasks. Each run ends before the next run of its task begins. Lambda drops further runs. */
    concurrencyMax: 4,
    /** One whole vCPU. */
    memoryMegabytes: 1_769,
  },
  repair: {
    intervalSeconds: 3_600,
    hoursMax: 48,
    /** A run begins nothing new after this time. An hour of millions of segments takes many runs. */
    runMs: 840_000,
    /**
     * The latest hours are compared more often. While both intake queues are down, `track` writes an event to one
     * bucket, and the other log lacks it until repair copies it. Where an hour has at most 1,000 segments, all runs of
     * repair together make some 170 listings an hour: 0.63 USD a month.
     */
    recent: { intervalSeconds: 300, hoursMax: 2, runMs: 240_000 },
    /** Longer than an operator can skip a bucket, and longer than a failure queue keeps a message (14 days). */
    far: { intervalSeconds: 86_400, hoursMax: 360, runMs: 840_000 },
    /** A run ends after this many failed copies, when they are at least this share of all its copies. */
    failuresMax: 32,
    failedShareMax: 0.2,
    listBudgetMs: 5_000,
    copyBudgetMs: 10_000,
    /** While both intake queues are down, each event is an object of its own in one log, so there is much to copy. */
    copiesAtOnceMax: 128,
    /** Hours, or shards of large ones, compared side by side. With fewer, a run would wait for listings and not for the CPU. */
    comparedAtOnceMax: 8,
    /** Pages of 1,000 keys. A larger hour is compared in shards of about this size, by the first digits of its keys. */
    shardPagesMax: 16,
    shardDigitsMax: 3,
  },
  checkProbes: {
    intervalSeconds: 60,
    /** A run begins nothing new after this time. */
    runMs: 60_000,
    /** A run looks for no older probes, so that it ends within a minute even when every call hangs. */
    lookBackMinutes: 10,
    getBudgetMs: 2_000,
  },
} as const;
