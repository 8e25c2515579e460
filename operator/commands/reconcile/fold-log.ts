import { answerText } from '../../../core/call-outcome.ts';
import type { FiguresRow } from '../../../core/figures/row.ts';
import { FiguresTally } from '../../../core/figures/tally.ts';
import { RowSum } from '../../../core/ledger/final-rows.ts';
import { type Leader, Leaders } from '../../../core/ledger/leaders.ts';
import type { HourListing } from '../../../core/ledger/listing.ts';
import type { Pass } from '../../../core/ledger/pass.ts';
import { slicesFor } from '../../../core/ledger/slices.ts';
import { Visits } from '../../../core/ledger/visits.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourName } from '../../../core/log/log-key.ts';
import { passOverHour } from '../../../eventlog/pass-over-hour.ts';
import type { HourReading, SegmentSource, UnreadHour } from '../../../eventlog/read-segments.ts';
import { utcHour } from '../../cli/format.ts';

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

export type FoldedOrNot =
  | { readonly kind: 'folded'; readonly folded: FoldedLog }
  | { readonly kind: 'failed'; readonly reason: string };

const { segmentsAtOnce, passesMax } = limits.reconcile;

const progressEvery = 100;

/**
 * Folds an hour with the passes that the ledger makes. Holds the ids of one share at a time, and visitors and conversions
 * of the whole hour.
 */
export async function foldLog(
  hourStartMs: number,
  listing: HourListing,
  logs: Pick<HourReading, 'own' | 'other'>,
  progress: (line: string) => void,
  passBytesMax: number = limits.ledger.passBytesMax,
): Promise<FoldedOrNot> {
  const of = slicesFor(listing.sizeBytes, passBytesMax);
  if (of > passesMax) return { kind: 'failed', reason: `${listing.sizeBytes} bytes are too much to be read here` };
  const hour = hourName(hourStartMs);
  const merged = mergedPasses(hour);
  let unreadable: readonly string[] = [];
  for (let index = 0; index < of; index += 1) {
    const part = of === 1 ? '' : ` (part ${index + 1} of ${of})`;
    const onProgress = (doneCount: number) => {
      if (doneCount % progressEvery > 0) return;
      progress(`${utcHour(hour)}${part}: ${doneCount} of ${listing.segments.length} segments read`);
    };
    const made = await passOverHour(hourStartMs, listing, { index, of }, { ...logs, ...patient, onProgress });
    if (made.kind !== 'made') return { kind: 'failed', reason: reasonOf(made, logs.own) };
    merged.add(made.pass);
    unreadable = made.pass.unreadable;
  }
  return { kind: 'folded', folded: { ...merged.finish(), unreadable } };
}

/** A person waits as long as the hour takes. The command itself names the unreadable segments. */
const patient = {
  readsAtOnceMax: segmentsAtOnce,
  eventsMax: Number.POSITIVE_INFINITY,
  isOver: () => false,
  log: { error: () => {} },
};

function reasonOf(unread: UnreadHour | { readonly kind: 'too-many-events' }, { name }: SegmentSource): string {
  return unread.kind === 'failed' ? `${name}: ${unread.key}: ${answerText(unread.answer)}` : unread.kind;
}

/** A visitor or a conversion key of one share may be one of another too: the earliest wins, whichever pass had it. */
function mergedPasses(hour: string) {
  const [rows, visits, leaders, losers] = [new RowSum(), new Visits(), new Leaders(), new FiguresTally(hour)];
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
