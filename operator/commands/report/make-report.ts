import { type HourState, isFinal } from '../../../core/ledger/hour-state.ts';
import { hourMs, parseHourName } from '../../../core/log/log-key.ts';
import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { openLogClient } from '../../clients/log-client.ts';
import { type QueueFacts, queuesOf } from '../../clients/queue-facts.ts';
import type { AskedHours } from '../../figures/asked-hours.ts';
import { hoursWithoutFigures } from '../../figures/empty-hours.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';
import { ofFresherRegion, type RegionStates } from '../../figures/fresher-region.ts';
import { withFigures } from '../../figures/open-figures.ts';
import { type FiguresQuestion, readDayUniques, readFigures } from '../../figures/read-figures.ts';
import { type NotContained, notContained } from './not-contained.ts';
import { type ProvisionalHour, provisionalHours } from './provisional-hours.ts';
import type { ReportOptions } from './report-options.ts';
import { canTellDayUniques, daysIn, type Grouping, ReportLines, type ReportRow, totalRows } from './report-rows.ts';

export interface FiguresReport {
  /** The region that the figures were read from. */
  readonly region: string;
  readonly grouping: Grouping;
  readonly rows: readonly ReportRow[];
  readonly totals: readonly ReportRow[];
  readonly provisional: readonly ProvisionalHour[];
  readonly notContained: NotContained;
  /** Why the figures are not those of the region that usually comes first. */
  readonly failures: readonly string[];
}

export type MadeReport =
  | { readonly kind: 'report'; readonly report: FiguresReport }
  | { readonly kind: 'failed'; readonly reasons: readonly string[] };

/** Figures of one region, and what its log and both regions' queues say about events that are not in them. */
export async function makeReport(
  deployment: Deployment,
  asked: AskedHours,
  options: ReportOptions,
  shell: Shell,
): Promise<MadeReport> {
  const [queues, made] = await Promise.all([
    queuesOfAll(deployment, shell),
    withFigures(deployment, asked.regions, shell, (readers) =>
      ofFresherRegion(readers, asked.hours, (of) => figuresOf(of, asked, options, deployment, shell)),
    ),
  ]);
  if (made.kind === 'failed') return made;
  const { states, provisional, notLookedUp, ...figures } = made.value;
  const nowMs = shell.clock.nowMs();
  const { region } = figures;
  const lacking = notContained({ region, queues, states: [...states.values()], provisional, notLookedUp, nowMs });
  return { kind: 'report', report: { ...figures, provisional, notContained: lacking, failures: made.reasons } };
}

type Queues = readonly { readonly region: string; readonly queues: readonly QueueFacts[] }[];

function queuesOfAll(deployment: Deployment, { clock }: Shell): Promise<Queues> {
  const atMs = clock.nowMs();
  return Promise.all(
    deployment.regions.map(async (region) => ({ region, queues: await queuesOf(deployment, region, atMs) })),
  );
}

async function figuresOf(
  { reader, states: listed }: RegionStates,
  { range, calendar, hours }: AskedHours,
  { by = ['offer'], offer = [], affiliate = [], goal = [] }: ReportOptions,
  deployment: Deployment,
  shell: Shell,
) {
  const question = { range, offers: offer, affiliates: affiliate, goals: goal };
  const lines = new ReportLines({ columns: by, calendar });
  const states = await readFigures(reader, question, listed, (rows) => lines.add(rows));
  const log = openLogClient(deployment, reader.region);
  try {
    const nowMs = shell.clock.nowMs();
    const { empty, notLookedUp } = await hoursWithoutFigures(hours, states, log, nowMs);
    const isDone = (hour: string) => empty.has(hour) || isFinalAndOver(states.get(hour), nowMs);
    const grouping: Grouping = { columns: by, calendar, range, hours, isFinal: isDone };
    const uniques = await dayUniques(reader, grouping, question, states, deployment);
    const rows = lines.lines(uniques, grouping);
    const unfinished = hours.filter((hour) => !isDone(hour));
    const provisional = await provisionalHours(unfinished, states, log, nowMs);
    return {
      region: reader.region,
      grouping,
      rows,
      totals: totalRows(rows, grouping),
      states,
      provisional,
      notLookedUp,
    };
  } finally {
    log.close();
  }
}

/** Drills make hours final before they are over. The figures of such an hour are still provisional. */
function isFinalAndOver(state: HourState | undefined, nowMs: number): boolean {
  return state !== undefined && isFinal(state) && parseHourName(state.hour) + hourMs <= nowMs;
}

/** Undefined when the report cannot have them. */
async function dayUniques(
  reader: FiguresReader,
  grouping: Grouping,
  question: FiguresQuestion,
  states: ReadonlyMap<string, HourState>,
  { config }: Deployment,
) {
  const { timeZone } = config.reporting;
  if (!canTellDayUniques(grouping, question.goals, timeZone)) return undefined;
  const days = daysIn(grouping, (hour) => states.has(hour));
  return readDayUniques(reader, days, timeZone, question);
}
