import { z } from 'zod';
import { type CapName, capModes, capNames, overCapWords } from '../caps/cap.ts';
import { decimal, id, whole } from './plain-fields.ts';

/** The shape of caps in a catalog file. Rules for two fields or entries are in cap-references.ts. */

const count = whole(0, 999_999_999).optional();
const money = decimal.optional();

type Shapes = {
  readonly [Name in CapName]: Name extends `${string}${'conversion' | 'click'}_cap` ? typeof count : typeof money;
};

const caps = Object.fromEntries(
  capNames.map((name) => [name, /conversion|click/.test(name) ? count : money]),
) as unknown as Shapes;

/** These have no defaults, so a catalog without caps keeps its version. */
export const offerCaps = {
  ...caps,
  cap_mode: z.enum(capModes).optional(),
  over_cap: z.enum(overCapWords).optional(),
  caps_count_goals: z.boolean().optional(),
};

export const affiliateCaps = z.strictObject({ affiliate_id: id, offer_id: id, ...caps });

export const capAlertPercent = whole(1, 100);
