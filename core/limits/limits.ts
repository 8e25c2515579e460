import { alertLimits } from './alert-limits.ts';
import { auditLimits } from './audit-limits.ts';
import { capsLimits } from './caps-limits.ts';
import { frontDoorLimits } from './front-door-limits.ts';
import { operatorLimits } from './operator-limits.ts';
import { postbacksLimits } from './postbacks-limits.ts';
import { sendingLimits } from './sending-limits.ts';
import { statisticsLimits } from './statistics-limits.ts';

/**
 * Every limit of the system, in one place. Handlers obey them and the stacks are built from them, so the time-out of a
 * function and the visibility time-out of its queue cannot drift apart. Limits that AWS sets cite its page.
 */

export const limits = {
  track: {
    /** Longer than a conversion's budget and a catalog refresh on a cold start together. API Gateway waits 30 s. */
    timeoutSeconds: 10,
    memoryMegabytes: 512,
    /**
     * How long init waits for its calls. Calls that take longer go on after init. The first request, perhaps a health
     * check, waits for init. The time is enough for four round trips across a continent.
     */
    initWaitMs: 600,
    /** Generous time for an environment to start and to load the code. */
    loadMs: 500,
    /** An environment writes its metrics at most once in this time. Its end loses what it counted since. */
    metricsIntervalMs: 1_000,
  },
  link: {
    /** Longer request targets get 414. API Gateway itself takes 10,240 bytes for request line and headers together. */
    urlBytesMax: 8_192,
    /** Body and query of a posted postback together; longer ones get 413. */
    bodyBytesMax: 8_192,
    parametersMax: 100,
    parameterNameCharactersMax: 100,
    /** Sub ids have up to 500 characters at TUNE. The deep link and unknown parameters may be longer. */
    subIdCharactersMax: 500,
    parameterCharactersMax: 2_048,
    userAgentCharactersMax: 512,
    refererCharactersMax: 1_024,
    /** Longer deep links are refused. A longer offer URL is expanded again without the visitor's parameters. */
    destinationCharactersMax: 8_192,
    /** The largest amount that an advertiser can post unless the offer sets its own; in the offer's currency. */
    postedAmountMax: '1000000',
    /** How old the `timestamp` of a signed postback may be, and how far ahead of the clock here. */
    signatureSecondsMax: 3_600,
    signatureAheadSecondsMax: 300,
    /** How many redirect offers are tried before a click goes to the network's default URL. */
    redirectOffersMax: 5,
  },
  /** https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html */
  lambda: {
    /** AWS may give a new account no more than this. */
    accountMin: 10,
    accountDefault: 1_000,
    /** The part of an account's concurrency that no function may reserve. */
    unreservedMin: 100,
    /** How many requests a second Lambda starts for each unit of concurrency. */
    requestsPerSecondEach: 10,
  },
  capture: {
    clickBudgetMs: 700,
    conversionBudgetMs: 1_500,
    homeIntakeBudgetMs: 250,
    peerIntakeBudgetMs: 300,
    bucketBudgetMs: 300,
    /** The minimum that earlier rungs leave to a rung at home, and to one of the peer across the continent. */
    homeLeastMs: 50,
    peerLeastMs: 100,
    /** The share of the budget that the first of two pairs of rungs may take. */
    firstPairShare: 0.6,
    /**
     * How long an event that one region has taken waits for the other region. Where conversions are rare, each one
     * needs a new connection, which takes four round trips. So a conversion waits long enough for that; the environment
     * freezes after the answer and could not finish the handshake.
     */
    clickSecondRegionWaitMs: 200,
    conversionSecondRegionWaitMs: 700,
    /** How long after a failure a rung is damped: tried last, except once a second in each environment. */
    dampingMs: 10_000,
    dampedProbeIntervalMs: 1_000,
    /** For one signed call to each rung during init. Lambda gives init 10 s in all. */
    warmBudgetMs: 1_500,
    retryAfterSeconds: 5,
  },
  health: {
    /** When an environment captured no event for this time, its next health check captures a probe. */
    idleMs: 5_000,
    /**
     * Route 53 waits 2 s for the answer after it has connected, also when an environment still has to start:
     * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
     */
    answerMs: 2_000,
    /** How long a health check waits for a refresh of stale data. No click waits behind a health check. */
    refreshWaitMs: 400,
    /** How long the answer of `/drained/<region>` waits for the switch. */
    switchWaitMs: 500,
    /**
     * How often each of Route 53's checkers asks, and how many equal answers in a row change its verdict:
     * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
     */
    checkIntervalSeconds: 10,
    checkThreshold: 3,
  },
  catalog: {
    refreshIntervalMs: 30_000,
    /** Between two attempts after a failure. */
    retryIntervalMs: 5_000,
    refreshBudgetMs: 1_000,
    /** How long init waits for the home bucket before it asks the peer's bucket as well. */
    patienceMs: 150,
    bytesMax: 20_000_000,
  },
  switches: {
    /** How long a switch is used before it is read again. */
    refreshIntervalMs: 5_000,
    /** A change is in force within this time. `store` waits for a read only when its last one is older. */
    inForceMs: 10_000,
    /** For each of the two copies of a switch. */
    readBudgetMs: 1_000,
    bytesMax: 10_000,
    /** Segments for a skipped bucket wait in a failure queue. After a week there, the alarm on their expiry rings. */
    skipHoursMax: 168,
  },
  event: {
    /** Longer lines are refused at capture. So every line easily fits a message and a segment. */
    lineBytesMax: 64_000,
  },
  segment: {
    /** As base64 this is 1,040,000 bytes. With its header it fits a message of 1 MiB, SQS's maximum. */
    gzipBytesMax: 780_000,
    /** Protects against a gzip bomb. */
    plainBytesMax: 64_000_000,
  },
  store: {
    /**
     * At most 10,000 messages and 6 MB a payload, which hold 3,900 to 4,085 events:
     * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
     */
    batchSizeMax: 10_000,
    /** How long a batch waits for further messages (setting `storeWindowSeconds`): docs/decisions/0015. */
    windowSeconds: { least: 1, most: 60, usual: 20 },
    /**
     * Without a maximum, an event source mapping grows to 1,000 concurrent runs, which is usually all that an account
     * may run. A backlog would then stop the functions that answer clicks. AWS may gather as many batches besides, and
     * their messages are in flight too. A queue has at most about 120,000 messages in flight.
     * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
     */
    concurrencyMax: 20,
    putBudgetMs: 4_000,
    owedBudgetMs: 2_000,
    /**
     * How long a bucket or a failure queue that failed is damped in an environment, and how long the trial after that
     * may take. The trial opens a connection across the continent and sends a whole segment, which takes some ten round
     * trips. A bucket and a queue that hang hold up a busy environment for 3 s in about 23 s.
     */
    dampingMs: 20_000,
    trialBudgetMs: 1_500,
    conflictRetriesMax: 3,
    /** How long one batch may take to move poison to the dead-letter queue, and how many messages at once. */
    poisonMs: 4_000,
    poisonAtOnceMax: 16,
    timeoutSeconds: 12,
    /** One whole vCPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
    memoryMegabytes: 1_769,
  },
  replay: {
    intervalSeconds: 60,
    /** A run starts no delivery later. The time-out leaves room for the last ones. */
    runMs: 60_000,
    reserveMs: 20_000,
    timeoutSeconds: 90,
    /** Two runs, because a run can outlast its interval, and one for an operator. */
    concurrencyMax: 3,
    /** One whole vCPU, because the CPU limits how fast a backlog drains. */
    memoryMegabytes: 1_769,
    putBudgetMs: 4_000,
    queueBudgetMs: 4_000,
    /** The AIMD window (pacing.ts): deliveries under way at once to one bucket. */
    windowStart: 1,
    windowMax: 64,
    /** A run ends after so many refused rounds in a row (pacing.ts). */
    refusedRoundsMax: 3,
    /** The pause after a refused round. Refusals come fast: without a pause one bad moment would end the run. */
    refusedPauseMs: 1_000,
    /** How many messages of up to 1 MiB, for one bucket, are received before their delivery begins. */
    prefetchMax: 40,
    /** Concurrent calls to one queue. With only one, the CPU would wait for the network. */
    receivesAtOnceMax: 2,
    /** After so many failed receives in a row, a queue is left alone until the next run. */
    failedReceivesMax: 3,
    /** Delivered messages are deleted ten at a time, or after this wait. Their visibility lasts far longer. */
    removeWaitMs: 5_000,
    /** An older message in the intake queue means that the event source mapping has stalled. */
    intakeOldMs: 20_000,
    intakeBatchMessagesMax: 2_000,
    /** The maximum that an event source mapping hands over at once. */
    intakeBatchBytesMax: 6_000_000,
    intakeReceivesAtOnceMax: 8,
  },
  probe: {
    intervalSeconds: 60,
  },
  queue: {
    /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
    receiveCountMax: 1_000,
    /** For receives and batches: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html */
    callMessagesMax: 10,
    /**
     * A receive without a wait asks only some of SQS's servers. It can come back empty although the queue has messages:
     * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
     */
    receiveWaitSeconds: 1,
    /** 1 MiB, SQS's maximum. Names, types and values of attributes count too. */
    messageBytesMax: 1_048_576,
    attributeBytesMax: 200,
    /** 14 days, SQS's maximum. */
    retentionSeconds: 1_209_600,
    /**
     * Without the window of `store`, which comes on top. Six times the time-out of `store`, as AWS advises:
     * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
     */
    intakeVisibilitySeconds: 72,
    failureVisibilitySeconds: 60,
  },
  alarms: {
    /** SQS and the functions report their metrics once a minute. */
    periodSeconds: 60,
    /**
     * Without the window of `store`, which comes on top. More than one visibility time-out, because a killed `store`
     * delays its messages by one. Not much more, because SQS leaves a message out of the age after three receives:
     * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
     */
    intakeAgeSeconds: 90,
    intakeOldMinutes: 3,
    nothingStoredMinutes: 5,
    /** Several runs in a row that failed, or whose metrics did not arrive. */
    replaySilentMinutes: 5,
    auditSilentMinutes: 5,
    requestsFailing: { minutes: 3, ofMinutes: 5 },
    /** At this `share` of the throttle the alarm leaves time to raise the throttle before clicks are refused. */
    throttleNear: { share: 0.8, minutes: 3, ofMinutes: 5 },
    /** A probe takes some seconds to the log. One that passes a failure queue takes up to two minutes. */
    probeMissingAgeMinutes: 5,
    probeMissingMinutes: 3,
    /** Longer, because the missing copy is usually still owed by a failure queue. */
    probeInOneLogAgeMinutes: 10,
    probeInOneLogMinutes: 5,
    /** Hours in a row in which repair left segments uncopied. Repair looks back eight times as far. */
    repairBehindHours: 6,
    /** Minutes in which a failure queue was not empty. A few may be missing, because SQS's metrics are approximate. */
    owedNotDraining: { minutes: 54, ofMinutes: 60 },
    /** An alarm with periods of one minute can look back at most one day. */
    owedForADay: { minutes: 1_296, ofMinutes: 1_440 },
    /** The alarm rings when SQS will delete an owed segment within this time. */
    expiryLeastSeconds: 604_800,
  },
  rollout: {
    /**
     * How long a new version does a part of the work before it does all of it. The slowest of the alarms on failing
     * requests (3 minutes of 5, and CloudWatch's delay) must ring in this time.
     */
    minutes: 10,
    /**
     * `replay`, `audit`, `stats` and `notify` run once a minute, `ledger` every five minutes: a tenth of so few runs would prove
     * nothing.
     */
    percent: { track: 10, store: 10, replay: 50, audit: 50, stats: 50, ledger: 80, notify: 50 },
  },
  logs: {
    /** These logs hold unconfirmed events whole. For this time an operator can bring them back in. */
    retentionDays: 90,
    /** Longer texts beside a message are cut. Unconfirmed events are never cut; their length is limited at capture. */
    textCharactersMax: 2_000,
  },
  ...frontDoorLimits,
  ...auditLimits,
  ...alertLimits,
  ...capsLimits,
  ...statisticsLimits,
  ...postbacksLimits,
  ...operatorLimits,
  ...sendingLimits,
  eventLog: {
    /**
     * Longer than repair and the ledger look back. S3 does not expire an object in both buckets at the same moment. If
     * repair still looked at that day, it would copy expired objects back, and the ledger would count part of a day.
     */
    retentionDaysMin: 40,
    /** How long an overwritten or deleted object can be restored. */
    noncurrentDays: 30,
    /** The same for figures, which `ledger` can make again. */
    ledgerNoncurrentDays: 1,
  },
} as const;
