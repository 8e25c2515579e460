import { z } from 'zod';
import { plainMessage, problemOf } from './problems.ts';

/**
 * keeptrack.config.json: what a deployment is. Read by the CDK app, the operator's CLI and the local cloud; never by
 * a function, which gets all of it by environment.
 */

/** ARNs and host names of China, GovCloud and the isolated regions begin and end differently: core/resource-names.ts. */
const region = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as us-east-1')
  .regex(/^(?!cn-|us-gov-|[a-z]+-iso)/, 'must be a region of the standard AWS partition');

/** As many digits as the functions read. */
const oneIn = z.number().int().min(0).max(999_999_999).default(1_000);

const schema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z][a-z0-9-]{1,19}$/, 'must be 2 to 20 of a-z, 0-9 and "-", and start with a letter'),
  account: z.string().regex(/^\d{12}$/, 'must be the 12 digits of an AWS account'),
  regions: z.tuple([region, region], 'must be two regions, the primary one first'),
  /** The catalog that is built into the functions: the last resort on a cold start. */
  catalog: z.string().min(1).default('examples/catalog.yaml'),
  domain: z
    .strictObject({
      zoneName: z.string().min(1),
      zoneId: z.string().regex(/^Z[A-Z0-9]+$/, 'must be a hosted zone id such as Z0123456789ABC'),
      /** The tracking name, for example go.example.com. */
      record: z.string().min(1),
    })
    .optional(),
  routing: z.enum(['failover', 'weighted']).default('failover'),
  /** How long the event log is kept. */
  retentionDays: z.number().int().min(1).max(36_500).default(1_095),
  alarmAddress: z.email().optional(),
  capture: z
    .strictObject({
      peerFirstOneIn: oneIn,
      viaQueueOneIn: oneIn,
      clickCapture: z.enum(['home', 'both']).default('home'),
    })
    .prefault({}),
});

export type DeployConfig = z.output<typeof schema>;

export type ParsedDeployConfig =
  | { readonly kind: 'valid'; readonly config: DeployConfig }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** `text` is the file's; every problem is reported, one line each, in the form `path: what must change`. */
export function parseDeployConfig(text: string): ParsedDeployConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'invalid', problems: [`not JSON: ${(error as Error).message}`] };
  }
  const result = schema.safeParse(value, { error: plainMessage });
  const problems = [...(result.error?.issues ?? []).map(problemOf), ...crossProblems(value)];
  return result.success && problems.length === 0
    ? { kind: 'valid', config: result.data }
    : { kind: 'invalid', problems };
}

/** What concerns two fields; read from the raw value, so that one mistake hides no other. */
function crossProblems(value: unknown): string[] {
  const { regions, domain } = (value ?? {}) as { regions?: unknown; domain?: { record?: unknown; zoneName?: unknown } };
  const problems: string[] = [];
  if (Array.isArray(regions) && regions.length === 2 && regions[0] === regions[1]) {
    problems.push('regions: must be two different regions');
  }
  const { record, zoneName } = domain ?? {};
  if (typeof record === 'string' && typeof zoneName === 'string' && !record.endsWith(`.${zoneName}`)) {
    problems.push('domain.record: must be a name inside domain.zoneName');
  }
  return problems;
}

/** The other one of the two regions. */
export function peerOf(config: DeployConfig, home: string): string {
  return config.regions[0] === home ? config.regions[1] : config.regions[0];
}
