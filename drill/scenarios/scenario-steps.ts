import { z } from 'zod';
import { parseDurationMs } from '../../core/config/duration.ts';
import { changeNames } from '../faults/attempt-change.ts';
import { plantKinds } from '../faults/planted-object.ts';
import type { DrillStep, StepAction } from '../faults/steps.ts';
import { saleStatuses } from '../load/links.ts';
import { verdicts } from '../load/operator-words.ts';

export const durationSchema = z
  .string({ error: 'must be a duration such as 250ms, 10s or 2m' })
  .transform((text, context) => {
    const ms = parseDurationMs(text);
    if (ms !== undefined && ms > 0) return ms;
    context.addIssue({ code: 'custom', message: `must be a duration such as 250ms, 10s or 2m, not "${text}"` });
    return z.NEVER;
  });

const at = durationSchema;
const text = z.string().min(1);
const count = z.number().int().min(1);

const callCount = z.strictObject({
  call: z.string().regex(/^[a-z0-9]+:[A-Za-z0-9]+$/, 'must be a call such as s3:CopyObject'),
  count,
});

/** From the key that names the action to the step with this action. */
const stepKinds = {
  command: z
    .strictObject({
      at,
      command: text,
      says: text.optional(),
      exits: z.literal(1).optional(),
      killAfter: callCount.optional(),
    })
    .refine(
      ({ says, exits, killAfter }) => (says ?? exits) === undefined || killAfter === undefined,
      'a killed command says nothing',
    )
    .transform(({ at: atMs, command, says, exits, killAfter }) =>
      step(atMs, {
        kind: 'command',
        command,
        ...(says !== undefined && { says }),
        ...(exits !== undefined && { exits }),
        ...(killAfter && { killAfter }),
      }),
    ),
  ledger: z
    .strictObject({ at, ledger: z.literal('make-final', { error: 'must be make-final' }) })
    .transform(({ at: atMs }) => step(atMs, { kind: 'ledger' })),
  plant: z
    .strictObject({ at, plant: z.enum(plantKinds), region: text.optional() })
    .refine(
      ({ plant, region }) => (plant === 'rot') === (region !== undefined),
      'must have a region if it has plant: rot, and only then',
    )
    .transform(({ at: atMs, plant, region = '' }) => step(atMs, { kind: 'plant', what: plant, region })),
  decide: z
    .strictObject({ at, decide: z.enum(verdicts), count, times: count.default(1) })
    .transform(({ at: atMs, decide, ...often }) => step(atMs, { kind: 'decide', verdict: decide, ...often })),
  adjust: z
    .strictObject({ at, adjust: z.literal('add', { error: 'must be add' }), count, times: count.default(1) })
    .transform(({ at: atMs, adjust: _, ...often }) => step(atMs, { kind: 'adjust', ...often })),
  report: z
    .strictObject({ at, report: z.enum(saleStatuses), count })
    .transform(({ at: atMs, report, count: sales }) => step(atMs, { kind: 'report', status: report, count: sales })),
  figures: z
    .strictObject({ at, figures: z.literal('right', { error: 'must be right' }), region: text })
    .transform(({ at: atMs, region }) => step(atMs, { kind: 'figures', region })),
  alerts: z
    .strictObject({ at, alerts: z.number().int().min(0) })
    .transform(({ at: atMs, alerts }) => step(atMs, { kind: 'alerts', count: alerts })),
  postbacks: z
    .strictObject({ at, postbacks: z.literal('told', { error: 'must be told' }), region: text })
    .transform(({ at: atMs, region }) => step(atMs, { kind: 'postbacks', region })),
  attempt: z
    .strictObject({ at, attempt: z.enum(changeNames), answer: z.literal('refused', { error: 'must be refused' }) })
    .transform(({ at: atMs, attempt }) => step(atMs, { kind: 'attempt', change: attempt })),
  advance: z
    .strictObject({ at, advance: durationSchema })
    .transform(({ at: atMs, advance: ms }) => step(atMs, { kind: 'advance', ms })),
  lose: z
    .strictObject({ at, lose: z.literal('everything', { error: 'must be everything' }), region: text })
    .transform(({ at: atMs, region }) => step(atMs, { kind: 'lose', region })),
} as const;

function step(atMs: number, action: StepAction): DrillStep {
  return { atMs, action };
}

const kinds = Object.keys(stepKinds) as (keyof typeof stepKinds)[];

/** A step in a scenario file: a moment and one action. */
export const stepSchema = z.looseObject({}).transform((written, context): DrillStep => {
  const [kind, ...others] = kinds.filter((one) => one in written);
  if (kind === undefined || others.length > 0) {
    context.addIssue({ code: 'custom', message: `must have exactly one of ${kinds.join(', ')}` });
    return z.NEVER;
  }
  const read = stepKinds[kind].safeParse(written);
  if (read.success) return read.data;
  for (const issue of read.error.issues) context.addIssue({ ...issue });
  return z.NEVER;
});
