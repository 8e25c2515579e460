import { z } from 'zod';
import { limits } from '../limits/limits.ts';
import { liveDoors } from './front-doors.ts';
import type { FunctionPart } from './settings.ts';
import { trafficFields } from './traffic-config.ts';

/**
 * How the account's Lambda concurrency is divided among the functions. Every function except `track` has reserved
 * concurrency, which is also its maximum. `track` gets all the rest: docs/decisions/0012.
 */

const count = z.number().int().max(1_000_000);

export const concurrencyFields = {
  concurrency: z
    .strictObject({
      /** Concurrent executions that AWS allows the account in each of the two regions: 1,000 unless AWS changed it. */
      account: count.min(limits.lambda.accountMin).default(limits.lambda.accountDefault),
      /** `none`: nothing is reserved. For a trial in an account with too little concurrency. */
      floor: z.enum(['kept', 'none']).default('kept'),
      /**
       * Reserves so much for `track`, which then never gets more. For accounts that also run other work. A load balancer
       * needs it, because nothing else bounds what passes one.
       */
      track: count.min(1).optional(),
    })
    .prefault({}),
};

const { throttle, frontDoor, secondFrontDoor } = trafficFields;
const relevant = z.object({ ...concurrencyFields, throttle, frontDoor, secondFrontDoor });
type Relevant = z.output<typeof relevant>;

export interface ConcurrencyPlan {
  /** Reserved concurrency by function. A function without it takes what is free. */
  readonly reserved: Readonly<Partial<Record<FunctionPart, number>>>;
  /** Maximum concurrency of the event source mapping of `store`. */
  readonly mapped: number;
  /** The concurrency that `track` is sure to get in an account where nothing else runs. 0 means none. */
  readonly floor: number;
}

export function concurrencyPlan({ concurrency }: Pick<Relevant, 'concurrency'>): ConcurrencyPlan {
  const { account, floor, track } = concurrency;
  if (floor === 'none') return { reserved: {}, mapped: scaledTo(account), floor: 0 };
  const reserved = track === undefined ? shares : { ...shares, track };
  return {
    reserved,
    mapped: shares.store,
    floor: track ?? account - reservedConcurrencySum,
  };
}

const shares = {
  store: limits.store.concurrencyMax,
  stats: limits.stats.concurrencyMax,
  replay: limits.replay.concurrencyMax,
  audit: limits.audit.concurrencyMax,
  ledger: limits.ledger.concurrencyMax,
  notify: limits.notify.concurrencyMax,
} as const;

/** The reserved concurrency of all functions except `track`. */
export const reservedConcurrencySum = Object.values(shares).reduce((sum, share) => sum + share, 0);

/**
 * The maximum concurrency of an event source mapping is at least 2:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
function scaledTo(account: number): number {
  const most = shares.store;
  return Math.max(2, Math.min(most, Math.floor((most * account) / limits.lambda.accountDefault)));
}

/**
 * `value`: the whole config, unchecked. Finds nothing when its own fields are wrong, because the schema reports those.
 */
export function concurrencyProblems(value: unknown): string[] {
  const parsed = relevant.safeParse(value);
  if (!parsed.success) return [];
  const { concurrency, throttle } = parsed.data;
  const doors = liveDoors(parsed.data);
  const { account, floor, track = 0 } = concurrency;
  const isUnbounded = doors.includes('alb') && track === 0;
  if (floor === 'none') {
    if (isUnbounded) return ['concurrency.floor: must be "kept" with a load balancer. A trial takes the HTTP API'];
    return track === 0 ? [] : ['concurrency.track: needs concurrency.floor "kept"'];
  }
  const unbounded = isUnbounded ? [unboundedProblem] : [];
  const needed = reservedConcurrencySum + track + limits.lambda.unreservedMin;
  if (account < needed) {
    return [
      ...unbounded,
      `concurrency.account: ${account} is too small to keep concurrency for clicks. store, stats, replay, audit, ledger and notify reserve ${reservedConcurrencySum}${track > 0 ? `, track ${track}` : ''}, and AWS keeps ${limits.lambda.unreservedMin} unreserved. Ask AWS for at least ${needed} in both regions (Service Quotas, Lambda, concurrent executions)${isUnbounded || track > 0 ? '' : ', or set concurrency.floor to "none" for a trial'}`,
    ];
  }
  const throttled = doors.includes('http-api') ? throttle.requestsPerSecond : 0;
  return [...unbounded, ...throttleProblems(throttled, concurrencyPlan({ concurrency }).floor)];
}

const unboundedProblem = `concurrency.track: is missing. A load balancer has no throttle, so this number alone bounds what reaches track: at most ${limits.lambda.requestsPerSecondEach} requests a second for each, and fewer when a request takes longer than ${1_000 / limits.lambda.requestsPerSecondEach} ms`;

/** Requests that API Gateway lets in and Lambda cannot start are answered 5xx instead of 429. */
function throttleProblems(requestsPerSecond: number, floor: number): string[] {
  const started = floor * limits.lambda.requestsPerSecondEach;
  if (requestsPerSecond <= started) return [];
  return [
    `throttle.requestsPerSecond: ${requestsPerSecond} is more than Lambda can serve: track is sure of ${floor} concurrent executions, and each serves ${limits.lambda.requestsPerSecondEach} requests a second. Lower it to ${started}, or ask AWS for more concurrency and set concurrency.account`,
  ];
}
