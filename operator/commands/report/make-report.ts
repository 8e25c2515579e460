import type { FiguresRow } from '../../../core/figures/row.ts';
import { type HourState, isFinal, quarterMs } from '../../../core/ledger/hour-state.ts';
import { hourMs, parseHourName } from '../../../core/log/log-key.ts';
import { plural, utcHour } from '../../cli/format.ts';
import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { openLogClient } from '../../clients/log-client.ts';
import { type QueueFacts, queuesOf } from '../../clients/queue-facts.ts';
import type { AskedHours } from '../../figures/asked-hours.ts';
import { type Calendar, calendarOf } from '../../figures/calendar.ts';
import { dayOfRow } from '../../figures/corrections.ts';
import { hoursWithoutFigures } from '../../figures/empty-hours.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';
import { ofFresherRegion, type RegionStates } from '../../figures/fresher-region.ts';
import { withFigures } from '../../figures/open-figures.ts';
import type { QuarterRange } from '../../figures/quarter-range.ts';
import { type FiguresQuestion, meantBy, readDayUniques, readFigures, readPayable } from '../../figures/read-figures.ts';
import { noNames, readNames } from './catalog-names.ts';
import { type ClosedFigures, closedFigures, nothingClosed } from './closed-figures.ts';
import { type NotContained, notContained } from './not-contained.ts';
import { type ProvisionalHour, provisionalHours } from './provisional-hours.ts';
import type { ReportOptions } from './report-options.ts';
import {
  canTellDayUniques,
  daysIn,
  type Grouping,
  quartersAsked,
  ReportLines,
  type ReportRow,
  totalRows,
} from './report-rows.ts';

export interface FiguresReport {
  /** The region that the figures were read from. */
  readonly region: string;
  readonly grouping: Grouping;
  /** `log`: counted from the event log just now, because figures do not have the groups. */
  readonly from: 'figures' | 'log';
  readonly rows: readonly ReportRow[];
  readonly totals: readonly ReportRow[];
  readonly provisional: readonly ProvisionalHour[];
  readonly notContained: NotContained;
  /** What else a reader has to know. */
  readonly notes: readonly string[];
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
  const [queues, named] = await Promise.all([queuesOfAll(deployment, shell), readNames(deployment)]);
  const { by = ['offer'] } = options;
  if (named.kind === 'unknown' && by.includes('advertiser')) return { kind: 'failed', reasons: [named.reason] };
  const names = named.kind === 'names' ? named.names : noNames;
  if (asked.hours.length >= manyHours) shell.progress(`${plural(asked.hours.length, 'hour')} of figures to read`);
  const made = await withFigures(deployment, asked.regions, shell, (readers) =>
    ofFresherRegion(readers, asked.hours, (of) =>
      figuresOf(of, asked, { groups: by, names, options }, deployment, shell),
    ),
  );
  if (made.kind === 'failed') return made;
  const { states, provisional, notLookedUp, ...figures } = made.value;
  const nowMs = shell.clock.nowMs();
  const { region } = figures;
  const lacking = notContained({ region, queues, states: [...states.values()], provisional, notLookedUp, nowMs });
  const notes = [...figures.notes, ...(named.kind === 'unknown' ? [`no names are shown: ${named.reason}`] : [])];
  return { kind: 'report', report: { ...figures, notes, provisional, notContained: lacking, failures: made.reasons } };
}

type Queues = readonly { readonly region: string; readonly queues: readonly QueueFacts[] }[];

export function queuesOfAll(deployment: Deployment, { clock }: Shell): Promise<Queues> {
  const atMs = clock.nowMs();
  return Promise.all(
    deployment.regions.map(async (region) => ({ region, queues: await queuesOf(deployment, region, atMs) })),
  );
}

/** So many hours take a second or two to read. */
const manyHours = 1_000;

interface Wanted extends Pick<Grouping, 'groups' | 'names'> {
  readonly options: ReportOptions;
}

async function figuresOf(
  { reader, states: listed }: RegionStates,
  { range, calendar, hours }: AskedHours,
  { groups, names, options: { offer = [], affiliate = [], goal = [], current } }: Wanted,
  deployment: Deployment,
  shell: Shell,
) {
  const question = { range, offers: offer, affiliates: affiliate, goals: goal };
  const closed = current ? nothingClosed : await closedFigures(deployment, reader, { range, calendar, groups }, shell);
  const lines = new ReportLines({ groups, calendar, names });
  const isMeant = meantBy(question);
  lines.add(closed.rows.filter(isMeant));
  const isOpen = (row: FiguresRow) => !closed.isStated(dayOfRow(row, calendar));
  const open = openHours(listed, range, calendar, closed);
  let readCount = 0;
  const read = await readFigures(reader, question, open, (rows) => {
    lines.add(rows.filter(isOpen));
    readCount += 1;
    if (readCount % manyHours === 0) shell.progress(`${readCount} of ${open.size} hours of figures read`);
  });
  const states = new Map([...listed, ...read]);
  await readPayable(reader, networkDays(hours, deployment), question, (rows) => lines.add(rows.filter(isOpen)));
  const expired = hours.filter((hour) => reader.hasExpired(parseHourName(hour)));
  const log = openLogClient(deployment, reader.region);
  try {
    const nowMs = shell.clock.nowMs();
    const { empty, notLookedUp } = await hoursWithoutFigures(hours.slice(expired.length), states, log, nowMs);
    const isDone = (hour: string) =>
      expired.includes(hour) || empty.has(hour) || isFinalAndOver(states.get(hour), nowMs);
    const grouping: Grouping = { groups, names, calendar, range, hours, isFinal: isDone };
    const uniques = await dayUniques(reader, grouping, question, states, deployment);
    const rows = lines.lines(uniques, grouping);
    const unfinished = hours.filter((hour) => !isDone(hour));
    const provisional = await provisionalHours(unfinished, states, log, nowMs);
    return {
      from: 'figures' as const,
      region: reader.region,
      grouping,
      rows,
      totals: totalRows(rows, grouping),
      notes: [...closed.notes, ...expiredLine(expired)],
      states,
      provisional,
      notLookedUp,
    };
  } finally {
    log.close();
  }
}

function expiredLine(hours: readonly string[]): readonly string[] {
  const last = hours.at(-1);
  if (last === undefined) return [];
  return [
    `the figures of ${plural(hours.length, 'hour')} have expired, up to ${utcHour(last)}: only statements know of them`,
  ];
}

/** The hours of which at least one quarter is not in a statement. */
function openHours(
  states: ReadonlyMap<string, HourState>,
  range: QuarterRange,
  { dayOf }: Calendar,
  { isStated }: ClosedFigures,
): ReadonlyMap<string, HourState> {
  return new Map(
    [...states].filter(([hour]) => quartersAsked(hour, range).some((startMs) => !isStated(dayOf(startMs)))),
  );
}

/** Drills make hours final before they are over. The figures of such an hour are still provisional. */
function isFinalAndOver(state: HourState | undefined, nowMs: number): boolean {
  return state !== undefined && isFinal(state) && parseHourName(state.hour) + hourMs <= nowMs;
}

/** The days of the network's time zone that these hours of UTC touch. */
function networkDays(hours: readonly string[], { config }: Deployment): readonly string[] {
  const { dayOf } = calendarOf(config.reporting.timeZone);
  return [...new Set(hours.map(parseHourName).flatMap((hour) => [dayOf(hour), dayOf(hour + hourMs - quarterMs)]))];
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
