import { z } from 'zod';
import { limits } from '../../core/limits/limits.ts';
import { parseJson } from '../../core/parse-json.ts';
import { refuse } from '../cli/refuse.ts';
import type { Shell } from '../cli/shell.ts';

/** Addresses of a running local cloud, as its console gives them. */
export type LocalCloudUrls = z.output<typeof urls>;

const names = { name: z.url(), region: z.record(z.string(), z.url()) };
const urls = z.object({ ...names, endpoint: z.url(), overHttp: z.object(names).optional() });
const state = z.object({ urls });

/** Prints the reason, sets exit code 2 and returns undefined when no local cloud answers. */
export async function findLocalCloud(console: string, shell: Shell): Promise<LocalCloudUrls | undefined> {
  const answer = await shell.http({ origin: console, target: '/api/state', budgetMs: limits.operator.requestMs });
  const parsed = answer.status === 200 ? state.safeParse(parseJson(answer.body)) : undefined;
  if (parsed?.success) return parsed.data.urls;
  const reason = answer.status === 0 ? answer.error : `${console}/api/state answers ${answer.status} without a state`;
  return refuse(
    shell,
    `--local: no local cloud at ${console} (${reason}): run npm start, or give the console URL that it prints`,
  );
}
