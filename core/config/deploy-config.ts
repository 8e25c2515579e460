import { z } from 'zod';
import { keptShares } from '../event/privacy.ts';
import { limits } from '../limits/limits.ts';
import { concurrencyFields, concurrencyProblems } from './concurrency.ts';
import { plainMessage, problemOf } from './problems.ts';
import { isTimeZone } from './time-zone.ts';
import { trafficFields, trafficProblems } from './traffic-config.ts';

/**
 * keeptrack.config.json, which describes a deployment. The CDK app, the operator's CLI and the local cloud read it.
 * Functions never do: they get their settings as environment variables (settings.ts).
 */

/** Other partitions (China, GovCloud, isolated regions) have other ARNs and host names than resource-names.ts makes. */
const region = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as us-east-1')
  .regex(/^(?!cn-|us-gov-|[a-z]+-iso)/, 'must be a region of the standard AWS partition');

/** `parseOneIn` (settings.ts) reads at most so many digits. */
const oneIn = z.number().int().min(0).max(999_999_999).default(1_000);

const schema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z][a-z0-9-]{1,19}$/, 'must be 2 to 20 of a-z, 0-9 and "-", and start with a letter'),
  /**
   * The part of a stack's name before the region. Only a deployment of an early release with another name than
   * `keeptrack` needs it, to keep its stacks: docs/deploy.md, "Several deployments in one account".
   */
  stackPrefix: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be at most 64 of A-Z, a-z, 0-9 and "-", and start with a letter')
    .optional(),
  account: z.string().regex(/^\d{12}$/, 'must be the 12 digits of an AWS account'),
  regions: z.tuple([region, region], 'must be two regions, the primary one first'),
  /** The catalog file that is built into the functions, as the last resort on a cold start. */
  catalog: z.string().min(1).default('examples/catalog.yaml'),
  ...trafficFields,
  ...concurrencyFields,
  /** How long the event log is kept. */
  retentionDays: z
    .number()
    .int()
    .min(limits.eventLog.retentionDaysMin, `must be at least ${limits.eventLog.retentionDaysMin}`)
    .max(36_500)
    .default(1_095),
  alarmAddress: z.email().optional(),
  /**
   * The version of the signing keys' secret for the functions. `keeptrack keys` writes it. Absent = the current one.
   */
  signingKeysVersion: z
    .string()
    .regex(/^[A-Za-z0-9-]{32,64}$/, 'must be the id of a version in Secrets Manager, as keeptrack keys writes it')
    .optional(),
  capture: z
    .strictObject({
      peerFirstOneIn: oneIn,
      viaQueueOneIn: oneIn,
      clickCapture: z.enum(['home', 'both']).default('home'),
    })
    .prefault({}),
  /**
   * How long `store` waits for further events before it writes a segment, in seconds. A longer wait makes fewer
   * segments and leaves a click longer in one region's queue alone (docs/decisions/0015).
   */
  storeWindowSeconds: z
    .number()
    .int()
    .min(limits.store.windowSeconds.least)
    .max(limits.store.windowSeconds.most)
    .default(limits.store.windowSeconds.usual),
  /**
   * Whether partners are told of conversions by the postbacks of the catalog. What postbacks need is then kept beside the
   * figures.
   */
  postbacks: z.boolean().default(true),
  /** How much an event keeps of the person behind a request (core/event/privacy.ts). */
  privacy: z
    .strictObject({
      clientAddress: z.enum(keptShares).default('truncated'),
      userAgent: z.enum(keptShares).default('full'),
    })
    .prefault({}),
  /**
   * The network's time zone: of hours and days in `keeptrack report`, and of the days in which a visitor counts once. Stored
   * figures are by quarters of an hour of UTC.
   */
  reporting: z
    .strictObject({
      timeZone: z.string().refine(isTimeZone, 'must be a time zone such as UTC or America/New_York').default('UTC'),
    })
    .prefault({}),
});

export type DeployConfig = z.output<typeof schema>;

export type ParsedDeployConfig =
  | { readonly kind: 'valid'; readonly config: DeployConfig }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** `text` is the content of the file. Reports every problem in a line of its own: `path: what must change`. */
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

/** Problems that concern two fields. They are looked for in the raw value, so that one mistake hides no other. */
function crossProblems(value: unknown): string[] {
  const { regions } = (value ?? {}) as { regions?: unknown };
  const isTwice = Array.isArray(regions) && regions.length === 2 && regions[0] === regions[1];
  return [
    ...(isTwice ? ['regions: must be two different regions'] : []),
    ...trafficProblems(value),
    ...concurrencyProblems(value),
  ];
}

/** The other of the two regions. */
export function peerOf(config: DeployConfig, home: string): string {
  return config.regions[0] === home ? config.regions[1] : config.regions[0];
}

const evenWeight = 50;

/** The weight of a region's DNS record when `routing` is `weighted`. */
export function weightOf({ weights }: DeployConfig, region: string): number {
  return weights?.[region] ?? evenWeight;
}
