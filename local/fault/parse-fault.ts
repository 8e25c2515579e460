import { z } from 'zod';
import { parseDurationMs } from '../../core/config/duration.ts';
import { type Fault, faultEffects, faultServices } from './fault.ts';
import { actionsOf, effectsOf, meaningless, settingsOf } from './fault-rules.ts';

/** Reads faults as people write them, in scenario files and in `POST /api/faults`. Durations are text such as `10s`. */

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
  partners: z.array(z.string().min(1)).min(1).optional(),
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

/** Also a part of the schema of scenario files. */
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

/** Reports every problem in one line: `key: what must change`. A region must be one of `regions`. */
export function parseFault(value: unknown, regions: readonly string[]): ParsedFault {
  const result = faultSchema.safeParse(value);
  const problems = (result.error?.issues ?? []).map(({ path, message }) => `${path.join('.') || 'fault'}: ${message}`);
  const problem = unknownRegion(fitFieldsOf(value).region, regions);
  if (problem !== undefined) problems.push(problem);
  return result.success && problems.length === 0
    ? { kind: 'valid', fault: result.data }
    : { kind: 'invalid', problems };
}

/** A fault in a region that does not exist would break nothing. */
function unknownRegion(region: string | undefined, regions: readonly string[]): string | undefined {
  if (region === undefined || regions.includes(region)) return undefined;
  return `region: must be one of ${regions.join(', ')}, not ${JSON.stringify(region)}`;
}

/** Returns the fields that are valid by themselves. So contradictions are found even when another field is wrong. */
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
  return [['effect', `${effect} is not possible on ${service}, which supports ${effectsOf[service].join(', ')}`]];
}

function wrongSettings(fault: Partial<Written>): readonly Problem[] {
  const { effect } = fault;
  if (effect === undefined) return [];
  return settingsOf.flatMap(({ setting, effects, required }): readonly Problem[] => {
    const present = fault[setting] !== undefined;
    const fits = effects.includes(effect);
    if (present && !fits) return [[setting, `does not apply to ${effect}, only to ${effects.join(', ')}`]];
    return required && fits && !present ? [[setting, `is needed by ${effect}`]] : [];
  });
}

function unknownActions({ service, actions = [] }: Partial<Written>): readonly Problem[] {
  if (service === undefined || actions.length === 0) return [];
  const known = actionsOf[service];
  if (known.length === 0) return [['actions', `do not apply to ${service}`]];
  return actions
    .filter((action) => !known.includes(action))
    .map((action) => ['actions', `${action} is not an action of ${service}, which has ${known.join(', ')}`]);
}

function wrongScope(fault: Partial<Written>): readonly Problem[] {
  const { service, effect, for: lasts } = fault;
  const problems = meaningless
    .filter(({ setting, to }) => fault[setting] !== undefined && (to === service || to === effect))
    .map(({ setting, to, because }): Problem => {
      const verb = setting === 'callers' ? 'do' : 'does';
      return [setting, `${verb} not apply to ${to}: ${because}`];
    });
  if (fault.partners !== undefined && service !== 'partners')
    problems.push(['partners', 'do only apply to the service partners']);
  if (lasts !== 0) return problems;
  return [['for', 'must be longer than 0; without it the fault lasts until it is removed'], ...problems];
}

function withoutAbsent(fault: { [Key in keyof Fault]: Fault[Key] | undefined }): Fault {
  return Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== undefined)) as unknown as Fault;
}
