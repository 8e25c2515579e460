import { z } from 'zod';
import { limits } from '../limits/limits.ts';
import { frontDoorFields, frontDoorProblems } from './front-doors.ts';
import { nameProblems, trackingNameFields } from './tracking-names.ts';

/** The part of the deploy config about traffic: its doors, its host names, its routing between the regions, its throttle. */

const perRegion = z.number().int().min(1).max(limits.throttle.requestsPerSecondMax);

export const trafficFields = {
  ...frontDoorFields,
  ...trackingNameFields,
  routing: z.enum(['failover', 'weighted']).default('failover'),
  /**
   * For `routing` weighted: while both regions are healthy, a region gets its weight's share of the sum. Without
   * weights both get the same. Zero is refused, because nobody knows whether a region without traffic works. To empty a
   * region there is `keeptrack shift`.
   */
  weights: z.record(z.string(), z.number().int().min(1).max(255)).optional(),
  /**
   * How much the HTTP API of each region lets in. One region must be able to carry the traffic of both. AWS gives all
   * HTTP APIs of an account in a region 10,000 requests a second together, with bursts of 5,000. The default takes half
   * of that. A load balancer has no throttle: `concurrency.track` bounds what passes it.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html, docs/decisions/0008
   */
  throttle: z
    .strictObject({ requestsPerSecond: perRegion.default(5_000), burst: perRegion.default(2_500) })
    .prefault({}),
};

interface Raw {
  readonly regions?: unknown;
  readonly routing?: unknown;
  readonly weights?: unknown;
}

/** Problems that concern two fields. They are looked for in the raw value, so that one mistake hides no other. */
export function trafficProblems(value: unknown): string[] {
  const raw = (value ?? {}) as Raw;
  const regions = Array.isArray(raw.regions) ? raw.regions.filter((region) => typeof region === 'string') : [];
  return [...frontDoorProblems(value), ...nameProblems(value, regions), ...weightProblems(raw, regions)];
}

function weightProblems({ routing, weights }: Raw, regions: readonly string[]): string[] {
  if (typeof weights !== 'object' || weights === null) return [];
  if (routing !== 'weighted') return ['weights: need routing "weighted"'];
  const named = Object.keys(weights).sort().join(', ');
  const wanted = [...regions].sort().join(', ');
  return named === wanted ? [] : [`weights: must name both regions (${wanted}) and nothing else`];
}
