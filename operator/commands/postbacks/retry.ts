import type { Command } from 'commander';
import type { Catalog } from '../../../core/catalog/catalog.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import type { Delivery } from '../../../core/postbacks/delivery-state.ts';
import { type HealthBook, isSuspended } from '../../../core/postbacks/suspension.ts';
import { plural } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { readDeliveriesOfHour, readHealthBooks } from '../../clients/postback-objects.ts';
import { parseReference } from '../../conversions/conversion-reference.ts';
import { askedHours } from '../../figures/asked-hours.ts';
import { addRangeOptions, type RangeOptions } from '../../figures/quarter-range.ts';
import { askAgain } from './ask-again.ts';
import { type PostbacksPlace, parsePostbackId, withPostbacks } from './postbacks-task.ts';
import { deliveriesOf } from './show.ts';

interface RetryOptions extends GlobalOptions, RangeOptions {
  readonly postback?: string;
}

export function addPostbackRetry(parent: Command, shell: Shell): void {
  const command = parent
    .command('retry')
    .description('send failed postbacks again: of one conversion, or of one postback and some days')
    .argument('[id]', 'a transaction id, an event id or a conversion key')
    .option('--postback <id>', 'all failed ones of this postback, by the time of the conversions');
  addRangeOptions(command, 'now')
    .addHelpText(
      'after',
      helpNotes(
        ['postbacks retry AQFrBDPX4Y6glvYAAAAPAAI2aUvBhGoECVn7', 'postbacks retry --postback 12 --from 2d'],
        'Delivered ones are not sent again. notify sends the others within a minute or two, with new retries.',
        'Those that wait for their next attempt are sent at once. The command waits while notify sends the same minute.',
      ),
    )
    .action((id: string | undefined, _: unknown, called: Command) =>
      retry(id, called.optsWithGlobals<RetryOptions>(), shell),
    );
}

async function retry(id: string | undefined, options: RetryOptions, shell: Shell): Promise<void> {
  const { postback } = options;
  if ((id === undefined) === (postback === undefined)) return refuse(shell, 'name a conversion, or --postback');
  const postbackId = parsePostbackId(postback ?? '');
  if (postback !== undefined && postbackId === undefined)
    return refuse(shell, `--postback: ${postback} is no id of a postback`);
  const reference = id === undefined ? undefined : parseReference(id);
  if (id !== undefined && reference === undefined)
    return refuse(shell, `${id}: is no transaction id, no event id and no conversion key`);
  await withPostbacks(options, shell, async (place) => {
    const health = await readHealthBooks(place.buckets);
    const problem = postbackId === undefined ? undefined : whyHeld(postbackId, place.catalog, health);
    if (problem !== undefined) return refuse(shell, problem);
    const found =
      id !== undefined && reference
        ? await deliveriesOf({ id, reference }, place, shell)
        : await deliveriesIn(postbackId ?? 0, options, place, shell);
    if (found) await sendAgain(found, { ...place, health }, options, shell);
  });
}

/** Why `notify` would give up what is sent again, and what to do about it. */
function whyHeld(postbackId: number, { postbacks }: Catalog, health: HealthBook): string | undefined {
  const postback = postbacks.get(postbackId);
  if (postback === undefined) return `${postbackId}: the catalog has no such postback`;
  if (postback.status === 'paused') return `postback ${postbackId} is paused in the catalog: make it active first`;
  if (!isSuspended(health.get(postbackId))) return undefined;
  return `postback ${postbackId} is suspended: run keeptrack postbacks resume ${postbackId} first`;
}

/** Undefined when the options are wrong. */
async function deliveriesIn(
  postbackId: number,
  options: RetryOptions,
  { deployment, buckets }: PostbacksPlace,
  shell: Shell,
): Promise<readonly Delivery[] | undefined> {
  const asked = askedHours(options, deployment, 'until-now', shell);
  if (!asked) return undefined;
  const found: Delivery[] = [];
  for (const [index, hour] of asked.hours.entries()) {
    shell.progress(`hour ${index + 1} of ${asked.hours.length}`);
    const states = await readDeliveriesOfHour(buckets, parseHourName(hour));
    const all = states.flatMap(({ deliveries }) => [...deliveries.values()]);
    found.push(...all.filter((one) => one.postbackId === postbackId));
  }
  return found;
}

interface RetryPlace extends PostbacksPlace {
  readonly health: HealthBook;
}

async function sendAgain(
  found: readonly Delivery[],
  { catalog, health, buckets }: RetryPlace,
  { json }: RetryOptions,
  shell: Shell,
): Promise<void> {
  // A standing that the next one has overtaken stays untold: the partner would take it for the newest.
  const open = found.filter(({ status }) => status === 'failed' || status === 'due');
  const held = new Set(open.flatMap(({ postbackId }) => whyHeld(postbackId, catalog, health) ?? []));
  const wanted = open.filter(({ postbackId }) => whyHeld(postbackId, catalog, health) === undefined);
  const { asked, failed, late } = await askAgain(wanted, buckets, shell);
  if (json) shell.out(JSON.stringify({ sentAgain: asked, failed: [...failed, ...held] }, null, 2));
  else shell.out(asked === 0 ? 'no postback is sent again' : `${plural(asked, 'postback')} will be sent again`);
  for (const reason of late) shell.progress(`${reason}: the other region sends them`);
  for (const reason of [...held, ...failed]) shell.error(reason);
  if (failed.length + held.size > 0) shell.exitWith(1);
}
