import { counterTotals } from '../../core/ledger/final-rows.ts';
import { closesAtMs } from '../../core/ledger/hour-state.ts';
import type { Manifest } from '../../core/ledger/manifest.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, hourName } from '../../core/log/log-key.ts';
import { metrics } from '../../core/metrics.ts';
import type { DueWork, Examined } from './examine-hour.ts';
import type { RevisionFigures } from './make-figures.ts';
import { putSegmentIds } from './segment-ids.ts';
import { done, type LedgerPorts, type Step } from './steps.ts';
import { countUnannounced } from './unnotified-segments.ts';

/** The manifest of a revision: its sources and its result. */
export async function manifestOf(
  { cause, asked }: DueWork & { readonly kind: 'make' },
  revision: number,
  examined: Examined,
  figures: RevisionFigures,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<Manifest>> {
  const { hourStartMs, listing } = examined;
  const unannounced = await unannouncedIn(examined, asked, ports, endMs);
  if (unannounced.kind === 'left') return unannounced;
  const segmentIds = await putSegmentIds(hourStartMs, listing, ports);
  if (segmentIds.kind === 'left') return segmentIds;
  const { events, sameLine, otherLine, faults, unknown, redacted } = figures.counts;
  return done({
    hour: hourName(hourStartMs),
    revision,
    cause,
    atMs: Math.floor(ports.clock.nowMs()),
    listing: listing.digest,
    segments: listing.segments.length,
    segmentIds: segmentIds.value,
    events,
    repeated: { sameLine, otherLine },
    faults,
    unknown,
    redacted,
    unannounced: unannounced.value,
    unreadable: figures.unreadable,
    figuresDigest: figures.digest,
    visits: figures.visits,
    counted: figures.counted,
    totals: counterTotals(figures.rows),
  });
}

/**
 * How many segments `stats` was not told of. For an hour that has just ended, segments may still be on their way to
 * `stats`, so the answer is 0 unless somebody asked for the hour. For an old hour the markers are gone, and the answer
 * is 0 too. The metric counts only what no earlier revision counted.
 */
async function unannouncedIn(
  { hourStartMs, listing, latest }: Examined,
  asked: boolean,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<number>> {
  const agoMs = ports.clock.nowMs() - hourStartMs;
  const isSettled = ports.clock.nowMs() >= closesAtMs(hourStartMs);
  if ((!isSettled && !asked) || agoMs > markersMs) return done(0);
  const counted = await countUnannounced(hourStartMs, listing, ports, endMs);
  const news = counted.kind === 'done' ? counted.value - (latest?.unannounced ?? 0) : 0;
  if (news > 0) ports.metrics.count(metrics.segmentsUnannounced, news);
  return counted;
}

const markersMs = limits.figures.provisionalDays * 24 * hourMs;
