import { type Command, InvalidArgumentError } from 'commander';
import { addRangeOptions, type RangeOptions } from '../../figures/quarter-range.ts';
import { type ColumnName, columnNames } from './report-rows.ts';

/** The options as Commander parses them. */
export interface ReportOptions extends RangeOptions {
  readonly by?: readonly ColumnName[];
  readonly offer?: readonly number[];
  readonly affiliate?: readonly number[];
  readonly goal?: readonly number[];
  readonly region?: string;
  readonly csv?: true;
}

export function addReportOptions(command: Command): Command {
  return addRangeOptions(command, 'now')
    .option(
      '--by <columns>',
      `group by these columns: any of ${columnNames.join(', ')}, with commas (default: offer)`,
      columns,
    )
    .option('--offer <ids>', 'only these offers, with commas', ids)
    .option('--affiliate <ids>', 'only these affiliates', ids)
    .option('--goal <ids>', 'only these goals (0: clicks, impressions and the default goal)', ids)
    .option(
      '--region <region>',
      'the region whose figures are read (default: the first that answers and is not behind)',
    )
    .option('--csv', 'print CSV');
}

function columns(text: string): readonly ColumnName[] {
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !(columnNames as readonly string[]).includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${columnNames.join(', ')}.`);
  return [...new Set(asked)] as ColumnName[];
}

function ids(text: string, before: readonly number[] = []): readonly number[] {
  const found = text.split(',').map((id) => id.trim());
  const wrong = found.find((id) => !/^\d{1,15}$/.test(id));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is no id.`);
  return [...before, ...found.map(Number)];
}
