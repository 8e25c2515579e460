import { z } from 'zod';
import { postbackMethods, postbackStandings, postbackStatuses } from './catalog.ts';
import { id } from './plain-fields.ts';
import { postbackUrlProblem } from './postback-url.ts';

/** The shape of a `postbacks` entry. Rules for several entries are in postback-rules.ts. */

const allOrId = 'must be an id, or 0 for all';
const idOrAll = z
  .int({ error: ({ input }) => (input === undefined ? 'is missing; 0 stands for all' : allOrId) })
  .min(0, allOrId)
  .max(0xffff_ffff, allOrId);

export const postback = z.strictObject({
  id,
  affiliate_id: idOrAll,
  offer_id: idOrAll,
  goal_id: idOrAll.optional(),
  url: z.string().superRefine((url, context) => {
    const problem = postbackUrlProblem(url);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  }),
  method: z.enum(postbackMethods).default('GET'),
  on: z
    .array(z.enum(postbackStandings))
    .min(1, 'must name at least one standing')
    .transform((named) => postbackStandings.filter((standing) => named.includes(standing)))
    .default(['approved']),
  status: z.enum(postbackStatuses).default('active'),
});
