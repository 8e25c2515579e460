import { z } from 'zod';
import { limits } from '../limits/limits.ts';
import type { FunctionPart } from './settings.ts';
import { trafficFields } from './traffic-config.ts';

/**
 * What Lambda may run at once, and what each function gets of it. Clicks take whatever the other functions leave, so
 * these have a share that is theirs alone and their most: docs/decisions/0012.
 */

const count = z.number().int().max(1_000_000);

export const concurrencyFields = {
  concurrency: z
    .strictObject({
      /** Concurrent executions that AWS allows the account in each of the two regions; 1,000 unless AWS set it otherwise. */
      account: count.min(limits.lambda.accountMin).default(limits.lambda.accountDefault),
      /** `none`: nothing is reserved, for a trial in an account to which AWS gives too few. */
      floor: z.enum(['kept', 'none']).default('kept'),
      /** Reserved for `track`: nobody else takes it, and `track` gets no more. Only where an account runs other work too. */
      track: count.min(1).optional(),
    })
    .prefault({}),
};

const relevant = z.object({ ...concurrencyFields, throttle: trafficFields.throttle });
type Relevant = z.output<typeof relevant>;

export interface ConcurrencyPlan {
  /** Reserved concurrency of Lambda by function. One that is not named takes what is free. */
  readonly reserved: Readonly<Partial<Record<FunctionPart, number>>>;
  /** Maximum concurrency of the event source mappings. */
  readonly mapped: Readonly<Record<'store' | 'stats', number>>;
  /** What `track` can count on, in an account where nothing else runs; 0 = nothing. */
  readonly floor: number;
}

export function concurrencyPlan({ concurrency }: Pick<Relevant, 'concurrency'>): ConcurrencyPlan {
  const { account, floor, track } = concurrency;
  if (floor === 'none') return { reserved: {}, mapped: scaledTo(account), floor: 0 };
  const reserved = track === undefined ? shares : { ...shares, track };
  return {
    reserved,
    mapped: { store: shares.store, stats: shares.stats },
    floor: track ?? account - reservedConcurrencySum,
  };
}

const shares = {
  store: limits.store.concurrencyMax,
  stats: limits.stats.concurrencyMax,
  replay: limits.replay.concurrencyMax,
  audit: limits.audit.concurrencyMax,
  ledger: limits.ledger.concurrencyMax,
} as const;

/** Reserved by the functions that answer no click. */
export const reservedConcurrencySum = Object.values(shares).reduce((sum, share) => sum + share, 0);

/** A mapping takes no less than 2: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
function scaledTo(account: number): ConcurrencyPlan['mapped'] {
  const scaled = (most: number) =>
    Math.max(2, Math.min(most, Math.floor((most * account) / limits.lambda.accountDefault)));
  return { store: scaled(shares.store), stats: scaled(shares.stats) };
}

/** `value`: the whole config as it was read. Empty when its own fields are wrong: the schema tells of these. */
export function concurrencyProblems(value: unknown): string[] {
  const parsed = relevant.safeParse(value);
  if (!parsed.success) return [];
  const { concurrency, throttle } = parsed.data;
  const { account, floor, track = 0 } = concurrency;
  if (floor === 'none') return track === 0 ? [] : ['concurrency.track: belongs to concurrency.floor "kept"'];
  const needed = reservedConcurrencySum + track + limits.lambda.unreservedMin;
  if (account < needed) {
    return [
      `concurrency.account: ${account} leaves no floor for clicks. store, stats, replay, audit and ledger reserve ${reservedConcurrencySum}${track > 0 ? `, track ${track}` : ''}, and AWS lets nobody reserve the last ${limits.lambda.unreservedMin}. Ask AWS for at least ${needed} in both regions (Service Quotas, Lambda, concurrent executions), or set concurrency.floor to "none" for a trial`,
    ];
  }
  return throttleProblems(throttle.requestsPerSecond, concurrencyPlan({ concurrency }).floor);
}

/** What API Gateway lets in and Lambda does not start is answered 5xx instead of 429. */
function throttleProblems(requestsPerSecond: number, floor: number): string[] {
  const started = floor * limits.lambda.requestsPerSecondEach;
  if (requestsPerSecond <= started) return [];
  return [
    `throttle.requestsPerSecond: ${requestsPerSecond} is more than Lambda starts: track can count on ${floor} at once, and each takes ${limits.lambda.requestsPerSecondEach} requests a second. Lower it to ${started}, or ask AWS for more and set concurrency.account`,
  ];
}
