/** The limits of the operator's command. Code reads them as part of `limits` (limits.ts). */
export const operatorLimits = {
  operator: {
    /** A resource that does not answer in this time is left out of the output and named. */
    connectMs: 3_000,
    requestMs: 10_000,
    attemptsMax: 3,
    /** For one question to a region, retries of the SDK included. */
    lookMs: 8_000,
    /** Bytes of event lines in one message. All of them are sent again when the answer is lost. */
    intakeBodyBytesMax: 200_000,
    /** How often a list of operators' keys is written again because somebody else changed it. */
    keyListAttemptsMax: 5,
    /** A catalog may be 20 MB. */
    publishMs: 30_000,
    /** Changes that are shown before a catalog is published. */
    changesShownMax: 100,
    /** For a request to Keeptrack's own pages and to the tracking name. */
    pageMs: 4_000,
    nameAsks: 5,
    /** Pages of 1,000 keys for one hour of one log. */
    listPagesMax: 20,
    /** How far back the last segment is looked for. */
    lastSegmentHours: 3,
    /** How long to wait until the peer says that a region is drained. Its environments know a switch within 10 s. */
    drainedWaitMs: 45_000,
    /**
     * How long to wait until DNS follows a shift: three health checks of 10 s, the 10 s of the switch, a TTL of 60 s.
     */
    nameWaitMs: 240_000,
    pollMs: 1_000,
    /** The length of a skip when the operator names no end. */
    skipMinutesDefault: 60,
    /** Owed segments older than this mean a problem, because replay runs every minute. */
    owedAgeSeconds: 300,
    /** More owed segments mean a problem: the planned one in a thousand and single refusals give fewer. */
    owedMessagesMax: 100,
    smokeWaitMs: 240_000,
    /** How many segments a smoke test reads in one log to find its events. */
    smokeReadsMax: 5_000,
    /** Longer answers of Keeptrack or of the local cloud's console are cut. */
    answerBytesMax: 1_000_000,
  },
  doctor: {
    /** The assumed traffic of both regions together, unless the operator gives one. One region must carry it alone. */
    clicksPerSecondDefault: 1_000,
    /** How long a click takes while the home queue hangs and its environment does not damp it yet. */
    worstClickMs: 300,
    /** ACM renews 60 days before the end: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html */
    certificateDaysMin: 45,
    /** Longer apart, two releases are no deploy under way but a region that somebody forgot. */
    releasesApartHoursMax: 24,
    /** Both doors cost, and a change of the door takes three deploys within days. */
    secondDoorDaysMax: 14,
    /** How far back postbacks over port 80 are looked for. */
    overHttpDays: 7,
    /** Pages of 100 resources of a stack. */
    stackPagesMax: 20,
    /** Pages of the list of an account's HTTP APIs in a region. */
    apiPagesMax: 20,
    /** Certificates in one listing: https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html */
    certificatesMax: 1_000,
    /** A switch must be in force within 10 s. (AWS refuses signatures only when the clock is 5 minutes off.) */
    clockSkewMsMax: 10_000,
  },
  report: {
    /** Days in one report. */
    daysMax: 400,
    /** Attempts of one call while S3 or a table throttles. Each pause is twice as long as the one before. */
    attemptsMax: 5,
    pauseMs: 100,
    /** States read at once, and hours whose rows are read at once: up to four objects each. */
    readsAtOnce: 32,
    hoursAtOnce: 8,
    /** How often the state of an hour is read again because the rows that it names are gone. */
    readingsMax: 3,
    /** A region whose provisional figures were counted so much earlier than the other's is behind. */
    behindMs: 120_000,
    /** Rows of a printed table. For more, a program should read the log. */
    rowsMax: 100_000,
    /** Offers with an affiliate, over all rows: the CTR needs their clicks and impressions apart. */
    linksMax: 2_000_000,
    /** Look-ups for hours without figures. One look-up covers all empty hours up to the next hour in the log. */
    emptyLookupsMax: 100,
    /** Provisional hours whose segments are listed, the newest first. The older ones are overdue, and named as such. */
    hoursListedMax: 4,
  },
  /** Reports whose groups come from the event log. */
  logReport: {
    /** Rows that a database answers: kinds of clicks, and conversions. */
    rowsMax: 1_000_000,
    pollMs: 2_000,
    /** How often Athena is asked whether it is done: an hour. */
    attemptsMax: 1_800,
    /** Days before the range in which the clicks of its conversions are looked for. */
    clickDaysDefault: 1,
    daysMax: 120,
  },
  periods: {
    /** A statement, unpacked: 200 bytes a day, offer, affiliate and goal. */
    statementBytesMax: 500_000_000,
    /** For writing a statement, or the list of closed periods. */
    writeMs: 60_000,
  },
  reconcile: {
    /** Segments read at once. */
    segmentsAtOnce: 8,
    /** Events of one hour, at 48 bytes of memory each. An operator's machine reads no larger hour. */
    eventsMax: 20_000_000,
    /** Pages of 1,000 segments of one hour. */
    pagesMax: 1_000,
    /** Differences in the printed output. The JSON output has up to `differencesMax`. */
    printedMax: 20,
    differencesMax: 10_000,
  },
  explain: {
    /** Days after the click in which conversions are looked for that the index does not know. */
    daysDefault: 1,
    daysMax: 400,
    /** Segments read for one transaction. A larger log is better searched with Athena. */
    segmentsMax: 20_000,
    segmentsAtOnce: 8,
    /** A click gets its time a moment after its transaction id, perhaps in the next hour. */
    stampedWithinMs: 15_000,
    /** Pages of one region's function log, read when the click is not in the event log. */
    functionLogPagesMax: 100,
    /** Events of one transaction that are explained. Further ones are only counted. */
    eventsMax: 100,
  },
  decisions: {
    /** Rows and bytes of one CSV file of decisions or adjustments. */
    rowsMax: 20_000,
    fileBytesMax: 10_000_000,
    noteCharactersMax: 500,
    /** How long after its click a conversion is searched that no key finds, and how many hours a command searches. */
    searchHoursAfterClick: 72,
    searchHoursMax: 168,
    /** Hours that are read at once, minutes of each, and objects of each minute. */
    hoursAtOnce: 4,
    objectsAtOnce: 4,
    /** Problems of a file that are printed one by one. */
    problemsMax: 200,
    /** Lines of a dry run that are printed one by one. */
    changesPrintedMax: 50,
    /** How long the old key stays valid when an operator's key is rotated. */
    keyOverlapDays: 7,
  },
  query: {
    /** Segments copied to the local folder at once. */
    segmentsAtOnce: 16,
    /** Rows of a printed result. */
    rowsMax: 100_000,
  },
  rebuild: {
    /** Runs of the ledger for one hour. A large hour takes several runs. */
    attemptsMax: 6,
    pauseMs: 2_000,
  },
  /** Filling a new region that takes the place of a lost one. */
  replacing: {
    /**
     * Objects that S3 copies at once. S3 takes 3,500 writes a second under one prefix, and a copy takes some 50 ms:
     * https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
     */
    copiesAtOnce: 128,
    /** For one copy, or one write to the index, retries of the SDK included. */
    callBudgetMs: 30_000,
    /** Hours whose figures are copied at once. */
    hoursAtOnce: 8,
    /** Pages of 1,000 keys under one prefix of an hour. */
    pagesMax: 10_000,
    /** Parts of the index that are read side by side, and the items that are written at once for each part. */
    indexParts: 4,
    indexWritesAtOnce: 32,
    /** While somebody else changes the same item or object, and while a service asks for fewer calls. */
    attemptsMax: 8,
    pauseMs: 200,
    /** The ledger of a region has five runs at once, and two of them close the latest hours. */
    ledgerRunsAtOnce: 2,
    /**
     * Figures of the latest hours of a region that may carry traffic are not older. An hour that the command has made
     * anew while it ran is folded by `ledger`, every five minutes, until it is over.
     */
    figuresAgeSecondsMax: 600,
    /** Hours that are named in the output when their figures differ. */
    hoursNamedMax: 20,
    tellEveryMs: 10_000,
  },
  erasure: {
    /** Segments of a log that an erasure reads or rewrites at once. */
    segmentsAtOnce: 8,
    /** Pages of 1,000 versions for one day of one log. */
    pagesMax: 1_000,
  },
} as const;
