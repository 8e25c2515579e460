import { z } from 'zod';
import { parseDurationMs } from '../../core/config/duration.ts';
import { plantKinds } from '../faults/planted-object.ts';
import type { DrillStep, StepAction } from '../faults/steps.ts';

export const durationSchema = z
  .string({ error: 'must be a duration such as 250ms, 10s or 2m' })
  .transform((text, context) => {
    const ms = parseDurationMs(text);
    if (ms !== undefined && ms > 0) return ms;
    context.addIssue({ code: 'custom', message: `must be a duration such as 250ms, 10s or 2m, not "${text}"` });
    return z.NEVER;
  });

const written = z.strictObject({
  at: durationSchema,
  command: z.string().min(1).optional(),
  says: z.string().min(1).optional(),
  ledger: z.literal('make-final', { error: 'must be make-final' }).optional(),
  plant: z.enum(plantKinds).optional(),
  region: z.string().min(1).optional(),
});

/** A step in a scenario file: a moment and one action. */
export const stepSchema = written.transform(({ at: atMs, ...said }, context): DrillStep => {
  const action = actionOf(said);
  if (typeof action === 'object') return { atMs, action };
  context.addIssue({ code: 'custom', message: action });
  return z.NEVER;
});

/** The action, or a text that says what is wrong. */
function actionOf({ command, says, ledger, plant, region }: Omit<z.output<typeof written>, 'at'>): StepAction | string {
  if ([command, ledger, plant].filter((one) => one !== undefined).length !== 1)
    return 'must have exactly one of command, ledger and plant';
  if ((plant === 'rot') !== (region !== undefined)) return 'must have a region if it has plant: rot, and only then';
  if (command !== undefined) return { kind: 'command', command, ...(says !== undefined && { says }) };
  if (says !== undefined) return 'must have a command if it has says';
  return plant === undefined ? { kind: 'ledger' } : { kind: 'plant', what: plant, region: region ?? '' };
}
