/** The limits of provisional and final counting. Code reads them as part of `limits` (limits.ts). */
export const statisticsLimits = {
  figures: {
    /**
     * A conversion whose click is older waits for an operator (`click-too-old`). The index keeps each key ten days
     * longer. So a repeated report is recognised as long as it can count.
     */
    clickAgeDaysMax: 90,
    indexDays: 100,
    /** How much longer the index keeps a key, for events that arrive late. */
    indexSlackDays: 15,
  },
  /** How segments become figures (lambda/fold). */
  fold: {
    /**
     * A group of segments is folded in one piece: its blocks stay in memory until all its segments are read. Compressed
     * bytes, and objects.
     */
    groupBytesMax: 48_000_000,
    groupSegmentsMax: 10_000,
    /** Segments read at once: as many as have `bytesMax` together, within the two counts. */
    readsAtOnce: { leastCount: 16, mostCount: 64, bytesMax: 12_500_000 },
    /** Fold objects read or written at once. Minutes are merged one after the other, because a minute may need much memory. */
    blocksAtOnceMax: 8,
    /** Calls to the conversion index at once. */
    indexCallsAtOnceMax: 16,
    getBudgetMs: 5_000,
    putBudgetMs: 10_000,
    listBudgetMs: 5_000,
    indexBudgetMs: 5_000,
    /** Pages of 1,000 keys, for the segments or the fold objects of one hour. */
    pagesMax: 10_000,
    /** Events of one minute, repetitions included. With more, the hour is left and stays provisional. */
    minuteEventsMax: 20_000_000,
    /** Unpacked size of an object that folding wrote itself. */
    objectBytesMax: 500_000_000,
    /** Attempts at a claim in the index while other runs are faster, and at a call while a service refuses it. */
    attemptsMax: 8,
    /** Before the second attempt at a call, at most. Each pause may be twice as long as the one before. */
    pauseMs: 50,
    pauseMaxMs: 800,
    /** How long fold objects are kept. A late segment of an older hour makes a new generation of the whole hour. */
    keptDays: 40,
    /** How long pointers to hours that received something are kept. The ledger follows them up for so long. */
    toldKeptDays: 14,
  },
  /** The texts that partners get back in postbacks (core/figures/facts-block.ts). */
  facts: {
    /** Longer than `clickAgeDaysMax`. A conversion of an older click waits for an operator, and its postback has no sub ids. */
    keptDays: 100,
    /** Entries that are packed together. Fewer pack badly, and with more a look-up unpacks more. */
    partEntries: 512,
    /** A block that is not larger is read by one call. */
    readWholeBytesMax: 65_536,
    /** A transaction id has whole seconds and is a moment older than its click's event id. */
    clickLateMs: 2_000,
    /** Minutes whose blocks are read at once, and blocks whose heads a run remembers, at 1 kB each. */
    minutesAtOnceMax: 48,
    headsMax: 20_000,
    /** How long a run trusts its listing of an hour's blocks. */
    listingTrustedMs: 10_000,
  },
  stats: {
    intervalSeconds: 60,
    /** Besides the running hour. Older hours belong to `ledger`. */
    hoursBack: 2,
    /** A run begins nothing new after this time. The next runs begin meanwhile, and take what is new first. */
    runMs: 240_000,
    timeoutSeconds: 300,
    /** A run can last as long as five intervals. The sixth is for an operator. */
    concurrencyMax: 6,
    /** One whole vCPU, and memory for a minute at 50,000 events a second. */
    memoryMegabytes: 1_769,
  },
  ledger: {
    /** `toldHours`, `toldDays`: for how long back each task follows up which hours have received something. */
    close: { intervalSeconds: 300, hours: 3, afterMinutes: 10, toldHours: 2 },
    review: { intervalSeconds: 3_600, hours: 72, toldDays: 3 },
    sweep: { intervalSeconds: 86_400, days: 35, toldDays: 14 },
    timeoutSeconds: 600,
    /** Two runs that close hours, one for each other task, and one for an operator. */
    concurrencyMax: 5,
    /** The memory of two whole vCPUs. A large minute or part of the visitors needs it. */
    memoryMegabytes: 3_538,
    /** A run begins nothing new later than this. */
    runMs: 480_000,
    /** An hour that needs longer waits until the other hours of a run are settled. Then it goes on where it was. */
    hourMsMax: 90_000,
    /** Hours examined at once for whether they have to be made final. */
    hoursAtOnceMax: 8,
    /** Attempts at one hour in a run, after another run was faster. */
    attemptsMax: 4,
    /** An hour that is made final can take conversions from other hours. A run settles those too, in so many rounds. */
    roundsMax: 6,
    /** Hours in one invocation by an operator. */
    hoursAskedMax: 1_000,
    /** An hour that is not final so long after its end counts as overdue. */
    overdueMinutes: 30,
    /** Figures of the two regions may differ for so long, because one log may still be owed segments. */
    differMinutes: 120,
    /** A day counts as overdue when its visitors are not counted so long after its end. So many days are looked at. */
    days: { overdueHours: 6, daysBack: 3 },
    /** Visitors counted at once, of an hour or a day. More are counted in parts, by their hashes. */
    visitorsMax: 8_000_000,
    /** How long after its end an hour may wait for both logs to have the same segments. Only then is a gap a loss. */
    unjudgedMinutes: 180,
    /** Environments named in an account. */
    gapsNamedMax: 20,
  },
  statisticsAlarms: {
    figuresAgeSeconds: 900,
    /** Longer than one run of `stats`, because a run reports the age at its end. */
    figuresOldMinutes: 6,
    /** Caps close by counts that are at most some three minutes old in good weather. */
    capsAgeSeconds: 600,
    capsOldMinutes: 3,
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
