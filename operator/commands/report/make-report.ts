import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { type LogClient, openLogClient } from '../../clients/log-client.ts';
import type { QueueFacts } from '../../clients/queue-facts.ts';
import { queuesOf } from '../../clients/queue-facts.ts';
import type { AskedHours } from '../../figures/asked-hours.ts';
import { type HoursWithoutFigures, hoursWithoutFigures } from '../../figures/empty-hours.ts';
import { isFinal } from '../../figures/final-hour.ts';
import { fromFirstOf } from '../../figures/open-figures.ts';
import { type FiguresAnswer, readFigures } from '../../figures/read-figures.ts';
import { accountLog } from './account-log.ts';
import { type NotContained, notContained, silenceOf } from './not-contained.ts';
import type { ReportOptions } from './report-options.ts';
import { canTellDayUniques, type Grouping, type ReportRow, reportRows, totalRows } from './report-rows.ts';

export interface FiguresReport {
  /** The region that the figures were read from. */
  readonly region: string;
  readonly grouping: Grouping;
  readonly rows: readonly ReportRow[];
  readonly totals: readonly ReportRow[];
  readonly notContained: NotContained;
  /** Why regions before this one could not be read. */
  readonly failures: readonly string[];
}

export type MadeReport =
  | { readonly kind: 'report'; readonly report: FiguresReport }
  | { readonly kind: 'failed'; readonly reasons: readonly string[] };

/** Figures of one region, and what its log and both regions' queues say about events that are not in them. */
export async function makeReport(
  deployment: Deployment,
  { range, calendar, hours, regions }: AskedHours,
  { by = ['offer'], offer = [], affiliate = [], goal = [] }: ReportOptions,
  shell: Shell,
): Promise<MadeReport> {
  const question = { range, offers: offer, affiliates: affiliate, goals: goal };
  const [queues, read] = await Promise.all([
    queuesOfAll(deployment, shell),
    fromFirstOf(regions, deployment, shell, async (reader) => ({
      region: reader.region,
      figures: await readFigures(reader, question),
    })),
  ]);
  if (read.kind === 'failed') return read;
  const { region, figures } = read.value;
  const log = openLogClient(deployment, region);
  try {
    const nowMs = shell.clock.nowMs();
    const without = await hoursWithoutFigures(hours, figures, log, nowMs);
    const isDone = (hour: string) => isFinal(figures.states.get(hour), nowMs) || without.empty.has(hour);
    const grouping = { columns: by, calendar, hours, isFinal: isDone };
    const lacking = await lackingIn({ region, figures, grouping, without, queues }, log, shell);
    const { reasons: failures } = read;
    return {
      kind: 'report',
      report: { region, grouping, ...linesOf(figures, grouping, goal), notContained: lacking, failures },
    };
  } finally {
    log.close();
  }
}

type Queues = readonly { readonly region: string; readonly queues: readonly QueueFacts[] }[];

function queuesOfAll(deployment: Deployment, { clock }: Shell): Promise<Queues> {
  const atMs = clock.nowMs();
  return Promise.all(
    deployment.regions.map(async (region) => ({ region, queues: await queuesOf(deployment, region, atMs) })),
  );
}

function linesOf(
  { rows, dayUniques }: FiguresAnswer,
  grouping: Grouping,
  goals: readonly number[],
): Pick<FiguresReport, 'rows' | 'totals'> {
  const uniques = canTellDayUniques(grouping, goals) ? dayUniques : undefined;
  const lines = reportRows(rows, uniques, grouping);
  return { rows: lines, totals: totalRows(lines, grouping) };
}

interface Read {
  readonly region: string;
  readonly figures: FiguresAnswer;
  readonly grouping: Grouping;
  readonly without: HoursWithoutFigures;
  readonly queues: Queues;
}

async function lackingIn(
  { region, figures, grouping, without, queues }: Read,
  log: LogClient,
  { clock }: Shell,
): Promise<NotContained> {
  const silent = queues.flatMap((one) => silenceOf(one.region, one.queues)).map((one) => one.region);
  const worthReading = grouping.hours.filter((hour) => !without.empty.has(hour));
  const logAccount = await accountLog(region, log, worthReading, silent, clock);
  const provisionalHours = grouping.hours.filter((hour) => !grouping.isFinal(hour));
  const states = [...figures.states.values()];
  const { notLookedUp } = without;
  return notContained({ region, queues, logAccount, states, provisionalHours, notLookedUp, nowMs: clock.nowMs() });
}
