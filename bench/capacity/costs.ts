import type { FrontDoorKind } from '../../core/config/front-doors.ts';
import { limits } from '../../core/limits/limits.ts';
import { assumptions } from './assumptions.ts';
import { type Flow, flowsAt, foldedPerSecond, monthSeconds } from './flows.ts';
import { usdOfRequests } from './front-doors.ts';
import type { Inputs } from './inputs.ts';
import { arrivalsAt, type LoadName, loads, type Weather } from './loads.ts';

export type CostPart = 'capture' | 'storing' | 'figures';

/** One line of the bill: USD a month, of both regions. */
export interface CostLine {
  readonly part: CostPart;
  readonly says: string;
  readonly usd: number;
}

export interface Case {
  readonly load: LoadName;
  readonly weather: Weather;
  readonly door: FrontDoorKind;
}

const gigabyte = 1e9;
const daySeconds = 86_400;

/** What grows with the clicks, with a conversion index that is as large as it gets: older items expire. */
export function costsAt({ load, weather, door }: Case, inputs: Inputs): readonly CostLine[] {
  const { home, standby } = flowsAt(load, weather, inputs);
  return [
    ...captureCosts(load, door, home.track, inputs),
    ...storingCosts(load, weather, [home.store, standby.store], inputs),
    ...figuresCosts(load, [home.stats, standby.stats], [home.ledger, standby.ledger], inputs),
  ];
}

function captureCosts(load: LoadName, door: FrontDoorKind, track: Flow, inputs: Inputs): readonly CostLine[] {
  const { usdPerMillion, usdPerGigabyte, usdPerGigabyteSecond } = inputs.prices;
  const { trackLogBytes, trackAnswerBytes } = inputs.measured.serving;
  const { eventsPerSecond } = arrivalsAt(load).home;
  const requests = eventsPerSecond * monthSeconds;
  const line = (says: string, usd: number): CostLine => ({ part: 'capture', says, usd });
  return [
    line('front door', usdOfRequests(door, eventsPerSecond, inputs) * monthSeconds),
    line('`track`, requests', (requests * usdPerMillion.lambdaInvocation) / 1e6),
    line('`track`, duration', requests * gigabyteSeconds(track) * usdPerGigabyteSecond.lambdaArm64),
    line('log lines', (requests * trackLogBytes * usdPerGigabyte.logs) / gigabyte),
    line('intake queues', (queueRequestsPerSecond(load, inputs) * monthSeconds * usdPerMillion.sqsRequest) / 1e6),
    line('answers to the internet', (requests * trackAnswerBytes * usdPerGigabyte.toInternet) / gigabyte),
    line('DNS', (dnsQueriesPerSecond(loads[load], door) * monthSeconds * usdPerMillion.dnsQuery) / 1e6),
  ];
}

/**
 * A send for each message, and a delete for ten. A receive takes the messages that reached the poller while the one
 * before it lasted. A conversion goes to the queues of both regions.
 */
function queueRequestsPerSecond(load: LoadName, { quotas }: Inputs): number {
  const { home, standby } = arrivalsAt(load);
  const { callMessagesMax } = limits.queue;
  return [home, standby].reduce((sum, { eventsPerSecond }) => {
    const inOneReceive = (eventsPerSecond / quotas.pollersToBeginWith.value) * (quotas.answerMs.sqs.value / 1_000);
    const received = Math.min(callMessagesMax, Math.max(1, inOneReceive));
    return sum + eventsPerSecond * (1 + 1 / received + 1 / callMessagesMax);
  }, 0);
}

/**
 * How long a resolver remembers an alias record, and that a record does not exist (the TTL of the zone's SOA record):
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html
 */
const rememberedSeconds = { address: 60, missing: 900 } as const;

export function dnsQueriesPerSecond(clicksPerSecond: number, door: FrontDoorKind): number {
  const { value: resolvers } = assumptions.resolvers;
  const asked = (seconds: number) => Math.min(clicksPerSecond, resolvers / seconds);
  const addresses = door === 'alb' ? 2 * asked(rememberedSeconds.address) : 0;
  return addresses + asked(rememberedSeconds.missing);
}

function storingCosts(load: LoadName, weather: Weather, stores: readonly Flow[], inputs: Inputs): readonly CostLine[] {
  const { usdPerMillion, usdPerGigabyte, usdPerGigabyteMonth, sqsRequestBytes } = inputs.prices;
  const bytes = foldedPerSecond(load) * monthSeconds * inputs.measured.segmentEventBytes;
  const segments = stores.reduce((sum, store) => sum + store.runsPerSecond, 0) * monthSeconds;
  // Base64 makes three bytes four. A message is sent, received and deleted.
  const chunks = Math.ceil(((bytes / segments) * (4 / 3)) / sqsRequestBytes);
  const owed = weather === 'good weather' ? 0 : segments * (2 * chunks + 1 / limits.queue.callMessagesMax);
  const line = (says: string, usd: number): CostLine => ({ part: 'storing', says, usd });
  return [
    line('`store`', usdOfRuns(stores, inputs)),
    line('S3: writes to both buckets', usdOfS3(stores, inputs)),
    line('failure queues', (owed * usdPerMillion.sqsRequest) / 1e6),
    line('between the regions', (bytes * usdPerGigabyte.betweenRegions) / gigabyte),
    line('S3: a month of the log in both buckets', (2 * bytes * usdPerGigabyteMonth.s3) / gigabyte),
  ];
}

