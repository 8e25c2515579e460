/** The part of limits.ts that only the operator's command obeys; it is read from there. */
export const operatorLimits = {
  operator: {
    /** Of a person's command: what does not answer in this time is named and left out. */
    connectMs: 3_000,
    requestMs: 10_000,
    attemptsMax: 3,
    /** One thing that a command wants of a region, with what the SDK repeats. */
    lookMs: 8_000,
    /** Of event lines in one message, and so of what is sent again when its answer is lost. */
    intakeBodyBytesMax: 200_000,
    /** A catalog may be 20 MB. */
    publishMs: 30_000,
    /** Of our own pages and of the tracking name. */
    pageMs: 4_000,
    nameAsks: 5,
    /** Of 1,000 keys each, for one hour of one log. */
    listPagesMax: 20,
    /** Where the last segment is looked for. */
    lastSegmentHours: 3,
    /** Until the peer says that a region is drained: what its environments hold of a switch is 10 s old at most. */
    drainedWaitMs: 45_000,
    /** Until the tracking name follows: three health checks of 10 s, the peer's view of them, and the TTL of 60 s. */
    nameWaitMs: 240_000,
    pollMs: 1_000,
    /** Of a storage switch that names no end. */
    skipMinutesDefault: 60,
    /** A bucket that was owed something for so long is not served as it should be: replay comes every minute. */
    owedAgeSeconds: 300,
    /** More than these are there neither by the rehearsal, one segment in a thousand, nor by a refusal now and then. */
    owedMessagesMax: 100,
    smokeWaitMs: 240_000,
    /** Segments that a smoke test reads in one log to find its events. */
    smokeReadsMax: 5_000,
    /** Of an answer of ours or of the local cloud's console; more is cut off. */
    answerBytesMax: 1_000_000,
  },
  doctor: {
    /** Of all traffic, when nobody says; one region must carry it alone. */
    clicksPerSecondDefault: 1_000,
    /** A click while sending to the home queue hangs, before its environment has learned to try the peer's first. */
    worstClickMs: 300,
    /**
     * A segment of 1,200 likely events (bench/sample-events.ts) makes some 960 rows, each of them two write units in a
     * transaction and one for the index. Larger segments make fewer a click.
     */
    tableWritesPerClick: 1.6,
    indexWritesPerClick: 0.8,
    /** ACM renews 60 days before the end: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html */
    certificateDaysMin: 45,
    /** Of an account's HTTP APIs, in a region. */
    apiPagesMax: 20,
    /** In one listing: https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html */
    certificatesMax: 1_000,
    /** A switch is in force within 10 s; AWS refuses signatures that are 5 minutes off. */
    clockSkewMsMax: 10_000,
  },
  report: {
    /** Asked for at once. */
    daysMax: 400,
    /** Of one call to a table that gets too much, each pause twice as long as the one before. */
    attemptsMax: 5,
    pauseMs: 100,
    /** Offers or affiliates read side by side. */
    queriesAtOnce: 8,
    /** Of a table; more is a question that a program should ask of the log. */
    rowsMax: 100_000,
    /** Of hours without figures: one tells of all of them until the next one of which the log has something. */
    emptyLookupsMax: 100,
    /** Reports begun anew because hours became final while they were read. */
    readingsMax: 3,
    /** So much of the log is read for the numbers of events that it lacks, newest hours first. */
    accountMs: 8_000,
    /** Of segments as they lie; their lines take several times as much memory. */
    accountBytesMax: 100_000_000,
    /** Read side by side. */
    segmentsAtOnce: 16,
  },
  reconcile: {
    /** Read side by side. */
    segmentsAtOnce: 8,
    /** Of an hour, each as large as one of the ledger's; what is larger is not read by a person's machine. */
    passesMax: 8,
    /** Differences that are printed; JSON has more of them. */
    printedMax: 20,
    differencesMax: 10_000,
  },
  explain: {
    /** After the click, through which conversions are looked for that the index does not tell of. */
    daysDefault: 1,
    daysMax: 400,
    /** Of one transaction; a log of that many a day has other ways to be asked. */
    segmentsMax: 20_000,
    segmentsAtOnce: 8,
    /** A click is stamped a moment after its transaction id was made: perhaps in the next hour. */
    stampedWithinMs: 15_000,
    /** Of one region, when the click is not in the event log. */
    functionLogPagesMax: 100,
    /** Events of one transaction that are explained; the rest is counted. */
    eventsMax: 100,
  },
  query: {
    /** Brought to the local folder side by side. */
    segmentsAtOnce: 16,
    /** Of a result that is printed. */
    rowsMax: 100_000,
  },
  rebuild: {
    /** Runs of the ledger for one hour; what does not fit one goes on in the next. */
    attemptsMax: 6,
    pauseMs: 2_000,
  },
  erasure: {
    /** Segments of a log that an operator's erasure reads or rewrites side by side. */
    segmentsAtOnce: 8,
    /** Of 1,000 versions each, for one day of one log. */
    pagesMax: 1_000,
  },
} as const;
