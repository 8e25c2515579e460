import { answerText } from '../../../core/call-outcome.ts';
import type { FiguresRow } from '../../../core/figures/row.ts';
import { Tally } from '../../../core/figures/tally.ts';
import { RowSum } from '../../../core/ledger/final-rows.ts';
import { HourFold, type Share } from '../../../core/ledger/hour-fold.ts';
import { type Leader, Leaders } from '../../../core/ledger/leaders.ts';
import type { HourListing } from '../../../core/ledger/listing.ts';
import { type Pass, passOf } from '../../../core/ledger/pass.ts';
import { slicesFor } from '../../../core/ledger/slices.ts';
import { Visits } from '../../../core/ledger/visits.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourName, parseLogKey } from '../../../core/log/log-key.ts';
import { openSegmentBytes } from '../../../core/log/segment.ts';
import { atOnce } from '../../cli/at-once.ts';
import { utcHour } from '../../cli/format.ts';
import type { LogBucket } from '../../clients/log-bucket.ts';

export type ReadableLog = Pick<LogBucket, 'name' | 'get' | 'segments'>;

/** An hour of a log, each event once. */
export interface FoldedLog {
  readonly events: number;
  /** Lines of events that another segment, or another line, holds too. */
  readonly repeated: number;
  /** Events that only a later release understands: they are in no figures. */
  readonly unknown: number;
  /** Keys that can be read in no log. */
  readonly unreadable: readonly string[];
  /** Without what the leaders count as, which depends on all other hours. */
  readonly rows: readonly FiguresRow[];
  readonly leaders: readonly Leader[];
}

export type ReadLog =
  | { readonly kind: 'folded'; readonly folded: FoldedLog }
  | { readonly kind: 'failed'; readonly reason: string };

const { segmentsAtOnce, passesMax } = limits.reconcile;

/**
 * Folds the log as the ledger does, by the same core. `logs`: the one that was listed, then the other, which stands in
 * for what the first holds in a state not to be read. Ids are held of one share at a time; visitors and conversions of
 * the hour all together.
 */
export async function foldLog(
  hourStartMs: number,
  listing: HourListing,
  logs: readonly ReadableLog[],
  progress: (line: string) => void,
  passBytesMax: number = limits.ledger.passBytesMax,
): Promise<ReadLog> {
  const of = slicesFor(listing.sizeBytes, passBytesMax);
  if (of > passesMax) return { kind: 'failed', reason: `${listing.sizeBytes} bytes are too much to be read here` };
  const hour = hourName(hourStartMs);
  const merged = mergedPasses(hour);
  let unreadable: readonly string[] = [];
  for (let index = 0; index < of; index += 1) {
    const pass = await makePass(hour, listing, { index, of }, logs, progress);
    if (pass.kind === 'failed') return { kind: 'failed', reason: pass.reason };
    merged.add(pass.pass);
    unreadable = pass.pass.unreadable;
  }
  return { kind: 'folded', folded: { ...merged.finish(), unreadable } };
}

/** A visitor or a conversion key of one share may be one of another too: the earliest wins, whichever pass had it. */
function mergedPasses(hour: string) {
  const [rows, visits, leaders, losers] = [new RowSum(), new Visits(), new Leaders(), new Tally(hour)];
  const counts = { events: 0, repeated: 0, unknown: 0 };
  return {
    add(pass: Pass): void {
      counts.events += pass.counts.events;
      counts.unknown += pass.counts.unknown;
      counts.repeated += pass.counts.sameLine + pass.counts.otherLine;
      rows.add(pass.rows);
      visits.addEncoded(pass.visits.encodeSlice(0, 1));
      for (const { event } of pass.leaders.all) {
        const { loser } = leaders.loserTo(event);
        if (loser) losers.add(loser, true);
      }
    },
    finish(): Omit<FoldedLog, 'unreadable'> {
      rows.add(visits.uniques());
      rows.add(losers.rows());
      return { ...counts, rows: rows.rows(), leaders: leaders.all };
    },
  };
}

type MadePass = { readonly kind: 'made'; readonly pass: Pass } | { readonly kind: 'failed'; readonly reason: string };

/** Read again when lines of the same id differ: only with their ids known beforehand they can be held back. */
async function makePass(
  hour: string,
  listing: HourListing,
  share: Share,
  logs: readonly ReadableLog[],
  progress: (line: string) => void,
): Promise<MadePass> {
  let contested: ReadonlySet<string> = new Set();
  for (;;) {
    const fold = new HourFold(hour, share, contested);
    const part = share.of === 1 ? '' : ` (part ${share.index + 1} of ${share.of})`;
    const read = await readSegments(listing, logs, fold, (done) =>
      progress(`${utcHour(hour)}${part}: ${done} of ${listing.segments.length} segments read`),
    );
    if (read.kind === 'failed') return read;
    if (fold.contested.size === 0) {
      fold.finish();
      return { kind: 'made', pass: passOf(fold, read.unreadable) };
    }
    contested = new Set([...contested, ...fold.contested]);
  }
}

type ReadSegments =
  | { readonly kind: 'read'; readonly unreadable: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string };

const progressEvery = 100;

async function readSegments(
  { segments }: HourListing,
  logs: readonly ReadableLog[],
  fold: HourFold,
  onProgress: (done: number) => void,
): Promise<ReadSegments> {
  const unreadable: string[] = [];
  let failure: string | undefined;
  let done = 0;
  await atOnce(segments, segmentsAtOnce, async ({ key }) => {
    if (failure !== undefined) return;
    const segment = await readSegment(key, logs);
    if (segment.kind === 'plain') fold.add(segment.plain);
    else if (segment.kind === 'unreadable') unreadable.push(key);
    else failure = segment.reason;
    done += 1;
    if (done % progressEvery === 0) onProgress(done);
  });
  return failure === undefined ? { kind: 'read', unreadable } : { kind: 'failed', reason: failure };
}

type OneSegment =
  | { readonly kind: 'plain'; readonly plain: Buffer }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'failed'; readonly reason: string };

/** As the ledger reads it: from the other log only what the first one holds in a state not to be read. */
async function readSegment(key: string, [own, ...others]: readonly ReadableLog[]): Promise<OneSegment> {
  const parsed = parseLogKey(key);
  if (own === undefined || parsed === undefined) return { kind: 'unreadable' };
  const object = await own.get(key);
  if (object.kind === 'failed') return { kind: 'failed', reason: `${own.name}: ${key}: ${answerText(object.answer)}` };
  const opened = openSegmentBytes(parsed, object.value.body);
  if (opened.kind === 'plain') return opened;
  const copy = await readSegment(key, others);
  return copy.kind === 'plain' && copy.plain.length > 0 ? copy : { kind: 'unreadable' };
}
