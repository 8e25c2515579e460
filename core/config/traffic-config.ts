import { z } from 'zod';
import { limits } from '../limits/limits.ts';
import { regionalName } from './resource-names.ts';

/** The part of the deploy config about traffic: its host names, its routing between the regions, and its throttle. */

const hostName = z.string().superRefine((name, context) => {
  const problem = hostNameProblem(name);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const perRegion = z.number().int().min(1).max(limits.throttle.requestsPerSecondMax);

export const trafficFields = {
  domain: z
    .strictObject({
      zoneName: hostName,
      zoneId: z.string().regex(/^Z[A-Z0-9]{1,31}$/, 'must be a hosted zone id such as Z0123456789ABC'),
      /** The tracking name, for example go.example.com. The zone's own name can be one too. */
      record: hostName,
    })
    .optional(),
  routing: z.enum(['failover', 'weighted']).default('failover'),
  /**
   * For `routing` weighted: while both regions are healthy, a region gets its weight's share of the sum. Without
   * weights both get the same. Zero is refused, because nobody knows whether a region without traffic works. To empty a
   * region there is `keeptrack shift`.
   */
  weights: z.record(z.string(), z.number().int().min(1).max(255)).optional(),
  /**
   * How much each region lets in. One region must be able to carry the traffic of both. AWS gives all HTTP APIs of an
   * account in a region 10,000 requests a second together, with bursts of 5,000. The default takes half of that.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html, docs/decisions/0008
   */
  throttle: z
    .strictObject({ requestsPerSecond: perRegion.default(5_000), burst: perRegion.default(2_500) })
    .prefault({}),
};

interface Raw {
  readonly regions?: unknown;
  readonly domain?: { readonly record?: unknown; readonly zoneName?: unknown };
  readonly routing?: unknown;
  readonly weights?: unknown;
}

/** Problems that concern two fields. They are looked for in the raw value, so that one mistake hides no other. */
export function trafficProblems(value: unknown): string[] {
  const raw = (value ?? {}) as Raw;
  const regions = Array.isArray(raw.regions) ? raw.regions.filter((region) => typeof region === 'string') : [];
  return [...domainProblems(raw, regions), ...weightProblems(raw, regions)];
}

function domainProblems({ domain }: Raw, regions: readonly string[]): string[] {
  const { record, zoneName } = domain ?? {};
  if (typeof record !== 'string') return [];
  const problems: string[] = [];
  if (typeof zoneName === 'string' && record !== zoneName && !record.endsWith(`.${zoneName}`)) {
    problems.push('domain.record: must be domain.zoneName or a name inside it');
  }
  const longest = Math.max(0, ...regions.map((region) => regionalName(record, region).length));
  const tooLong = longest - limits.domain.certificateCharactersMax;
  if (tooLong > 0) {
    problems.push(
      `domain.record: must be ${tooLong} characters shorter: a certificate's name has at most ${limits.domain.certificateCharactersMax}, and <region>.<record> would have ${longest}`,
    );
  }
  return problems;
}

function weightProblems({ routing, weights }: Raw, regions: readonly string[]): string[] {
  if (typeof weights !== 'object' || weights === null) return [];
  if (routing !== 'weighted') return ['weights: need routing "weighted"'];
  const named = Object.keys(weights).sort().join(', ');
  const wanted = [...regions].sort().join(', ');
  return named === wanted ? [] : [`weights: must name both regions (${wanted}) and nothing else`];
}

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** Why `name` is not the full name of a host, in words for the person who wrote it. Undefined when it is one. */
export function hostNameProblem(name: string): string | undefined {
  if (name.includes('*')) return 'must be one name and not a wildcard';
  if (name !== name.toLowerCase()) return 'must be in lower case';
  if (name.length > limits.domain.nameCharactersMax) {
    return `must have at most ${limits.domain.nameCharactersMax} characters`;
  }
  const labels = name.split('.');
  const isHostName = labels.length > 1 && labels.every((part) => label.test(part));
  return isHostName
    ? undefined
    : 'must be a host name such as go.example.com, without a scheme, a port or a dot at its end';
}
