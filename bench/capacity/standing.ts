import type { FrontDoorKind } from '../../core/config/front-doors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { TemplateCounts } from '../measure/template-counts.ts';
import { assumptions } from './assumptions.ts';
import { gigabyteSeconds } from './costs.ts';
import { monthSeconds } from './flows.ts';
import { usdOfRequests } from './front-doors.ts';
import type { Inputs } from './inputs.ts';
import { auditConcurrency, replayConcurrency } from './needs.ts';

/** USD a month, of both regions with a domain and one zone, whatever the load. */
export function standingCosts(
  door: FrontDoorKind,
  inputs: Inputs,
): readonly { readonly says: string; readonly usd: number }[] {
  const { usdPerMonth, usdPerHour } = inputs.prices;
  const has = inputs.measured.templates[door];
  const monthHours = monthSeconds / 3_600;
  const lines: readonly (readonly [says: string, usdOfRegion: number])[] = [
    ['load balancer, hours', has.loadBalancers * monthHours * usdPerHour.loadBalancer],
    ['public IPv4 addresses of the load balancer', has.publicAddresses * monthHours * usdPerHour.publicIpv4Address],
    [
      'health checks',
      has.healthChecks * usdPerMonth.healthCheck + has.healthCheckFeatures * usdPerMonth.healthCheckFeature,
    ],
    ['what health checks ask', usdOfChecks(door, has, inputs)],
    ['`replay`, `audit` and what they read', usdOfWatching(inputs)],
    ['pollers of an idle queue', usdOfPollers(inputs)],
    ['alarms', has.alarmMetrics * usdPerMonth.alarmMetric],
    ['custom metrics', assumptions.customMetrics.value * usdPerMonth.customMetric],
    ['dashboard', has.dashboards * usdPerMonth.dashboard],
    ['secret', usdPerMonth.secret],
  ];
  const ofBoth = lines.map(([says, usd]) => ({ says, usd: 2 * usd }));
  return [...ofBoth, { says: 'hosted zone', usd: usdPerMonth.hostedZone }];
}

function usdOfChecks(door: FrontDoorKind, { askingChecks }: TemplateCounts, inputs: Inputs): number {
  const { usdPerMillion, usdPerGigabyte, usdPerGigabyteSecond } = inputs.prices;
  const perSecond = (askingChecks * assumptions.checkers.value) / limits.health.checkIntervalSeconds;
  const { memoryMegabytes } = limits.track;
  const run = gigabyteSeconds({ secondsEach: assumptions.checkMs.value / 1_000, memoryMegabytes });
  const usdEach =
    usdPerMillion.lambdaInvocation / 1e6 +
    run * usdPerGigabyteSecond.lambdaArm64 +
    (inputs.measured.serving.trackLogBytes / 1e9) * usdPerGigabyte.logs;
  return (usdOfRequests(door, perSecond, inputs) + perSecond * usdEach) * monthSeconds;
}

/** Listings of an hour by all runs of repair of a region, while a listing holds an hour (limits.repair). */
const listingsOfRepair = 170;

/** `replay` asks three queues each minute and waits. `audit` looks for probes each minute and compares the logs. */
function usdOfWatching(inputs: Inputs): number {
  const { usdPerMillion, usdPerGigabyteSecond } = inputs.prices;
  const { replay, audit, checkProbes, probe } = limits;
  const listingsPerSecond = (listingsOfRepair / 3_600) * pagesOfAnHour(inputs);
  const listingConcurrency = listingsPerSecond * (inputs.quotas.answerMs.s3.value / 1_000);
  const gigabytes =
    (replayConcurrency('good weather') * replay.memoryMegabytes +
      (auditConcurrency('good weather', inputs) + listingConcurrency) * audit.memoryMegabytes) /
    1_024;
  const callsPerSecond = {
    lambdaInvocation: 1 / replay.intervalSeconds + 1 / checkProbes.intervalSeconds,
    sqsRequest: receivesOfReplay / replay.intervalSeconds,
    s3Write: listingsPerSecond + 2 / probe.intervalSeconds,
    s3Read: checkProbes.lookBackMinutes / checkProbes.intervalSeconds,
  };
  const usdOfCalls = Object.entries(callsPerSecond).reduce(
    (sum, [call, perSecond]) => sum + (perSecond * usdPerMillion[call as keyof typeof callsPerSecond]) / 1e6,
    0,
  );
  return (gigabytes * usdPerGigabyteSecond.lambdaArm64 + usdOfCalls) * monthSeconds;
}

/** Two at once for each of the four failure queues, and those of the intake queue. */
const receivesOfReplay = 10;
const pageKeys = 1_000;

function pagesOfAnHour({ measured }: Inputs): number {
  return Math.ceil(measured.calls['good weather'].day.segments / pageKeys);
}

/** An idle poller waits as long as a receive can: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const receiveSeconds = 20;

function usdOfPollers({ prices, quotas }: Inputs): number {
  const receives = (quotas.pollersToBeginWith.value / receiveSeconds) * monthSeconds;
  return (receives * prices.usdPerMillion.sqsRequest) / 1e6;
}
