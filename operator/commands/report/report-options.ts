import { type Command, InvalidArgumentError, Option } from 'commander';
import { limits } from '../../../core/limits/limits.ts';
import { idList } from '../../figures/id-list.ts';
import { addRangeOptions, type RangeOptions } from '../../figures/quarter-range.ts';
import { reportColumns } from './report-columns.ts';
import { type GroupName, groupNames } from './report-groups.ts';

/** The options as Commander parses them. */
export interface ReportOptions extends RangeOptions {
  readonly by?: readonly GroupName[];
  readonly offer?: readonly number[];
  readonly affiliate?: readonly number[];
  readonly goal?: readonly number[];
  readonly region?: string;
  readonly columns?: readonly string[];
  readonly allColumns?: true;
  /** False after `--no-names`. */
  readonly names: boolean;
  /** Figures of today, for closed periods too. */
  readonly current?: true;
  /** Which database reads the log. */
  readonly with?: 'duckdb' | 'athena';
  readonly clickDays: number;
  readonly laterDays: number;
  /** Where fetched segments are kept. */
  readonly folder?: string;
  readonly csv?: true;
}

export function addReportOptions(command: Command): Command {
  return addRangeOptions(command, 'now')
    .option('--by <groups>', `group by any of ${groupNames.join(', ')}, with commas (default: offer)`, groups)
    .option('--offer <ids>', 'only these offers, with commas', idList)
    .option('--affiliate <ids>', 'only these affiliates', idList)
    .option('--goal <ids>', 'only these goals (0: clicks, impressions and the default goal)', idList)
    .option(
      '--region <region>',
      'the region whose figures are read (default: the first that answers and is not behind)',
    )
    .option(
      '--columns <names>',
      'the columns of the table, with commas (default: those that say something and fit)',
      columns,
    )
    .option('--all-columns', 'all columns; those that do not fit stand in further tables below')
    .option('--no-names', 'the table shows ids without the names of the catalog')
    .option('--current', 'the figures of today for closed periods too, instead of their statements')
    .addOption(
      new Option('--with <database>', 'reads the log, for groups that only the log has').choices(['duckdb', 'athena']),
    )
    .option(
      '--click-days <days>',
      'days before the range in which the clicks of its conversions are read from the log',
      days,
      limits.logReport.clickDaysDefault,
    )
    .option(
      '--later-days <days>',
      'days after the range in which later reports and decisions are read from the log',
      days,
      0,
    )
    .option('--folder <path>', 'where segments that DuckDB reads are kept (default: .keeptrack/queried/<name>)')
    .option('--csv', 'print CSV');
}

const { daysMax } = limits.logReport;

function days(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= daysMax) return Number(text);
  throw new InvalidArgumentError(`Give a whole number up to ${daysMax}.`);
}

function groups(text: string): readonly GroupName[] {
  return namesIn(text, groupNames);
}

function columns(text: string): readonly string[] {
  return namesIn(
    text,
    reportColumns.map(({ name }) => name),
  );
}

function namesIn<Name extends string>(text: string, known: readonly Name[]): readonly Name[] {
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !(known as readonly string[]).includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${known.join(', ')}.`);
  return [...new Set(asked)] as Name[];
}
