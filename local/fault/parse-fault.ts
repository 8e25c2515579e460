import { z } from 'zod';
import { parseDurationMs } from '../../core/config/duration.ts';
import { type Fault, faultEffects, faultServices } from './fault.ts';
import { actionsOf, effectsOf, meaningless, settingsOf } from './fault-rules.ts';

/** Faults as people write them, in scenario files and in `POST /api/faults`: durations are text such as `10s`. */

const durationMs = z.union([z.string(), z.number()]).transform((value, context) => {
  const ms = value === 0 ? 0 : parseDurationMs(String(value));
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: `must be a duration such as 250ms, 10s or 2m, not ${value}` });
  return z.NEVER;
});

const oneOf = <Name extends string>(names: readonly Name[]) =>
  z.enum(names, { error: ({ input }) => `must be one of ${names.join(', ')}, not ${JSON.stringify(input)}` });

const written = z.strictObject({
  region: z.string().min(1).optional(),
  service: oneOf(faultServices),
  effect: oneOf(faultEffects),
  actions: z.array(z.string().min(1)).min(1).optional(),
  callers: z.array(z.string().min(1)).min(1).optional(),
  keys: z.array(z.string().min(1)).min(1).optional(),
  rate: z.number().gt(0).max(1).optional(),
  status: z.number().int().min(400).max(599).optional(),
  code: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9.]{0,63}$/, 'must be an error code such as SlowDown')
    .optional(),
  delay: durationMs.optional(),
  perSecond: z.number().min(0).optional(),
  at: durationMs.optional(),
  for: durationMs.optional(),
});

type Written = z.output<typeof written>;
type Problem = readonly [key: string, message: string];

/** For the schema of a scenario file, whose faults are these. */
export const faultSchema = z.unknown().transform((value, context): Fault => {
  const result = written.safeParse(value);
  const fieldProblems = result.error?.issues ?? [];
  for (const { path, message } of fieldProblems) context.addIssue({ code: 'custom', path: [...path], message });
  const contradictions = contradictionsIn(result.data ?? fitFieldsOf(value));
  for (const [key, message] of contradictions) context.addIssue({ code: 'custom', path: [key], message });
  if (!result.success || contradictions.length > 0) return z.NEVER;
  const { at, for: lasts, delay, ...same } = result.data;
  return withoutAbsent({ ...same, atMs: at, forMs: lasts, delayMs: delay });
});

export type ParsedFault =
  | { readonly kind: 'valid'; readonly fault: Fault }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Every problem is reported, one line each, as `key: what must change`. A region must be one of `regions`. */
export function parseFault(value: unknown, regions: readonly string[]): ParsedFault {
  const result = faultSchema.safeParse(value);
  const problems = (result.error?.issues ?? []).map(({ path, message }) => `${path.join('.') || 'fault'}: ${message}`);
  const problem = unknownRegion(fitFieldsOf(value).region, regions);
  if (problem !== undefined) problems.push(problem);
  return result.success && problems.length === 0
    ? { kind: 'valid', fault: result.data }
    : { kind: 'invalid', problems };
}

/** A fault in a region that is not there would break nothing. */
function unknownRegion(region: string | undefined, regions: readonly string[]): string | undefined {
  if (region === undefined || regions.includes(region)) return undefined;
  return `region: must be one of ${regions.join(', ')}, not ${JSON.stringify(region)}`;
}

/** One wrong field must not hide that two others contradict each other: what fits by itself is still looked at. */
function fitFieldsOf(value: unknown): Partial<Written> {
  if (typeof value !== 'object' || value === null) return {};
  const fit = Object.entries(written.shape).flatMap(([key, schema]) => {
    const result = schema.safeParse((value as Record<string, unknown>)[key]);
    return result.success ? [[key, result.data]] : [];
  });
  return Object.fromEntries(fit);
}

function contradictionsIn(fault: Partial<Written>): readonly Problem[] {
  return [...impossibleEffect(fault), ...wrongSettings(fault), ...unknownActions(fault), ...wrongScope(fault)];
}

function impossibleEffect({ service, effect }: Partial<Written>): readonly Problem[] {
  if (service === undefined || effect === undefined || effectsOf[service].includes(effect)) return [];
  return [['effect', `${effect} is not possible on ${service}, which knows ${effectsOf[service].join(', ')}`]];
}

function wrongSettings(fault: Partial<Written>): readonly Problem[] {
  const { effect } = fault;
  if (effect === undefined) return [];
  return settingsOf.flatMap(({ setting, effects, required }): readonly Problem[] => {
    const present = fault[setting] !== undefined;
    const fits = effects.includes(effect);
    if (present && !fits) return [[setting, `means nothing to ${effect}, only to ${effects.join(', ')}`]];
    return required && fits && !present ? [[setting, `is needed by ${effect}`]] : [];
  });
}

function unknownActions({ service, actions = [] }: Partial<Written>): readonly Problem[] {
  if (service === undefined || actions.length === 0) return [];
  const known = actionsOf[service];
  if (known.length === 0) return [['actions', `mean nothing to ${service}`]];
  return actions
    .filter((action) => !known.includes(action))
    .map((action) => ['actions', `${action} is not an action of ${service}, which knows ${known.join(', ')}`]);
}

function wrongScope(fault: Partial<Written>): readonly Problem[] {
  const { service, effect, for: lasts } = fault;
  const problems = meaningless
    .filter(({ setting, to }) => fault[setting] !== undefined && (to === service || to === effect))
    .map(({ setting, to, because }): Problem => {
      const means = setting === 'callers' ? 'mean' : 'means';
      return [setting, `${means} nothing to ${to}: ${because}`];
    });
  if (fault.keys && (service !== 'dynamodb' || effect === 'no-address')) {
    problems.push(['keys', 'mean something to calls of dynamodb only']);
  }
  if (lasts !== 0) return problems;
  return [['for', 'must be longer than 0, or left out: then it lasts until it is removed'], ...problems];
}

function withoutAbsent(fault: { [Key in keyof Fault]: Fault[Key] | undefined }): Fault {
  return Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== undefined)) as unknown as Fault;
}
