import { answerText } from '../../../core/call-outcome.ts';
import type { FiguresRow } from '../../../core/figures/row.ts';
import { figuresObject } from '../../../core/ledger/figures-object.ts';
import { leaderRows, RowSum } from '../../../core/ledger/final-rows.ts';
import { claimFirst } from '../../../core/ledger/first-conversion.ts';
import type { HourListing } from '../../../core/ledger/listing.ts';
import { type Manifest, parseManifest } from '../../../core/ledger/manifest.ts';
import { manifestKey } from '../../../core/ledger/object-keys.ts';
import { parseHourName, parseLogKey } from '../../../core/log/log-key.ts';
import type { SegmentSource } from '../../../eventlog/read-segments.ts';
import type { LogClient } from '../../clients/log-client.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';
import type { FinalHour } from '../../figures/final-hour.ts';
import { compareRows, type Difference } from './compare-rows.ts';
import { type Cause, causesOf } from './difference-causes.ts';
import { type FoldedLog, foldLog } from './fold-log.ts';

/** One hour of one region, with its figures compared with its log. */
export interface ReconciledHour {
  readonly hour: string;
  readonly region: string;
  /** The state that is in force; undefined while the hour is provisional. */
  readonly state: FinalHour | undefined;
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

export type ReconciledOrNot =
  | { readonly kind: 'reconciled'; readonly result: ReconciledHour }
  | { readonly kind: 'failed'; readonly hour: string; readonly region: string; readonly reason: string };

/** The figures of an hour in a region's table. */
export interface HourFigures {
  readonly state: FinalHour | undefined;
  readonly rows: readonly FiguresRow[];
}

/** A log whose hours can be listed. */
type ListableLog = Pick<LogClient, 'name' | 'get' | 'segments'>;

export interface RegionLog {
  readonly reader: FiguresReader;
  readonly log: ListableLog;
  readonly otherLog: SegmentSource;
  /** An hour with more bytes is read in several passes. */
  readonly passBytesMax?: number;
}

/** Throws a FiguresFailure when the table cannot be read. */
export async function reconcileHour(
  hour: string,
  figures: HourFigures,
  { reader, log, otherLog, passBytesMax }: RegionLog,
  progress: (line: string) => void,
): Promise<ReconciledOrNot> {
  const { region } = reader;
  const failed = (reason: string): ReconciledOrNot => ({ kind: 'failed', hour, region, reason });
  const hourStartMs = parseHourName(hour);
  const listed = await log.segments(hourStartMs);
  if (listed.kind === 'failed') return failed(`${log.name} cannot be listed (${answerText(listed.answer)})`);
  const listing = listed.value;
  const read = await foldLog(
    hourStartMs,
    listing,
    { own: log, other: otherLog },
    (line) => progress(`${region} ${line}`),
    passBytesMax,
  );
  if (read.kind === 'failed') return failed(read.reason);
  const { state, rows } = figures;
  const differences = compareRows(await rowsInLog(hour, read.folded, reader), rows, state !== undefined);
  const causes =
    differences.length > 0 ? await causesFor({ hour, figures, listing, differences }, read.folded, reader, log) : [];
  const keys = listing.segments.map(({ key }) => key);
  const { events, unknown, unreadable } = read.folded;
  const size = { segments: keys.length, events, unknown, unreadable: unreadable.length };
  return { kind: 'reconciled', result: { hour, region, state, ...size, differences, causes, keys } };
}

/** Of each conversion key only the earliest conversion counts, as the region's index has it. */
async function rowsInLog(
  hour: string,
  { rows, leaders }: FoldedLog,
  reader: FiguresReader,
): Promise<readonly FiguresRow[]> {
  const firsts = await reader.firstConversions(leaders.map(({ key }) => key));
  const sum = new RowSum();
  sum.add(rows);
  sum.add(leaderRows(hour, leaders, ({ key, event }) => claimFirst(key, event.id, firsts.get(key), '').isFirst));
  return sum.rows();
}

interface Found {
  readonly hour: string;
  readonly figures: HourFigures;
  readonly listing: HourListing;
  readonly differences: readonly Difference[];
}

async function causesFor(
  { hour, figures: { state, rows }, listing, differences }: Found,
  folded: FoldedLog,
  reader: FiguresReader,
  log: ListableLog,
): Promise<readonly Cause[]> {
  const sum = new RowSum();
  sum.add(rows);
  return causesOf({
    state,
    manifest: state && (await manifestInLog(hour, state.revision, log)),
    listing,
    folded,
    rowsDigest: figuresObject(sum.rows()).digest,
    uncountedSegments: state === undefined ? await uncountedIn(hour, listing, reader) : 0,
    differences,
  });
}

async function manifestInLog(hour: string, revision: number, log: ListableLog): Promise<Manifest | undefined> {
  const object = await log.get(manifestKey(parseHourName(hour), revision));
  return object.kind === 'ok' ? parseManifest(Buffer.from(object.value.body).toString()) : undefined;
}

async function uncountedIn(hour: string, { segments }: HourListing, reader: FiguresReader): Promise<number> {
  const counted = await reader.countedSegments(hour);
  return segments.filter(({ key }) => !counted.has(parseLogKey(key)?.segmentId ?? '')).length;
}
