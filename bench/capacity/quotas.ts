import { concurrencyFields, reservedConcurrencySum } from '../../core/config/concurrency.ts';
import { trafficFields } from '../../core/config/traffic-config.ts';
import { limits } from '../../core/limits/limits.ts';
import { concurrencyOf, flowsAt } from './flows.ts';
import type { Inputs } from './inputs.ts';
import { arrivalsAt, type LoadName, loads, type Weather } from './loads.ts';

/** A limit, what a deployment has of it, and how much of it a load needs. */
export interface Quota {
  readonly says: string;
  readonly byDefault: number;
  /** null: AWS publishes no maximum. */
  readonly afterAsking: number | null;
  /** Who raises it. */
  readonly raisedBy: 'AWS' | 'nobody' | 'the config' | 'a release';
  readonly needed: number;
  readonly consequence: string;
}

export function quotasAt(load: LoadName, weather: Weather, inputs: Inputs): readonly Quota[] {
  const flows = flowsAt(load, weather, inputs);
  return [...servingQuotas(load, flows, inputs), ...ownQuotas(flows), ...dataQuotas(flows, inputs)];
}

type Flows = ReturnType<typeof flowsAt>;

function servingQuotas(load: LoadName, { home }: Flows, inputs: Inputs): readonly Quota[] {
  const needed = arrivalsAt(load).home.eventsPerSecond;
  const account = concurrencyFields.concurrency.parse({}).account;
  const reserved = reservedConcurrencySum;
  const byAws = { afterAsking: null, raisedBy: 'AWS' } as const;
  return [
    {
      says: "the API's throttle, requests a second",
      byDefault: trafficFields.throttle.parse({}).requestsPerSecond,
      afterAsking: limits.throttle.requestsPerSecondMax,
      raisedBy: 'the config',
      needed,
      consequence: '429',
    },
    awsQuota('http-api-requests', needed, '429', inputs),
    {
      ...byAws,
      says: 'Lambda, requests that `track` can start a second',
      byDefault: (account - reserved) * inputs.quotas.lambdaRequestsPerSecondEach.value,
      needed,
      consequence: '5xx',
    },
    awsQuota('lambda-concurrency', concurrencyOf(home.track) + reserved, '5xx', inputs),
    {
      ...byAws,
      says: "Lambda, concurrency in the minute in which home's queue begins to hang",
      byDefault: account,
      needed: (loads[load] * limits.doctor.worstClickMs) / 1_000 + reserved,
      consequence: '5xx for a minute',
    },
  ];
}

/** Limits that Keeptrack sets itself, so that no function takes concurrency from clicks. */
function ownQuotas({ home }: Flows): readonly Quota[] {
  const own = (part: 'store' | 'stats' | 'ledger', consequence: string): Quota => ({
    says: `concurrency of \`${part}\``,
    byDefault: limits[part].concurrencyMax,
    afterAsking: null,
    raisedBy: 'a release',
    needed: concurrencyOf(home[part]),
    consequence,
  });
  return [
    own('store', 'events wait in the intake queue'),
    own('stats', 'provisional figures are late'),
    own('ledger', 'final figures are late'),
  ];
}

function dataQuotas({ home, standby }: Flows, inputs: Inputs): readonly Quota[] {
  const segments = home.batches.perSecond + standby.batches.perSecond;
  const unresolved = 'conversions wait for the index, and hours for their final figures';
  const { writeUnitsPerSecond, readUnitsPerSecond } = home.stats;
  return [
    awsQuota('queue-in-flight', home.inFlight, 'events wait in the queue', inputs),
    awsQuota('s3-prefix-writes', segments, '`store` is refused for some minutes', inputs),
    awsQuota('s3-prefix-reads', home.stats.s3GetsPerSecond, 'provisional figures are late', inputs),
    awsQuota('table-write-units', writeUnitsPerSecond, unresolved, inputs),
    awsQuota('table-read-units', readUnitsPerSecond, unresolved, inputs),
  ];
}

/** A quota of bench/quotas.json. */
function awsQuota(name: string, needed: number, consequence: string, { quotas }: Inputs): Quota {
  const found = quotas.limits.find((limit) => limit.name === name);
  if (!found) throw new Error(`bench/quotas.json has no ${name}`);
  const { says, byDefault, afterAsking } = found;
  return { says, byDefault, afterAsking, raisedBy: afterAsking === byDefault ? 'nobody' : 'AWS', needed, consequence };
}

/** The quotas that a load needs more of than there is by default, the worst first. */
export function brokenAt(quotas: readonly Quota[]): readonly Quota[] {
  const broken = quotas.filter(({ needed, byDefault }) => needed > byDefault);
  return broken.toSorted((one, other) => other.needed / other.byDefault - one.needed / one.byDefault);
}
