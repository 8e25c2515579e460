import { auditLimits } from './audit-limits.ts';
import { operatorLimits } from './operator-limits.ts';

import { statisticsLimits } from './statistics-limits.ts';

/**
 * Every bound of the system, in one place: handlers obey them and the stacks are built from them, so that a batch, a
 * time-out and the queue it lives in cannot drift apart. Numbers that AWS sets cite its page.
 */

export const limits = {
  track: {
    /** Room for a conversion's budget, a catalog refresh and the slowest of both on a cold start; API Gateway waits 30 s. */
    timeoutSeconds: 10,
    memoryMegabytes: 512,
    /**
     * Init waits so long for its calls, which may go on after it: whoever is the first to ask waits behind it, and may be
     * a health check. Enough for four round trips across a continent.
     */
    initWaitMs: 600,
    /** What an environment needs to start and load the code, generously. */
    loadMs: 500,
  },
  link: {
    /** Longer request targets get 414. API Gateway itself takes 10,240 bytes for request line and headers together. */
    urlBytesMax: 8_192,
    /** Body and query of a posted postback together; longer ones get 413. */
    bodyBytesMax: 8_192,
    parametersMax: 100,
    parameterNameCharactersMax: 100,
    /** Sub ids hold 500 characters at TUNE; the deep link and unknown parameters get more room. */
    subIdCharactersMax: 500,
    parameterCharactersMax: 2_048,
    userAgentCharactersMax: 512,
    refererCharactersMax: 1_024,
    /** Longer deep links are refused; an offer's own URL is then expanded without what the visitor brought. */
    destinationCharactersMax: 8_192,
    /** What an advertiser can post as an amount, unless its offer says otherwise; in the offer's currency. */
    postedAmountMax: '1000000',
    /** How many redirect offers a click passes before it goes to the network's default URL. */
    redirectOffersMax: 5,
  },
  domain: {
    /** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html, without the dot at the end. */
    nameCharactersMax: 253,
    /** Of the name that a certificate is asked for: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
    certificateCharactersMax: 64,
  },
  /** https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html */
  lambda: {
    /** A new account may have no more than this. */
    accountMin: 10,
    accountDefault: 1_000,
    /** Of an account's concurrency, what no function may reserve. */
    unreservedMin: 100,
    /** Started for each unit of concurrency. */
    requestsPerSecondEach: 10,
  },
  throttle: {
    /** More is a mistake: ten times what AWS gives an account to begin with. */
    requestsPerSecondMax: 100_000,
  },
  capture: {
    clickBudgetMs: 700,
    conversionBudgetMs: 1_500,
    homeIntakeBudgetMs: 250,
    peerIntakeBudgetMs: 300,
    bucketBudgetMs: 300,
    /** What rungs before it leave to a rung at home / of the peer, which is a round trip across the continent away. */
    homeLeastMs: 50,
    peerLeastMs: 100,
    /** Of two pairs of rungs, the share of the time that the first may take. */
    firstPairShare: 0.6,
    /**
     * How long what one region has taken waits for the other. A conversion waits for the handshakes of a fresh connection
     * too, four round trips: where conversions are rare each one needs them, and a frozen environment would not end them.
     */
    clickSecondRegionWaitMs: 200,
    conversionSecondRegionWaitMs: 700,
    /** For so long after a failure a rung is tried last, but for one probe a second in each environment. */
    dampingMs: 10_000,
    dampedProbeIntervalMs: 1_000,
    /** Init: one signed call to each rung. Lambda gives init 10 s in all. */
    warmBudgetMs: 1_500,
    retryAfterSeconds: 5,
  },
  health: {
    /** An environment that captured nothing for so long captures a probe event itself. */
    idleMs: 5_000,
    /**
     * Route 53 wants the answer within 2 s of connecting, from an environment that has yet to start too:
     * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
     */
    answerMs: 2_000,
    /** A health check waits so long for what is stale to be refreshed, since nobody's click waits behind it. */
    refreshWaitMs: 400,
    /** What asks whether a region is drained waits so long for the switch. */
    switchWaitMs: 500,
    /**
     * Each of Route 53's checkers asks so often and changes its mind after so many answers in a row:
     * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
     */
    checkIntervalSeconds: 10,
    checkThreshold: 3,
  },
  catalog: {
    refreshIntervalMs: 30_000,
    /** Between attempts while they fail. */
    retryIntervalMs: 5_000,
    refreshBudgetMs: 1_000,
    /** During init, home has so much time before the peer is asked beside it. */
    patienceMs: 150,
    bytesMax: 20_000_000,
  },
  switches: {
    /** Older ones are read again, so that one that is set is in force within 10 s. */
    refreshIntervalMs: 5_000,
    /** For each of the two copies. */
    readBudgetMs: 1_000,
    bytesMax: 10_000,
    /** What is owed to a skipped bucket waits in a failure queue, and the page before it expires comes after a week. */
    skipHoursMax: 168,
  },
  event: {
    /** A line longer than this is refused at capture, so that every line fits a message and a segment with room to spare. */
    lineBytesMax: 64_000,
  },
  segment: {
    /** As base64 in a failure-queue message this is 1,040,000 bytes, inside SQS's 1 MiB with its header. */
    gzipBytesMax: 780_000,
    /** A gzip bomb in a queue ends here. */
    plainBytesMax: 64_000_000,
  },
  store: {
    /** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: at most 10,000 and 6 MB a payload. */
    batchSizeMax: 10_000,
    batchWindowSeconds: 2,
    /**
     * Without it a mapping goes up to 1,000 at once, which is all that an account may run as a rule: a backlog would take
     * the functions that answer clicks. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
     */
    concurrencyMax: 20,
    putBudgetMs: 4_000,
    owedBudgetMs: 2_000,
    conflictRetriesMax: 3,
    /** Poison is put apart for so long in one batch, so many messages at once; what is left then comes with the next batch. */
    poisonMs: 4_000,
    poisonAtOnceMax: 16,
    timeoutSeconds: 12,
    /** One whole vCPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
    memoryMegabytes: 1_769,
  },
  replay: {
    intervalSeconds: 60,
    /**
     * A run starts no delivery later than this, so that the next one takes over. The function's time-out leaves room for
     * the last ones to end.
     */
    runMs: 60_000,
    reserveMs: 20_000,
    timeoutSeconds: 90,
    /** Two runs of each of its two tasks, which may be longer than their interval, and one for an operator. */
    concurrencyMax: 5,
    /** One whole vCPU, which is what bounds how fast a backlog drains. */
    memoryMegabytes: 1_769,
    putBudgetMs: 4_000,
    queueBudgetMs: 4_000,
    /** AIMD window, in deliveries under way at once to one bucket. */
    windowStart: 1,
    windowMax: 64,
    /** So many refused rounds in a row end a run; a round is what is under way at once. */
    refusedRoundsMax: 3,
    /** Nothing is begun for so long after a refused round: refusals come fast, and would end a run within one bad moment. */
    refusedPauseMs: 1_000,
    /** Messages received ahead of their delivery, of up to 1 MiB each, for one bucket. */
    prefetchMax: 40,
    /** Calls to one queue; one alone would wait for the network while the CPU waits for it. */
    receivesAtOnceMax: 2,
    /** A queue that fails so often in a row to hand out messages is left alone until the next run. */
    failedReceivesMax: 3,
    /** Delivered messages are removed in tens, but none waits longer: well inside their visibility. */
    removeWaitMs: 5_000,
    /** A message of the intake queue older than this means that the pollers have stalled. */
    intakeOldMs: 20_000,
    intakeBatchMessagesMax: 2_000,
    /** As much as an event source mapping hands over at once. */
    intakeBatchBytesMax: 6_000_000,
    intakeReceivesAtOnceMax: 8,
  },
  probe: {
    intervalSeconds: 60,
  },
  queue: {
    /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
    receiveCountMax: 1_000,
    /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html; of a receive too. */
    callMessagesMax: 10,
    /**
     * A receive that does not wait asks a part of SQS's servers only, and can come back empty from a queue that is not:
     * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
     */
    receiveWaitSeconds: 1,
    /** 1 MiB, SQS's maximum; names, types and values of attributes count too. */
    messageBytesMax: 1_048_576,
    attributeBytesMax: 200,
    /** 14 days, SQS's maximum. */
    retentionSeconds: 1_209_600,
    /** Six times the time-out of `store`, as AWS advises for event source mappings. */
    intakeVisibilitySeconds: 72,
    /** Of notifications: six times the time-out of `stats`. */
    statsVisibilitySeconds: 180,
    failureVisibilitySeconds: 60,
  },
  alarms: {
    /** SQS reports once a minute, and every function's counts can be had as often. */
    periodSeconds: 60,
    /**
     * More than one visibility time-out, which a killed `store` costs; and not much more, since SQS leaves out a message
     * that was received three times:
     * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
     */
    intakeAgeSeconds: 90,
    intakeOldMinutes: 3,
    nothingStoredMinutes: 5,
    /** Several runs in a row that did not end well, or whose counts nobody sees. */
    replaySilentMinutes: 5,
    auditSilentMinutes: 5,
    requestsFailing: { minutes: 3, ofMinutes: 5 },
    /** The share of the throttle, so that there is time to raise it before clicks are refused. */
    throttleNear: { share: 0.8, minutes: 3, ofMinutes: 5 },
    /** A probe is some seconds on its way; one by way of a failure queue, up to two minutes. */
    probeMissingAgeMinutes: 5,
    probeMissingMinutes: 3,
    /** Longer, since a log that lacks what the other holds is owed it as a rule. */
    probeInOneLogAgeMinutes: 10,
    probeInOneLogMinutes: 5,
    /** Hours in a row in each of which repair left something; it looks back eight times as far. */
    repairBehindHours: 6,
    /** Minutes in which a failure queue was not empty; a few are left out because SQS's figures are approximate. */
    owedNotDraining: { minutes: 54, ofMinutes: 60 },
    /** A day is as far as CloudWatch looks back by the minute. */
    owedForADay: { minutes: 1_296, ofMinutes: 1_440 },
    /** A page when an owed segment is so near to being deleted by SQS. */
    expiryLeastSeconds: 604_800,
  },
  rollout: {
    /**
     * How long a new version does a part of the work before it does all of it: longer than the slowest of the alarms that
     * one bad request raises takes to ring, 3 minutes of 5 and what CloudWatch is behind.
     */
    minutes: 10,
    /**
     * `replay` runs once a minute for each of its tasks, as `audit` does for one of its own, and `ledger` every five: a
     * tenth of their runs in so short a time would prove nothing.
     */
    percent: { track: 10, store: 10, replay: 50, audit: 50, stats: 10, ledger: 80 },
  },
  logs: {
    /** What no rung took stands whole in these logs and can be brought back in for so long. */
    retentionDays: 90,
    /** Of each text beside a message; events that no rung took come whole, and are bounded where they are made. */
    textCharactersMax: 2_000,
  },
  ...auditLimits,
  ...statisticsLimits,
  ...operatorLimits,
  eventLog: {
    /**
     * Longer than repair and the ledger look back: S3 does not expire the same object in both buckets at the same moment,
     * and what one has just expired would be brought back from the other, and figures be made of the rest of a day.
     */
    retentionDaysMin: 40,
    /** For so long an overwritten or deleted object can be brought back. */
    noncurrentDays: 30,
  },
} as const;
