/** The limits of provisional and final counting. Code reads them as part of `limits` (limits.ts). */
export const statisticsLimits = {
  figures: {
    /**
     * With the marker this makes a transaction of 100 writes, DynamoDB's maximum:
     * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
     */
    chunkRowsMax: 99,
    /**
     * How long provisional rows, markers and claims are kept: longer than the ledger looks back, so that nothing is
     * counted a second time.
     */
    provisionalDays: 40,
  },
  stats: {
    /** Notifications in one batch. Each names one segment. */
    batchSizeMax: 20,
    batchWindowSeconds: 5,
    /** A burst of late notifications must not use up the account's concurrency or the table's throughput. */
    concurrencyMax: 10,
    timeoutSeconds: 30,
    /** One whole vCPU, because the CPU limits how fast events are counted. */
    memoryMegabytes: 1_769,
    /** A run begins no segment later than this. */
    runMs: 20_000,
    getBudgetMs: 3_000,
    getsAtOnceMax: 8,
    tableBudgetMs: 3_000,
    owedBudgetMs: 2_000,
    /**
     * For all table calls of one segment, claims and retries included. After that the segment goes to the failure
     * queue.
     */
    segmentBudgetMs: 6_000,
    /** Transactions of one segment at once. They touch different rows, so they do not conflict with each other. */
    chunksAtOnceMax: 4,
    claimsAtOnceMax: 16,
    /**
     * Attempts of a call that conflicts or is throttled. The pause is random, at most `pauseMs` at first, and doubles.
     */
    attemptsMax: 8,
    pauseMs: 25,
    pauseMaxMs: 800,
    /** How many days an environment remembers whose directory it has written. */
    directoryDaysMax: 8,
  },
  recount: {
    intervalSeconds: 60,
    /**
     * A narrower window than for buckets: each segment under way is unpacked in memory, and all of them write to the
     * same rows.
     */
    windowStart: 1,
    windowMax: 8,
    refusedRoundsMax: 3,
  },
  ledger: {
    close: { intervalSeconds: 300, hours: 3, afterMinutes: 10 },
    review: { intervalSeconds: 3_600, hours: 72 },
    sweep: { intervalSeconds: 86_400, days: 35 },
    timeoutSeconds: 600,
    /** Two runs that close hours, one for each other task, and one for an operator. */
    concurrencyMax: 5,
    /** Two whole vCPUs' worth, for the memory. */
    memoryMegabytes: 3_538,
    /** A run begins nothing new later than this. It saves unfinished work as a partial result. */
    runMs: 480_000,
    getBudgetMs: 5_000,
    listBudgetMs: 5_000,
    putBudgetMs: 5_000,
    tableBudgetMs: 5_000,
    /** Pages of 1,000 keys for one hour of the log. */
    pagesMax: 1_000,
    /**
     * Segments read at once: as many as have `bytesMax` together, within the two counts. While one segment is counted,
     * the others wait in their sockets and use up their time budgets. Small segments do not wait long.
     */
    readsAtOnce: { leastCount: 16, mostCount: 64, bytesMax: 12_500_000 },
    /** An estimate of how many small segments a run can read. */
    runSegmentsMax: 400_000,
    /** Hours examined at once for whether they have to be made final. */
    hoursAtOnceMax: 8,
    tableCallsAtOnceMax: 16,
    /** Rows in one call of the table port, which splits them into DynamoDB calls. */
    rowsAtOnceMax: 400,
    /** More parts would mean an hour of a billion events, or ids that are not random. */
    partsMax: 1_024,
    /**
     * Compressed bytes of one pass: about 2.5 million events, which take about 0.5 GB of memory. A larger hour is read
     * in several passes. `passEventsMax` also ends a pass, in case segments are compressed unusually well.
     */
    passBytesMax: 256_000_000,
    passEventsMax: 6_000_000,
    /** Visitors of a day in memory at once. A day with more is counted in slices. */
    dayVisitsMax: 8_000_000,
    /** Unpacked size of an object that the ledger wrote itself. */
    objectBytesMax: 500_000_000,
    /** Attempts at one hour in a run, after another run was faster or writes conflicted. */
    attemptsMax: 4,
    pauseMs: 50,
    /** Making an hour final can reopen others. So many rounds of that are done in one run. */
    roundsMax: 6,
    reopenedHoursMax: 1_000,
    /** Hours in one invocation by an operator. */
    hoursAskedMax: 1_000,
    /** How long the ledger waits for S3 to announce a late segment to `stats`. */
    announceWaitMs: 15_000,
    overdueMinutes: 30,
    /** Figures of the two regions may differ for so long, because one log may still be owed segments. */
    differMinutes: 120,
    /** How long objects in `ledger/work/` are kept: partial results of hours that take several runs. */
    workDays: 7,
  },
  statisticsAlarms: {
    /** S3's notifications usually come within seconds, but may take minutes without a fault. */
    nothingCountedMinutes: 15,
    /**
     * Longer than one visibility time-out, which a killed run costs. Shorter than two, because SQS leaves a message out
     * of the age after three receives: the age of a failing message never reaches more.
     */
    statsAgeSeconds: 240,
    /** In half an hour, so that a few messages that fail one after the other raise the alarm. */
    statsOld: { minutes: 5, ofMinutes: 30 },
    /** Three runs in a row that failed, or whose metrics did not arrive. */
    ledgerSilentMinutes: 16,
    throttled: { minutes: 5, ofMinutes: 15 },
  },
  queries: {
    /**
     * For one Athena query, at 5 USD a terabyte:
     * https://docs.aws.amazon.com/athena/latest/ug/workgroups-manage-queries-control-costs.html
     */
    scannedBytesMax: 200_000_000_000,
  },
} as const;
