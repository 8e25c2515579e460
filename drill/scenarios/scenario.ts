import { z } from 'zod';
import { readYaml } from '../../core/config/read-yaml.ts';
import type { Fault } from '../../local/fault/fault.ts';
import { faultSchema } from '../../local/fault/parse-fault.ts';
import type { DrillStep } from '../faults/steps.ts';
import type { Load } from '../load/arrivals.ts';
import { type EntryPoint, entryPoints } from '../load/entry-point.ts';
import type { Bound, Expectations } from './expectations.ts';
import { crossProblems } from './scenario-rules.ts';
import { durationSchema, stepSchema } from './scenario-steps.ts';

/** A drill's load, faults, steps and expectations. docs/drills.md is the reference of the file. */
export interface Scenario {
  readonly name: string;
  readonly seed: number;
  /** Schedules and health checks run this many times faster than on AWS. */
  readonly speed: number;
  readonly durationMs: number;
  /** How long queues may take to drain after healing, in real time. */
  readonly settleMs: number;
  /** The pause before the load begins, in real time. */
  readonly idleMs: number;
  /** The end of the duration, in which the load sends nothing. Faults and steps go on. */
  readonly quietMs: number;
  readonly load: Load;
  /** A catalog of drill/catalogs in the place of the project's. */
  readonly catalog?: (typeof catalogNames)[number];
  readonly entry: EntryPoint;
  /** From the region that runs an earlier release to the commit of that release. */
  readonly releases: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
  readonly steps: readonly DrillStep[];
  /**
   * `asked`: the drill asks the ledgers to make all hours final before it reads the figures. `by-itself`: the drill
   * waits until the ledgers have noticed all changes themselves.
   */
  readonly ledger: (typeof ledgerModes)[number];
  readonly expect: Expectations;
}

/** Longer than the messages of a killed function can stay invisible, and enough for their delivery afterwards. */
const settleDefaultMs = 240_000;
const eventsASecondMax = 1_000;

const catalogNames = ['capped'] as const;
const ledgerModes = ['asked', 'by-itself'] as const;

const rate = z.number().min(0).max(eventsASecondMax).default(0);

const bound = z
  .union([z.literal('never'), z.number(), z.strictObject({ min: z.number().optional(), max: z.number().optional() })], {
    error: 'must be a number, bounds such as { max: 5 }, or never',
  })
  .transform((value): Bound => {
    if (value === 'never') return { never: true };
    return typeof value === 'number' ? { min: value, max: value } : (value as Bound);
  })
  .refine(
    ({ min, max, never }) => never || min !== undefined || max !== undefined,
    'needs min or max: otherwise every value would pass',
  )
  .refine(
    ({ min, max }) => min === undefined || max === undefined || min <= max,
    'has a min above its max: no value can pass',
  );

const schema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be of a-z, 0-9 and "-"'),
  seed: z.number().int().min(0).max(0xffff_ffff),
  speed: z.number().min(1).max(100).default(1),
  duration: durationSchema,
  settle: durationSchema.default(settleDefaultMs),
  idle: durationSchema.default(0),
  quiet: durationSchema.default(0),
  load: z.strictObject({
    clicks: rate,
    impressions: rate,
    conversions: rate,
    repeats: z.number().min(0).max(1).default(0.1),
    burst: z
      .strictObject({ at: durationSchema, for: durationSchema, times: z.number().int().min(2).max(20) })
      .optional(),
  }),
  catalog: z.enum(catalogNames).optional(),
  entry: z.enum(entryPoints).default('name'),
  releases: z
    .record(z.string(), z.string().regex(/^[0-9a-f]{40}$/, 'must be a commit, of 40 hexadecimal digits'))
    .default({}),
  faults: z.array(faultSchema).default([]),
  steps: z.array(stepSchema).default([]),
  ledger: z.enum(ledgerModes).default('asked'),
  expect: z.record(z.string(), bound).default({}),
});

export type ParsedScenario =
  | { readonly kind: 'valid'; readonly scenario: Scenario }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** `regions`: the regions that a fault may name. Reports every problem in one line: `path: what must change`. */
export function parseScenario(text: string, regions: readonly string[]): ParsedScenario {
  const file = readYaml(text);
  if (file.kind === 'unreadable') return { kind: 'invalid', problems: file.problems };
  const written = file.value;
  const result = schema.safeParse(written);
  const problems = [...(result.error?.issues ?? []).flatMap(problemLines), ...crossProblems(written, regions)];
  if (!result.success || problems.length > 0) return { kind: 'invalid', problems };
  const { duration: durationMs, settle: settleMs, idle: idleMs, quiet: quietMs, load, catalog, ...same } = result.data;
  const chosen = catalog === undefined ? {} : { catalog };
  const times = { durationMs, settleMs, idleMs, quietMs };
  return { kind: 'valid', scenario: { ...same, ...chosen, ...times, load: loadOf(load) } };
}

function loadOf({ burst, ...rates }: z.infer<typeof schema>['load']): Load {
  if (burst === undefined) return rates;
  return { ...rates, burst: { atMs: burst.at, forMs: burst.for, times: burst.times } };
}

function problemLines(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [`${path || 'file'}: ${issue.message}`];
  return issue.keys.map((key) => `${path ? `${path}.` : ''}${key}: is not a known key`);
}
