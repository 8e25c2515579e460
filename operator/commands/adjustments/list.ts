import type { Command } from 'commander';
import type { OperatorKeys } from '../../../core/keys/operator-keys.ts';
import { csvLine } from '../../cli/csv.ts';
import { plural } from '../../cli/format.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { tableLines } from '../../cli/text-table.ts';
import { addOwnerOptions, type ListOptions, withAskedList } from '../../conversions/asked-list.ts';
import { addRangeOptions } from '../../figures/quarter-range.ts';
import { operatorName } from '../conversions/conversion-columns.ts';
import { moneyLine } from '../conversions/plan-text.ts';
import { adjustmentColumns, bookedColumns } from './adjustment-rows.ts';
import { type BookedAdjustment, countingAdjustments, moneyOf } from './plan-adjustments.ts';

export function addList(parent: Command, shell: Shell): void {
  const command = parent
    .command('list')
    .description('list the adjustments that concern these days; of a reference the one that counts');
  addOwnerOptions(addRangeOptions(command, 'now'))
    .option('--csv', 'print CSV')
    .addHelpText('after', helpNotes(['adjustments list --from 30d', 'adjustments list --from 30d --csv']))
    .action((_: unknown, command: Command) => list(command.optsWithGlobals<ListOptions>(), shell));
}

function list(options: ListOptions, shell: Shell): Promise<void> {
  return withAskedList(options, shell, async ({ source, keys, hours, isAsked }) => {
    const found = countingAdjustments(await source.adjustmentsOf(hours), keys).filter(
      ({ fields: { day_at: dayAtMs, offer_id: offer, aff_id: affiliate } }) => isAsked(dayAtMs, offer, affiliate),
    );
    tell(found, keys, options, shell);
  });
}

/** What the folds keep of an adjustment has no note. */
const columns = [...adjustmentColumns.filter((name) => name !== 'note'), ...bookedColumns];

function tell(found: readonly BookedAdjustment[], keys: OperatorKeys, { csv, json }: ListOptions, shell: Shell): void {
  const rows = found.map((adjustment) => cellsOf(adjustment, keys));
  if (json) {
    const objects = rows.map((cells) => Object.fromEntries(columns.map((name, index) => [name, cells[index]])));
    shell.out(JSON.stringify({ adjustments: objects }, null, 2));
  } else if (csv) {
    shell.out([csvLine(columns), ...rows.map(csvLine)].join('\n'));
  } else {
    const table = [columns, ...rows.map((cells) => cells.map((cell) => `${cell ?? ''}`))];
    if (rows.length > 0) for (const line of tableLines(table)) shell.out(line);
    for (const money of moneyOf(found.map(({ fields }) => fields))) shell.out(moneyLine(money));
    shell.out(plural(found.length, 'adjustment'));
  }
}

function cellsOf({ event, fields }: BookedAdjustment, keys: OperatorKeys): readonly (string | number | null)[] {
  const { offer_id, aff_id, goal_id = 0, currency, day, payout, revenue, reference } = fields;
  const booked = [new Date(event.at).toISOString(), operatorName(`${event['operator']}`, keys)];
  return [offer_id, aff_id, goal_id, currency, day, payout, revenue, reference, ...booked];
}
