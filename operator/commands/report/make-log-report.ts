import type { Counters } from '../../../core/figures/row.ts';
import { closesAtMs, quarterMs } from '../../../core/ledger/hour-state.ts';
import { hourMs, parseHourName } from '../../../core/log/log-key.ts';
import { plural } from '../../cli/format.ts';
import type { Shell } from '../../cli/shell.ts';
import { SqlFailure } from '../../clients/athena.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { publishedKeys, readKeyLists, unreadLists } from '../../clients/operator-key-lists.ts';
import type { AskedHours } from '../../figures/asked-hours.ts';
import { FiguresFailure } from '../../figures/figures-reader.ts';
import { meantBy } from '../../figures/read-figures.ts';
import {
  clickRows,
  conversionEvents,
  conversionRows,
  type LabelledRow,
  unreadClick,
} from '../../log-database/log-rows.ts';
import { athenaSource, type LogSource, withDuckDb } from '../../log-database/log-source.ts';
import { clicksSql, conversionsSql, type LogQuestion } from '../../log-database/log-sql.ts';
import { noNames, readNames } from './catalog-names.ts';
import { type MadeReport, queuesOfAll } from './make-report.ts';
import { notContained } from './not-contained.ts';
import { isLogGroup } from './report-groups.ts';
import type { ReportOptions } from './report-options.ts';
import { type Grouping, ReportLines, totalRows } from './report-rows.ts';

/**
 * A report by fields with very many values, counted from the event log by the rules of figures. Conversions get the sub
 * ids of their clicks.
 */
export async function makeLogReport(
  deployment: Deployment,
  asked: AskedHours,
  options: ReportOptions,
  shell: Shell,
): Promise<MadeReport> {
  const named = await readNames(deployment);
  const names = named.kind === 'names' ? named.names : noNames;
  const question = questionOf(asked, options);
  const reasons: string[] = [];
  const use = (source: LogSource) =>
    reported(source, question, { failures: [...reasons], asked, options, names, deployment, shell });
  const isAthena = (options.with ?? (deployment.isLocal ? 'duckdb' : 'athena')) === 'athena';
  for (const region of isAthena ? asked.regions : asked.regions.slice(0, 1)) {
    try {
      return await (isAthena
        ? use(athenaSource(deployment, region, shell))
        : withDuckDb(deployment, { read: question.read, folder: options.folder, regions: asked.regions }, shell, use));
    } catch (error) {
      if (!(error instanceof SqlFailure || error instanceof FiguresFailure)) throw error;
      reasons.push(error.message);
    }
  }
  return { kind: 'failed', reasons };
}

const dayMs = 24 * hourMs;

function questionOf(
  { range }: AskedHours,
  { by = [], offer = [], affiliate = [], clickDays, laterDays }: ReportOptions,
): LogQuestion {
  const [fromMs, toMs] = [range.fromMs, range.toMs + quarterMs];
  return {
    counted: { fromMs, toMs },
    read: { fromMs: fromMs - clickDays * dayMs, toMs: toMs + laterDays * dayMs },
    fields: by.filter(isLogGroup),
    byTime: by.includes('day') || by.includes('hour'),
    offers: offer,
    affiliates: affiliate,
  };
}

interface Wanted extends Pick<Grouping, 'names'> {
  readonly failures: readonly string[];
  readonly asked: AskedHours;
  readonly options: ReportOptions;
  readonly deployment: Deployment;
  readonly shell: Shell;
}

async function reported(
  source: LogSource,
  question: LogQuestion,
  { failures, asked, options, names, deployment, shell }: Wanted,
): Promise<MadeReport> {
  const { by: groups = [], offer = [], affiliate = [], goal = [] } = options;
  const { range, calendar, hours } = asked;
  const { region } = source;
  const queues = await queuesOfAll(deployment, shell);
  const clicks = clickRows(await source.ask(clicksSql(question, source.linesOf)), question);
  shell.progress(`${plural(clicks.length, 'kind')} of clicks counted`);
  const events = conversionEvents(await source.ask(conversionsSql(question, source.linesOf)), question);
  shell.progress(`${plural(events.length, 'report')} of conversions and decisions read`);
  const lists = await readKeyLists(deployment);
  if (!lists.some(({ kind }) => kind === 'known')) return { kind: 'failed', reasons: unreadLists(lists) };
  const keys = publishedKeys(lists);
  const rows = [...clicks, ...conversionRows(events, question.counted, keys)];
  const nowMs = shell.clock.nowMs();
  const isFinal = (hour: string) => closesAtMs(parseHourName(hour)) <= nowMs;
  const grouping: Grouping = { groups, names, calendar, range, hours, isFinal };
  const lines = new ReportLines(grouping);
  lines.add(rows.filter(meantBy({ offers: offer, affiliates: affiliate, goals: goal })));
  const lined = lines.lines(undefined, grouping);
  const totals = totalRows(lined, grouping);
  const lacking = notContained({ region, queues, states: [], provisional: [], notLookedUp: [], nowMs });
  const notes = [...source.told(), ...limitLines(rows, options)];
  const made = { region, from: 'log', grouping, rows: lined, totals, provisional: [], notes, failures } as const;
  return { kind: 'report', report: { ...made, notContained: lacking } };
}

/** What a report from the log contains, and what only figures have. */
function limitLines(rows: readonly LabelledRow[], { clickDays, laterDays }: ReportOptions): readonly string[] {
  const conversions = rows
    .filter(({ labels }) => Object.values(labels).includes(unreadClick))
    .reduce((sum, { counters }) => sum + creditedIn(counters), 0);
  const laterDaysText = laterDays === 0 ? '' : ` and ${plural(laterDays, 'day')} after it`;
  return [
    `conversions count as their reports and decisions up to the end of the range${laterDaysText} say: --later-days reads on; a report by offer has all of them`,
    ...(conversions > 0
      ? [
          `${plural(conversions, 'conversion')} ${conversions === 1 ? 'stands' : 'stand'} under "${unreadClick}": no click of theirs is in the range or in the ${plural(clickDays, 'day')} before it (--click-days reads further back)`,
        ]
      : []),
    'adjustments, and what is paid for the unique clicks of a day, have no sub ids: they are in reports by offer only',
  ];
}

/** Conversions that have a click. Refused reports may have none. */
function creditedIn({ approved = 0n, pending = 0n, reversed = 0n }: Counters): number {
  return Number(approved + pending + reversed);
}
