import type { Command } from 'commander';
import type { Delivery } from '../../../core/postbacks/delivery-state.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { askPublishedKeys } from '../../clients/operator-key-lists.ts';
import { deliveriesAt } from '../../clients/postback-objects.ts';
import { type ConversionReference, parseReference } from '../../conversions/conversion-reference.ts';
import { searchConversions } from '../../conversions/find-conversions.ts';
import { notFoundText } from '../../conversions/found-text.ts';
import { withConversions } from '../../conversions/open-conversions.ts';
import { deliveryLines } from './delivery-lines.ts';
import { type PostbacksPlace, withPostbacks } from './postbacks-task.ts';

export function addPostbackShow(parent: Command, shell: Shell): void {
  parent
    .command('show')
    .description('show which partners were told of a conversion, and how they answered')
    .argument('<id>', 'a transaction id, an event id or a conversion key')
    .addHelpText('after', helpNotes(['postbacks show AQFrBDPX4Y6glvYAAAAPAAI2aUvBhGoECVn7']))
    .action((id: string, _: unknown, command: Command) => show(id, command.optsWithGlobals<GlobalOptions>(), shell));
}

async function show(id: string, options: GlobalOptions, shell: Shell): Promise<void> {
  const reference = parseReference(id);
  if (!reference) return refuse(shell, `${id}: is no transaction id, no event id and no conversion key`);
  await withPostbacks(options, shell, async (place) => {
    const deliveries = await deliveriesOf({ id, reference }, place, shell);
    if (deliveries === undefined) return;
    if (options.json) shell.out(JSON.stringify({ deliveries }, null, 2));
    else for (const line of deliveryLines(deliveries)) shell.out(line);
  });
}

/**
 * The postbacks of the conversions that a reference names. When there is no such conversion or nobody can tell, prints
 * that, sets exit code 1 and gives undefined. `id`: the reference as the user wrote it.
 */
export async function deliveriesOf(
  { id, reference }: { readonly id: string; readonly reference: ConversionReference },
  { deployment, buckets }: Pick<PostbacksPlace, 'deployment' | 'buckets'>,
  shell: Shell,
): Promise<readonly Delivery[] | undefined> {
  const keys = await askPublishedKeys(deployment, shell);
  if (!keys) return undefined;
  let deliveries: readonly Delivery[] | undefined;
  await withConversions(deployment, keys, shell, async (place) => {
    const [found] = await searchConversions([reference], place, shell.clock.nowMs());
    if (found === undefined || found.histories.length === 0) {
      shell.error(`${id}: ${found ? notFoundText(reference, found) : 'no such conversion is known'}`);
      return shell.exitWith(1);
    }
    const ofEach = found.histories.map(({ key, first }) => deliveriesAt(buckets, key, first.id));
    deliveries = (await Promise.all(ofEach)).flat();
  });
  return deliveries;
}
