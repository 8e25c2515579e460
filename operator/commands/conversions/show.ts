import type { Command } from 'commander';
import type { ConversionHistory } from '../../../core/conversions/conversion-history.ts';
import type { OperatorKeys } from '../../../core/keys/operator-keys.ts';
import { amountText } from '../../../core/money/amount-text.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { askPublishedKeys } from '../../clients/operator-key-lists.ts';
import { parseReference } from '../../conversions/conversion-reference.ts';
import { type FoundConversions, searchConversions } from '../../conversions/find-conversions.ts';
import { notFoundText } from '../../conversions/found-text.ts';
import { withConversions } from '../../conversions/open-conversions.ts';
import type { DecisionRow } from './decision-rows.ts';
import { historyLines } from './history-text.ts';

export function addShow(parent: Command, shell: Shell): void {
  parent
    .command('show')
    .description('show the whole history of a conversion: what was reported, who decided, and what it comes to')
    .argument('<id>', 'a transaction id, an event id or a conversion key')
    .addHelpText('after', helpNotes(['conversions show AQFrBDPX4Y6glvYAAAAPAAI2aUvBhGoECVn7']))
    .action((id: string, _: unknown, command: Command) => show(id, command.optsWithGlobals<GlobalOptions>(), shell));
}

async function show(id: string, options: GlobalOptions, shell: Shell): Promise<void> {
  const reference = parseReference(id);
  if (!reference) return refuse(shell, `${id}: is no transaction id, no event id and no conversion key`);
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const keys = await askPublishedKeys(deployment, shell);
  if (!keys) return;
  await withConversions(deployment, keys, shell, async (place) => {
    const [found] = await searchConversions([reference], place, shell.clock.nowMs());
    if (found) tell({ place: id, reference }, found, keys, options, shell);
  });
}

function tell(
  { place, reference }: Pick<DecisionRow, 'place' | 'reference'>,
  found: FoundConversions,
  keys: OperatorKeys,
  options: GlobalOptions,
  shell: Shell,
): void {
  const { histories, mayBeMore } = found;
  if (options.json) shell.out(JSON.stringify({ conversions: histories.map(historyJson) }, null, 2));
  else for (const line of histories.flatMap((one) => historyLines(one, keys))) shell.out(line);
  if (histories.length === 0) {
    shell.error(`${place}: ${notFoundText(reference, found)}`);
    shell.exitWith(1);
  } else if (mayBeMore) {
    shell.progress("The click can have more conversions: one with an id of the advertiser's own has its own key.");
  }
}

/** docs/operations.md describes the shape. */
export function historyJson({ key, first, standing, worth, events, overCaps = [] }: ConversionHistory) {
  return {
    conversion: key,
    currency: first['currency'] ?? null,
    standing,
    overCaps,
    payout: amountText(worth.payoutMicros),
    revenue: amountText(worth.revenueMicros),
    events,
  };
}
