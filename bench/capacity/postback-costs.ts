import { limits } from '../../core/limits/limits.ts';
import { assumptions } from './assumptions.ts';
import { gigabyteSeconds, millionsOfClicks } from './costs.ts';
import { foldedPerSecond, monthSeconds } from './flows.ts';
import type { Inputs } from './inputs.ts';
import { arrivalsAt, type LoadName } from './loads.ts';

type NotifyLoad = keyof Inputs['measured']['notify'];

/** USD a million clicks: what postbacks to partners cost beside the lines of `costsAt`. */
export interface PostbackCosts {
  /** Both regions keep the sub ids of clicks and reports for as long as clicks convert. */
  readonly keepingFacts: number;
  /** One region looks them up for each conversion. */
  readonly lookingUp: number;
  /** The runs, calls and events of `notify` in both regions. */
  readonly telling: number;
}

const daySeconds = 86_400;
const minuteSeconds = 60;
const regions = 2;

export function postbackCosts(load: NotifyLoad, inputs: Inputs): PostbackCosts {
  const clicks = millionsOfClicks(load);
  return {
    keepingFacts: usdOfKeeping(load, inputs) / clicks,
    lookingUp: usdOfLookUps(load, inputs) / clicks,
    telling: usdOfTelling(load, inputs) / clicks,
  };
}

function usdOfKeeping(load: LoadName, { prices, measured }: Inputs): number {
  const { eventMicros, eventBytes, blocksAMinute } = measured.facts;
  const events = foldedPerSecond(load);
  const { memoryMegabytes } = limits.stats;
  const cpu = gigabyteSeconds({ secondsEach: (events * eventMicros) / 1e6, memoryMegabytes });
  const puts = (blocksAMinute / minuteSeconds) * (prices.usdPerMillion.s3Write / 1e6);
  const kept = (events * eventBytes * daySeconds * limits.facts.keptDays) / 1e9;
  const running = (cpu * prices.usdPerGigabyteSecond.lambdaArm64 + puts) * monthSeconds;
  return regions * (running + kept * prices.usdPerGigabyteMonth.s3);
}

/**
 * Of each conversion its click, as if each were looked up alone: conversions of one minute share the heads of its blocks.
 * They do share the listings of their hours. A postback has macros of the click (`{aff_sub}`) and none of the report.
 */
function usdOfLookUps(load: LoadName, { prices, measured }: Inputs): number {
  const { lookUpMicros, lookUpGets } = measured.facts;
  const { conversionsPerSecond } = arrivalsAt(load).home;
  const lookUps = conversionsPerSecond;
  const lists = Math.min(conversionsPerSecond, assumptions.clickHours.value / minuteSeconds);
  const { s3Read, s3Write } = prices.usdPerMillion;
  const calls = (lookUps * lookUpGets * s3Read + lists * s3Write) / 1e6;
  const micros = lookUps * (lookUpMicros + lookUpGets * measured.callMicros);
  const { memoryMegabytes } = limits.stats;
  const cpu = gigabyteSeconds({ secondsEach: micros / 1e6, memoryMegabytes });
  return (calls + cpu * prices.usdPerGigabyteSecond.lambdaArm64) * monthSeconds;
}

/**
 * By wall clock, because `notify` waits for partners and for new work. An event of an attempt takes the way of every
 * event: the intake queue, both logs, and the folding of both regions.
 */
function usdOfTelling(load: NotifyLoad, { prices, measured }: Inputs): number {
  const { runs, runSeconds, s3Puts, s3Gets, s3Lists, messages, messageBytes } = measured.notify[load];
  const { lambdaInvocation, s3Read, s3Write, sqsRequest } = prices.usdPerMillion;
  const calls = (s3Puts + s3Gets + s3Lists) * (measured.callMicros / 1e6);
  const running = gigabyteSeconds({ secondsEach: runSeconds + calls, memoryMegabytes: limits.notify.memoryMegabytes });
  const { conversionsPerSecond: attempts } = arrivalsAt(load).home;
  const folding = regions * ((attempts * measured.statsEventMicros) / 1e6);
  const folded = gigabyteSeconds({ secondsEach: folding, memoryMegabytes: limits.stats.memoryMegabytes });
  // A message is sent, received and deleted.
  const requests = 2 * Math.max(messages, messageBytes / prices.sqsRequestBytes) + messages;
  const perSecond =
    (runs * lambdaInvocation + (s3Puts + s3Lists) * s3Write + s3Gets * s3Read + requests * sqsRequest) / 1e6 +
    (running + folded) * prices.usdPerGigabyteSecond.lambdaArm64;
  const logGigabytes = (attempts * monthSeconds * measured.segmentEventBytes) / 1e9;
  const perGigabyte = prices.usdPerGigabyte.betweenRegions + regions * prices.usdPerGigabyteMonth.s3;
  return perSecond * monthSeconds + logGigabytes * perGigabyte;
}
