/** The part of limits.ts that counting obeys, provisional and final; it is read from there. */
export const statisticsLimits = {
  figures: {
    /** With the marker they are one transaction of 100: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
    chunkRowsMax: 99,
    /** Provisional rows, markers and claims: longer than the ledger looks back, so that nothing is counted a second time. */
    provisionalDays: 40,
  },
  stats: {
    /** Of notifications, each of which names one segment. */
    batchSizeMax: 20,
    batchWindowSeconds: 5,
    /** A burst of late notifications may not take what the account can run at once, nor all of a table's throughput. */
    concurrencyMax: 10,
    timeoutSeconds: 30,
    /** One whole vCPU, which is what bounds how fast events are counted. */
    memoryMegabytes: 1_769,
    /** A run begins no segment later than this. */
    runMs: 20_000,
    getBudgetMs: 3_000,
    getsAtOnceMax: 8,
    tableBudgetMs: 3_000,
    owedBudgetMs: 2_000,
    /** All that one segment may take of the table, claims and repetitions included: what is left then is owed. */
    segmentBudgetMs: 6_000,
    /** Transactions of one segment touch different rows, so that they do not collide with each other. */
    chunksAtOnceMax: 4,
    claimsAtOnceMax: 16,
    /** Pauses between attempts that collided or were throttled: up to so long at first, twice as long each time. */
    attemptsMax: 8,
    pauseMs: 25,
    pauseMaxMs: 800,
    /** Of days whose directory an environment remembers to have written. */
    directoryDaysMax: 8,
  },
  recount: {
    intervalSeconds: 60,
    /** Each segment counted at once is unpacked in memory, and they compete for the same rows: a narrower window than for buckets. */
    windowStart: 1,
    windowMax: 8,
    refusedRoundsMax: 3,
  },
  ledger: {
    close: { intervalSeconds: 300, hours: 3, afterMinutes: 10 },
    review: { intervalSeconds: 3_600, hours: 72 },
    sweep: { intervalSeconds: 86_400, days: 35 },
    timeoutSeconds: 600,
    /** Two runs that close hours, one for each of the other tasks, and one for an operator. */
    concurrencyMax: 5,
    /** Two whole vCPUs' worth, for the memory. */
    memoryMegabytes: 3_538,
    /** A run begins nothing new later than this, and leaves what it began as a partial result. */
    runMs: 480_000,
    getBudgetMs: 5_000,
    listBudgetMs: 5_000,
    putBudgetMs: 5_000,
    tableBudgetMs: 5_000,
    /** Of 1,000 keys each, for one hour of the log. */
    pagesMax: 1_000,
    /**
     * Segments read at once: as many as hold so many bytes. While some are counted the answers of all others wait in their
     * sockets, inside their budgets; those of an hour of little objects do not wait long.
     */
    readsAtOnce: { leastCount: 16, mostCount: 64, bytesMax: 12_500_000 },
    /** What a run can read, by estimate, when all of them are small. */
    runSegmentsMax: 400_000,
    /** Hours of which it is found out side by side whether anything has to be done. */
    hoursAtOnceMax: 8,
    tableCallsAtOnceMax: 16,
    /** Rows in one call of the port, which makes as many of DynamoDB's of them as it takes. */
    rowsAtOnceMax: 400,
    /** More would be an hour of a billion events, or ids that are not random. */
    partsMax: 1_024,
    /**
     * Of segments as they lie there, some 2.5 million events, which take about 0.5 GB while they are folded: a larger hour
     * is read in several passes. When they are packed better than any we know, so many events end a pass all the same.
     */
    passBytesMax: 256_000_000,
    passEventsMax: 6_000_000,
    /** Visitors of a day held at once; a day with more is counted in slices. */
    dayVisitsMax: 8_000_000,
    /** Of what the ledger wrote itself, unpacked. */
    objectBytesMax: 500_000_000,
    /** Of one hour in a run: another run was faster, or a write met another. */
    attemptsMax: 4,
    pauseMs: 50,
    /** Rounds in which hours are made final again that a round before them reopened. */
    roundsMax: 6,
    reopenedHoursMax: 1_000,
    /** In one invocation by an operator. */
    hoursAskedMax: 1_000,
    /** A segment that came late is new to `stats` too: so long it may take to hear of it. */
    announceWaitMs: 15_000,
    overdueMinutes: 30,
    /** Hours that are final in both regions for less long may still get what one log is owed. */
    differMinutes: 120,
    /** Objects in `ledger/work/`, that is parts of an hour that took several runs. */
    workDays: 7,
  },
  statisticsAlarms: {
    /** S3's notifications come within seconds as a rule, and may take minutes without anything being wrong. */
    nothingCountedMinutes: 15,
    /**
     * Longer than the messages wait of one run that was killed, and less than two visibility time-outs: SQS leaves out of
     * the age what was received three times, so that what is tried and fails is never older than that.
     */
    statsAgeSeconds: 240,
    /** Of half an hour, so that a few messages which fail one after the other are enough. */
    statsOld: { minutes: 5, ofMinutes: 30 },
    /** Three runs in a row that did not end well, or whose counts nobody sees. */
    ledgerSilentMinutes: 16,
    throttled: { minutes: 5, ofMinutes: 15 },
  },
  queries: {
    /** Of one query of Athena, at 5 USD a terabyte: https://docs.aws.amazon.com/athena/latest/ug/workgroups-manage-queries-control-costs.html */
    scannedBytesMax: 200_000_000_000,
  },
} as const;
