import type { Command } from 'commander';
import type { Postback } from '../../../core/catalog/catalog.ts';
import { maskedTarget } from '../../../core/postbacks/masked-target.ts';
import { isSuspended, type PostbackHealth } from '../../../core/postbacks/suspension.ts';
import { utcText } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { tableLines } from '../../cli/text-table.ts';
import { readHealthBooks } from '../../clients/postback-objects.ts';
import { withPostbacks } from './postbacks-task.ts';

export function addPostbackList(parent: Command, shell: Shell): void {
  parent
    .command('list')
    .description('list the postbacks of the published catalog, and how their partners answer')
    .addHelpText('after', helpNotes(['postbacks list'], 'Exit codes: 0 no postback is suspended; 1 one is.'))
    .action((_: unknown, command: Command) => list(command.optsWithGlobals<GlobalOptions>(), shell));
}

function list(options: GlobalOptions, shell: Shell): Promise<void> {
  return withPostbacks(options, shell, async ({ buckets, catalog }) => {
    const book = await readHealthBooks(buckets);
    const postbacks = [...catalog.postbacks.values()].map((postback) => ({ postback, health: book.get(postback.id) }));
    if (options.json) shell.out(JSON.stringify({ postbacks: postbacks.map(jsonOf) }, null, 2));
    else if (postbacks.length === 0) shell.out('the catalog has no postbacks');
    else for (const line of tableLines([titles, ...postbacks.map(cellsOf)])) shell.out(line);
    if (postbacks.some(({ health }) => isSuspended(health))) shell.exitWith(1);
  });
}

interface Listed {
  readonly postback: Postback;
  readonly health: PostbackHealth | undefined;
}

/** The values of the URL's parameters can be keys of the partner. */
function jsonOf({ postback, health }: Listed) {
  const { url, ...said } = postback;
  return { ...said, target: maskedTarget(url), ...(health && { health }) };
}

const titles = ['id', 'affiliate', 'offer', 'goal', 'on', 'target', 'its partner'];

function cellsOf({ postback, health }: Listed): readonly string[] {
  const { id, affiliate_id, offer_id, goal_id, on, method, url } = postback;
  const goal = goal_id === undefined ? 'default' : orAll(goal_id);
  const target = `${method} ${maskedTarget(url)}`;
  return [`${id}`, orAll(affiliate_id), orAll(offer_id), goal, on.join(), target, healthText(postback, health)];
}

function orAll(id: number): string {
  return id === 0 ? 'all' : `${id}`;
}

function healthText({ status }: Postback, health: PostbackHealth | undefined): string {
  if (status === 'paused') return 'paused in the catalog';
  if (health?.suspendedAtMs !== undefined) return `SUSPENDED since ${utcText(health.suspendedAtMs)}`;
  if (health?.firstFailureMs !== undefined)
    return `fails since ${utcText(health.firstFailureMs)}, ${health.failures} times in a row`;
  return health?.lastSuccessMs === undefined ? 'not called yet' : `answers, last at ${utcText(health.lastSuccessMs)}`;
}
