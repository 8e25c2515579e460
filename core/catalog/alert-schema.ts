import { z } from 'zod';
import { limits } from '../limits/limits.ts';
import { alertMeasures } from './alert-rule.ts';
import { decimal, id, whole } from './plain-fields.ts';

/** The shape of `alerts` in a catalog file. Rules for two fields are in alert-references.ts. */

const { rulesMax } = limits.alerts;

const change = 'must be a whole percentage from -99 to 10000, and not 0';

const alert = z.strictObject({
  id,
  measure: z.enum(alertMeasures),
  offer_id: id.optional(),
  affiliate_id: id.optional(),
  reason: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*$/, 'must be a reason such as click-expired')
    .max(64, 'must have at most 64 characters')
    .optional(),
  below: decimal.optional(),
  above: decimal.optional(),
  change_percent: z
    .int({ error: change })
    .min(-99, change)
    .max(10_000, change)
    .refine((percent) => percent !== 0, change)
    .optional(),
  min_clicks: whole(1, 1_000_000).optional(),
  min_conversions: whole(1, 1_000_000).optional(),
});

export const alertList = z.array(alert).max(rulesMax, `must have at most ${rulesMax} rules`);
