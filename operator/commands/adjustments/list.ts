import type { Command } from 'commander';
import type { OperatorKeys } from '../../../core/keys/operator-keys.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import { csvLine } from '../../cli/csv.ts';
import { plural } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { tableLines } from '../../cli/text-table.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { askPublishedKeys } from '../../clients/operator-key-lists.ts';
import { withConversions } from '../../conversions/open-conversions.ts';
import { askedHours } from '../../figures/asked-hours.ts';
import { idList } from '../../figures/id-list.ts';
import { addRangeOptions, type RangeOptions } from '../../figures/quarter-range.ts';
import { operatorName } from '../conversions/conversion-columns.ts';
import { moneyLine } from '../conversions/plan-text.ts';
import { adjustmentColumns, bookedColumns } from './adjustment-rows.ts';
import { type BookedAdjustment, countingAdjustments, moneyOf } from './plan-adjustments.ts';

interface Options extends GlobalOptions, RangeOptions {
  readonly offer?: readonly number[];
  readonly affiliate?: readonly number[];
  readonly csv?: true;
}

export function addList(parent: Command, shell: Shell): void {
  addRangeOptions(
    parent
      .command('list')
      .description('list the adjustments that concern these days; of a reference the one that counts'),
    'now',
  )
    .option('--offer <ids>', 'only these offers, with commas', idList)
    .option('--affiliate <ids>', 'only these affiliates', idList)
    .option('--csv', 'print CSV')
    .addHelpText('after', helpNotes(['adjustments list --from 30d', 'adjustments list --from 30d --csv']))
    .action((_: unknown, command: Command) => list(command.optsWithGlobals<Options>(), shell));
}

async function list(options: Options, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const problems = options.csv && options.json ? ['say --csv or --json, not both'] : [];
  const asked = askedHours(options, deployment, 'until-now', shell, problems);
  if (!asked) return;
  const keys = await askPublishedKeys(deployment, shell);
  if (!keys) return;
  const isAsked = (ids: readonly number[] = [], id: number) => ids.length === 0 || ids.includes(id);
  await withConversions(deployment, keys, shell, async ({ source }) => {
    const found = countingAdjustments(await source.adjustmentsOf(asked.hours.map(parseHourName)), keys).filter(
      ({ fields: { day_at: dayAtMs, offer_id: offer, aff_id: affiliate } }) =>
        dayAtMs >= asked.range.fromMs &&
        dayAtMs <= asked.range.toMs &&
        isAsked(options.offer, offer) &&
        isAsked(options.affiliate, affiliate),
    );
    tell(found, keys, options, shell);
  });
}

/** What the folds keep of an adjustment has no note. */
const columns = [...adjustmentColumns.filter((name) => name !== 'note'), ...bookedColumns];

function tell(found: readonly BookedAdjustment[], keys: OperatorKeys, { csv, json }: Options, shell: Shell): void {
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