function figuresCosts(
  load: LoadName,
  stats: readonly Flow[],
  ledger: readonly Flow[],
  inputs: Inputs,
): readonly CostLine[] {
  const line = (says: string, usd: number): CostLine => ({ part: 'figures', says, usd });
  return [
    line('`stats`', usdOfRuns(stats, inputs) + usdOfS3(stats, inputs)),
    line('`ledger`', usdOfRuns(ledger, inputs) + usdOfS3(ledger, inputs)),
    line('conversion index: reads and writes', usdOfUnits([...stats, ...ledger], inputs)),
    line('conversion index: storage after a year', 2 * usdOfIndexStorage(load, inputs)),
    line('objects of folding (of conversions for a year), a month of rows', 2 * usdOfFoldStorage(load, inputs)),
  ];
}

export function gigabyteSeconds({
  secondsEach,
  memoryMegabytes,
}: Pick<Flow, 'secondsEach' | 'memoryMegabytes'>): number {
  return (secondsEach * memoryMegabytes) / 1_024;
}

function usdOfRuns(flows: readonly Flow[], { prices }: Inputs): number {
  const { usdPerMillion, usdPerGigabyteSecond } = prices;
  return flows.reduce((sum, flow) => {
    const usdEach = usdPerMillion.lambdaInvocation / 1e6 + gigabyteSeconds(flow) * usdPerGigabyteSecond.lambdaArm64;
    return sum + flow.runsPerSecond * monthSeconds * usdEach;
  }, 0);
}

function usdOfS3(flows: readonly Flow[], { prices }: Inputs): number {
  const { s3Write, s3Read } = prices.usdPerMillion;
  return flows.reduce((sum, { s3PutsPerSecond, s3GetsPerSecond, s3ListsPerSecond }) => {
    const usdPerSecond = ((s3PutsPerSecond + s3ListsPerSecond) * s3Write + s3GetsPerSecond * s3Read) / 1e6;
    return sum + usdPerSecond * monthSeconds;
  }, 0);
}

function usdOfUnits(flows: readonly Flow[], { prices }: Inputs): number {
  const { dynamodbReadUnit, dynamodbWriteUnit } = prices.usdPerMillion;
  return flows.reduce((sum, { readUnitsPerSecond, writeUnitsPerSecond }) => {
    const usdPerSecond = (readUnitsPerSecond * dynamodbReadUnit + writeUnitsPerSecond * dynamodbWriteUnit) / 1e6;
    return sum + usdPerSecond * monthSeconds;
  }, 0);
}

/** Bytes of the conversion index of a region, once its oldest items expire. */
export function indexBytes(load: LoadName, { measured }: Inputs): number {
  const conversions =
    arrivalsAt(load).home.conversionsPerSecond *
    daySeconds *
    (limits.figures.indexDays + limits.figures.indexSlackDays);
  return conversions * measured.indexItemBytes;
}

function usdOfIndexStorage(load: LoadName, inputs: Inputs): number {
  const { dynamodb, dynamodbPointInTime } = inputs.prices.usdPerGigabyteMonth;
  return (indexBytes(load, inputs) / gigabyte) * (dynamodb + dynamodbPointInTime);
}

const yearDays = 365;

/** A month of rows, objects of folding for as long as they are kept, and those of conversions of a year. */
function usdOfFoldStorage(load: LoadName, { prices, measured }: Inputs): number {
  const events = foldedPerSecond(load) * daySeconds;
  const { foldEventBytes, conversionsEventBytes, rowsEventBytes } = measured;
  const bytes =
    events * (foldEventBytes * limits.fold.keptDays + conversionsEventBytes * yearDays + rowsEventBytes * 30);
  return (bytes / gigabyte) * prices.usdPerGigabyteMonth.s3;
}

/** USD a month: of all lines, or of one part. */
export function sumOf(lines: readonly { readonly usd: number; readonly part?: CostPart }[], part?: CostPart): number {
  return lines.filter((line) => part === undefined || line.part === part).reduce((sum, { usd }) => sum + usd, 0);
}

export function millionsOfClicks(load: LoadName): number {
  return (loads[load] * monthSeconds) / 1e6;
}
