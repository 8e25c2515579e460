import { type Command, Option } from 'commander';
import { type ConversionHistory, isHeldByCap } from '../../../core/conversions/conversion-history.ts';
import { compareTexts } from '../../../core/event/event.ts';
import type { OperatorKeys } from '../../../core/keys/operator-keys.ts';
import { limits } from '../../../core/limits/limits.ts';
import { amountText } from '../../../core/money/amount-text.ts';
import { csvLine } from '../../cli/csv.ts';
import { plural, utcText } from '../../cli/format.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { tableLines } from '../../cli/text-table.ts';
import { type AskedList, addOwnerOptions, type ListOptions, withAskedList } from '../../conversions/asked-list.ts';
import { historiesIn } from '../../conversions/find-conversions.ts';
import { addRangeOptions, quarterStart } from '../../figures/quarter-range.ts';
import { decidedBy, listCells, listColumns } from './conversion-columns.ts';
import { standingText } from './standing-text.ts';

const statuses = ['approved', 'pending', 'rejected', 'reversed', 'conflict', 'over-cap'] as const;

interface Options extends ListOptions {
  readonly status?: (typeof statuses)[number];
}

export function addList(parent: Command, shell: Shell): void {
  const status = new Option('--status <status>', 'only these; conflict: to decide again; over-cap: without room');
  const command = parent
    .command('list')
    .description('list conversions by the time of their first report, with their standing and money');
  addOwnerOptions(addRangeOptions(command, 'now').addOption(status.choices(statuses)))
    .option('--csv', 'print CSV, which the commands that decide take back')
    .addHelpText(
      'after',
      helpNotes(['conversions list --status pending --from 7d', 'conversions list --status conflict --csv']),
    )
    .action((_: unknown, command: Command) => list(command.optsWithGlobals<Options>(), shell));
}

const { rowsMax } = limits.report;

class TooManyConversions extends Error {
  constructor() {
    super(`more than ${rowsMax} conversions: name fewer days with --from and --to, or other filters`);
  }
}

function list(options: Options, shell: Shell): Promise<void> {
  return withAskedList(options, shell, async (asked) => {
    const meant: ConversionHistory[] = [];
    await asked.source.ofHours(asked.hours, (events) => {
      const found = [...historiesIn(events, asked.keys).values()];
      meant.push(...found.filter((history) => isMeant(history, asked, options)));
      if (meant.length > rowsMax) throw new TooManyConversions();
    });
    meant.sort((one, other) => compareTexts(one.first.id, other.first.id));
    const known = await asked.addOverCaps(meant);
    const isListed = (history: ConversionHistory) => options.status !== 'over-cap' || isHeldByCap(history);
    tell(known.filter(isListed), asked.keys, options, shell);
  });
}

/** Figures have to be asked whether a conversion is over a cap. Only what is stamped with caps can be. */
function isMeant({ first, standing }: ConversionHistory, { isAsked }: AskedList, { status }: Options): boolean {
  if (!isAsked(quarterStart(first.at), first['offer_id'], first['aff_id'])) return false;
  if (status === 'over-cap') return first['caps'] !== undefined;
  return status === undefined || (status === 'conflict' ? standing.conflicts.length > 0 : standing.status === status);
}

function tell(found: readonly ConversionHistory[], keys: OperatorKeys, options: Options, shell: Shell): void {
  const rows = found.map((history) => listCells(history, keys));
  if (options.json) {
    const objects = rows.map((cells) => Object.fromEntries(listColumns.map((name, index) => [name, cells[index]])));
    shell.out(JSON.stringify({ conversions: objects }, null, 2));
  } else if (options.csv) {
    shell.out([csvLine(listColumns), ...rows.map(csvLine)].join('\n'));
  } else {
    const table = [shownColumns, ...found.map((history) => shownCells(history, keys))];
    if (found.length > 0) for (const line of tableLines(table, textColumns.length)) shell.out(line);
    shell.out(plural(found.length, 'conversion'));
  }
}

const textColumns = ['reported at', 'conversion', 'offer', 'affiliate', 'goal', 'stands', 'decided by'];
const shownColumns = [...textColumns, 'payout', 'revenue', 'currency'];

function shownCells(history: ConversionHistory, keys: OperatorKeys): readonly string[] {
  const { key, first, worth } = history;
  return [
    ...[utcText(first.at), key, `${first['offer_id'] ?? '-'}`, `${first['aff_id'] ?? '-'}`, `${first['goal_id'] ?? 0}`],
    ...[standingText(history), decidedBy(history, keys) ?? ''],
    ...[amountText(worth.payoutMicros), amountText(worth.revenueMicros), `${first['currency'] ?? ''}`],
  ];
}
