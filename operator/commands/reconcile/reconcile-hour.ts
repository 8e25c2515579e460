import { answerText } from '../../../core/call-outcome.ts';
import type { LoggedEvent } from '../../../core/event/event.ts';
import { uuidTimeMs } from '../../../core/event/uuid.ts';
import { mergeSales } from '../../../core/figures/merge-sales.ts';
import type { FiguresRow } from '../../../core/figures/row.ts';
import { RowSum } from '../../../core/figures/row-sum.ts';
import { salesPartOf } from '../../../core/figures/sales-part.ts';
import { type HourState, isFinal } from '../../../core/ledger/hour-state.ts';
import type { ListedSegment } from '../../../core/ledger/listing.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, minuteMs, parseHourName } from '../../../core/log/log-key.ts';
import type { SegmentSource } from '../../../eventlog/read-segments.ts';
import type { LogClient } from '../../clients/log-client.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';
import { readFigures } from '../../figures/read-figures.ts';
import { compareRows, type Difference } from './compare-rows.ts';
import { type Cause, causesOf } from './difference-causes.ts';
import { type FoldedLog, foldLog, NotCompared, tooManyEvents } from './fold-log.ts';

/** One hour of one region, with its figures compared with its log. */
export interface ReconciledHour {
  readonly hour: string;
  readonly region: string;
  /** The state that is in force; undefined while nothing of the hour was counted. */
  readonly state: HourState | undefined;
  readonly segments: number;
  /** Events in the log, each counted once. */
  readonly events: number;
  /** Events of these that only a later release understands. They are in no figures, and are no difference. */
  readonly unknown: number;
  /** Segments that cannot be read in either log. Their events are in no figures, and are no difference. */
  readonly unreadable: number;
  readonly differences: readonly Difference[];
  /** Empty when nothing differs. */
  readonly causes: readonly Cause[];
  /** Keys of the segments in the log. */
  readonly keys: readonly string[];
}

export interface RegionLog {
  readonly reader: FiguresReader;
  /** A log whose hours can be listed. */
  readonly log: Pick<LogClient, 'name' | 'get' | 'list' | 'segments'>;
  readonly otherLog: SegmentSource;
}

/** Throws a FiguresFailure when the figures cannot be read, and a NotCompared when the log cannot. */
export async function reconcileHour(
  hour: string,
  { reader, log, otherLog }: RegionLog,
  progress: (line: string) => void,
): Promise<ReconciledHour> {
  const { region } = reader;
  const { state, rows } = await figuresOf(hour, reader);
  if ((state?.events ?? 0) > limits.reconcile.eventsMax) throw tooManyEvents();
  const segments = await segmentsOf(hour, log);
  const folded = await foldLog(parseHourName(hour), segments, { own: log, other: otherLog }, (line) =>
    progress(`${region} ${line}`),
  );
  const differences = compareRows(await rowsInLog(hour, folded, reader), rows, state !== undefined && isFinal(state));
  const causes = differences.length > 0 ? causesOf({ state, segments, folded, differences }) : [];
  const keys = segments.map(({ key }) => key);
  const { events, unknown, unreadable } = folded;
  const size = { segments: keys.length, events, unknown, unreadable: unreadable.length };
  return { hour, region, state, ...size, differences, causes, keys };
}

async function figuresOf(hour: string, reader: FiguresReader) {
  const startMs = parseHourName(hour);
  const question = { range: { fromMs: startMs, toMs: startMs + hourMs }, offers: [], affiliates: [], goals: [] };
  const rows: FiguresRow[] = [];
  const states = await readFigures(reader, question, await reader.hourStates([hour]), (some) => rows.push(...some));
  return { state: states.get(hour), rows };
}

async function segmentsOf(hour: string, log: RegionLog['log']): Promise<readonly ListedSegment[]> {
  const listed = await log.segments(parseHourName(hour));
  if (listed.kind === 'ok') return listed.value;
  throw new NotCompared(`${log.name} cannot be listed (${answerText(listed.answer)})`);
}

/**
 * The hour's own events come from its log. Where the first event of a key is comes from the region's index, and events
 * that other hours forwarded come from the region's fold objects.
 */
async function rowsInLog(
  hour: string,
  { rows, conversions }: FoldedLog,
  reader: FiguresReader,
): Promise<readonly FiguresRow[]> {
  const keys = new Set(conversions.flatMap((event) => salesPartOf(event)?.key ?? []));
  const firsts = await reader.firstConversions([...keys]);
  const received = await reader.receivedSales(hour);
  const sum = new RowSum();
  sum.add(rows);
  for (let minute = 0; minute < hourMs / minuteMs; minute += 1) {
    const startMs = parseHourName(hour) + minute * minuteMs;
    const left = received.filter((one) => one.minute === minute);
    const minuteSales = {
      startMs,
      own: conversions.filter((event) => isWithin(event, startMs)),
      received: left.flatMap(({ later }) => later),
      firsts: [firsts, ...left.map((one) => one.firsts)],
    };
    sum.add(mergeSales(minuteSales).rows);
  }
  return sum.rows();
}

function isWithin({ id }: LoggedEvent, startMs: number): boolean {
  return uuidTimeMs(id) >= startMs && uuidTimeMs(id) < startMs + minuteMs;
}
