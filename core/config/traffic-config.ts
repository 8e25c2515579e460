import { z } from 'zod';
import { limits } from '../limits/limits.ts';
import { hostNameProblem } from './host-name.ts';
import { regionalName } from './resource-names.ts';

/** The part of the deploy config that says by which names traffic comes, how it is spread, and how much is let in. */

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
   * With `routing` weighted: a region gets its weight's share of all weights while both are healthy. Zero is not taken,
   * because a region without traffic is one that nobody knows to work; to empty a region there is `keeptrack shift`.
   * Left out, both get the same.
   */
  weights: z.record(z.string(), z.number().int().min(1).max(255)).optional(),
  /**
   * What each region lets in. It has to carry both regions' traffic, and takes it from what the account may have in that
   * region for all its HTTP APIs together, 10,000 a second and bursts of 5,000 unless AWS raised it: half of that.
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

/** What concerns two fields; read from the raw value, so that one mistake hides no other. */
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
  if (routing !== 'weighted') return ['weights: belong to routing "weighted"'];
  const named = Object.keys(weights).sort().join(', ');
  const wanted = [...regions].sort().join(', ');
  return named === wanted ? [] : [`weights: must name both regions (${wanted}) and nothing else`];
}
