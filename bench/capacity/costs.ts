import { limits } from '../../core/limits/limits.ts';
import { type Flow, flowsAt, foldedPerSecond, monthSeconds } from './flows.ts';
import type { Inputs } from './inputs.ts';
import { arrivalsAt, type LoadName, loads, type Weather } from './loads.ts';

/** USD a month, of both regions. */
export interface Costs {
  readonly capture: Readonly<Record<'frontDoor' | 'track' | 'intakeQueue' | 'logLines' | 'answers', number>>;
  readonly storing: Readonly<Record<'runs' | 'writes' | 'failureQueues' | 'transfer' | 'storage', number>>;
  readonly figures: Readonly<Record<'stats' | 'ledger' | 'index' | 'indexStorage' | 'storage', number>>;
}

const gigabyte = 1e9;
const daySeconds = 86_400;

/** In good weather, with a conversion index that is as large as it gets: older items expire. */
export function costsAt(load: LoadName, weather: Weather, inputs: Inputs): Costs {
  const { home, standby } = flowsAt(load, weather, inputs);
  const [stats, ledger] = [both(home.stats, standby.stats), both(home.ledger, standby.ledger)];
  return {
    capture: captureCosts(load, home.track, inputs),
    storing: storingCosts(load, [home.store, standby.store], weather, inputs),
    figures: {
      stats: usdOfRuns(stats, inputs) + usdOfS3(stats, inputs),
      ledger: usdOfRuns(ledger, inputs) + usdOfS3(ledger, inputs),
      index: usdOfUnits([...stats, ...ledger], inputs),
      indexStorage: 2 * usdOfIndexStorage(load, inputs),
      storage: 2 * usdOfFoldStorage(load, inputs),
    },
  };
}

function both(one: Flow, other: Flow): readonly Flow[] {
  return [one, other];
}

function captureCosts(load: LoadName, track: Flow, inputs: Inputs): Costs['capture'] {
  const { usdPerMillion, usdPerGigabyte } = inputs.prices;
  const { trackLogBytes, trackAnswerBytes } = inputs.measured.serving;
  const { eventsPerSecond, conversionsPerSecond } = arrivalsAt(load).home;
  const requests = eventsPerSecond * monthSeconds;
  const messages = (eventsPerSecond + conversionsPerSecond) * monthSeconds;
  // A receive and a delete for as many messages as one call takes.
  const queueRequests = messages * (1 + 2 / limits.queue.callMessagesMax);
  const logBytes = trackLogBytes + inputs.quotas.lambdaLogLineBytes.value;
  return {
    frontDoor: (requests * usdPerMillion.httpApiRequest) / 1e6,
    track: usdOfRuns([track], inputs),
    intakeQueue: (queueRequests * usdPerMillion.sqsRequest) / 1e6,
    logLines: (requests * logBytes * usdPerGigabyte.logs) / gigabyte,
    answers: (requests * trackAnswerBytes * usdPerGigabyte.toInternet) / gigabyte,
  };
}

function storingCosts(load: LoadName, stores: readonly Flow[], weather: Weather, inputs: Inputs): Costs['storing'] {
  const { usdPerMillion, usdPerGigabyte, usdPerGigabyteMonth, sqsRequestBytes } = inputs.prices;
  const bytes = foldedPerSecond(load) * monthSeconds * inputs.measured.segmentEventBytes;
  const segments = stores.reduce((sum, store) => sum + store.runsPerSecond, 0) * monthSeconds;
  // Base64 makes three bytes four. A message is sent, received and deleted.
  const chunks = Math.ceil(((bytes / segments) * (4 / 3)) / sqsRequestBytes);
  const owed = weather === 'good weather' ? 0 : segments * (2 * chunks + 1 / limits.queue.callMessagesMax);
  return {
    runs: usdOfRuns(stores, inputs),
    writes: usdOfS3(stores, inputs),
    failureQueues: (owed * usdPerMillion.sqsRequest) / 1e6,
    transfer: (bytes * usdPerGigabyte.betweenRegions) / gigabyte,
    storage: (2 * bytes * usdPerGigabyteMonth.s3) / gigabyte,
  };
}

function usdOfRuns(flows: readonly Flow[], { prices }: Inputs): number {
  const { usdPerMillion, usdPerGigabyteSecond } = prices;
  return flows.reduce((sum, { runsPerSecond, secondsEach, memoryMegabytes }) => {
    const gigabyteSeconds = (secondsEach * memoryMegabytes) / 1_024;
    const usdEach = usdPerMillion.lambdaInvocation / 1e6 + gigabyteSeconds * usdPerGigabyteSecond.lambdaArm64;
    return sum + runsPerSecond * monthSeconds * usdEach;
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

export function sumOf(parts: Readonly<Record<string, number>>): number {
  return Object.values(parts).reduce((sum, usd) => sum + usd, 0);
}

export function millionsOfClicks(load: LoadName): number {
  return (loads[load] * monthSeconds) / 1e6;
}
