import type { FiguresRow } from '../../core/figures/row.ts';
import { countedObject, readCounted } from '../../core/ledger/counted-object.ts';
import { figuresObject } from '../../core/ledger/figures-object.ts';
import { leaderRows, RowSum } from '../../core/ledger/final-rows.ts';
import type { FoldCounts } from '../../core/ledger/hour-fold.ts';
import { countedKey, figuresKey, visitsKey } from '../../core/ledger/object-keys.ts';
import { sliceOfHex } from '../../core/ledger/slices.ts';
import { visitsObject } from '../../core/ledger/visits-object.ts';
import { hourName } from '../../core/log/log-key.ts';
import { claimLeaders } from './claim-leaders.ts';
import type { FoldedHour } from './fold-hour.ts';
import { getObject, putObject } from './objects.ts';
import type { Slice } from './parts.ts';
import { releaseGone } from './release-gone.ts';
import { releaseUnbacked } from './release-unbacked.ts';
import { done, type LedgerPorts, type Step } from './steps.ts';

/** The rows of a revision, and the keys of the objects that were written for it. */
export interface RevisionFigures {
  readonly rows: readonly FiguresRow[];
  readonly digest: string;
  readonly visits: readonly string[];
  readonly counted: readonly string[];
  readonly counts: FoldCounts;
  readonly unreadable: readonly string[];
}

export interface KnownBefore {
  /** Keys of the objects with the conversions that the revision before counted, or an overtaken attempt of this run. */
  readonly before: readonly string[];
  /** Whether to check the index where it keeps conversions of this hour from counting. */
  readonly isIndexDoubted: boolean;
}

/**
 * Makes the final rows of an hour that was read. Puts the rows, the visitors and the counted conversions into the log's
 * bucket as objects that are named by their content.
 */
export async function makeFigures(
  hourStartMs: number,
  folded: FoldedHour,
  known: KnownBefore,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<RevisionFigures>> {
  const sum = new RowSum();
  for (const { rows } of folded.summaries) sum.add(rows);
  const [visits, counted]: [string[], string[]] = [[], []];
  for (let index = 0; index < folded.slices; index += 1) {
    const slice = await folded.slice(index);
    if (slice.kind === 'left') return slice;
    const ofSlice = { index, of: folded.slices, ...known };
    const resolved = await resolveSlice(hourStartMs, slice.value, ofSlice, ports, endMs);
    if (resolved.kind === 'left') return resolved;
    sum.add(resolved.value.rows);
    visits.push(...resolved.value.visits);
    counted.push(...resolved.value.counted);
  }
  const rows = sum.rows();
  const { digest, gzip } = figuresObject(rows);
  const written = await putObject(ports.buckets.home.bucket, figuresKey(hourStartMs, digest), gzip, ports.clock);
  if (written.kind === 'left') return written;
  return done({ rows, digest, visits, counted, ...togetherOf(folded) });
}

interface ResolvedSlice {
  readonly rows: readonly FiguresRow[];
  readonly visits: readonly string[];
  readonly counted: readonly string[];
}

interface SliceOfHour extends KnownBefore {
  readonly index: number;
  readonly of: number;
}

async function resolveSlice(
  hourStartMs: number,
  { visits, leaders, rows }: Slice,
  ofHour: SliceOfHour,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<ResolvedSlice>> {
  const all = leaders.all;
  const cleared = ofHour.isIndexDoubted ? await releaseUnbacked(all, ports, endMs) : done(undefined);
  if (cleared.kind === 'left') return cleared;
  const claimed = await claimLeaders(all, ports, endMs);
  if (claimed.kind === 'left') return claimed;
  const kept = all.filter(({ key }) => claimed.value.has(key));
  const counted = new Map(kept.map(({ key, event }) => [key, event.id]));
  const released = await releaseOthers(counted, new Set(all.map(({ key }) => key)), ofHour, ports, endMs);
  if (released.kind === 'left') return released;
  const objects = await putSliceObjects(hourStartMs, visits, counted, ports);
  if (objects.kind === 'left') return objects;
  const judged = leaderRows(hourName(hourStartMs), all, ({ key }) => claimed.value.has(key));
  return done({ rows: [...rows, ...visits.uniques(), ...judged], ...objects.value });
}

/** Empty objects are not written: most slices have no conversions. */
async function putSliceObjects(
  hourStartMs: number,
  visits: Slice['visits'],
  counted: ReadonlyMap<string, string>,
  { buckets, clock }: LedgerPorts,
): Promise<Step<Pick<ResolvedSlice, 'visits' | 'counted'>>> {
  const [who, which] = [visitsObject(visits), countedObject(counted)];
  const wanted = [
    ...(visits.count > 0 ? [{ key: visitsKey(hourStartMs, who.digest), bytes: who.bytes }] : []),
    ...(counted.size > 0 ? [{ key: countedKey(hourStartMs, which.digest), bytes: which.gzip }] : []),
  ];
  for (const { key, bytes } of wanted) {
    const written = await putObject(buckets.home.bucket, key, bytes, clock);
    if (written.kind === 'left') return written;
  }
  const keys = wanted.map(({ key }) => key);
  const isCounted = (key: string) => key === countedKey(hourStartMs, which.digest);
  return done({ visits: keys.filter((key) => !isCounted(key)), counted: keys.filter(isCounted) });
}

/**
 * Releases keys that this hour counted before and has no conversion of any more. The segment cannot be read now, or an
 * earlier release erased the event. A key that still has a conversion here was claimed for that one.
 */
async function releaseOthers(
  counted: ReadonlyMap<string, string>,
  led: ReadonlySet<string>,
  { index, of, before }: SliceOfHour,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<undefined>> {
  for (const key of before) {
    const object = await getObject(ports.buckets.home.bucket, key);
    if (object.kind === 'left') return object;
    const earlier = object.value && readCounted(object.value);
    if (earlier === undefined) {
      ports.log.error('what an hour counted before cannot be read', { key });
      continue;
    }
    const ofSlice = [...earlier].filter(([conversion]) => sliceOfHex(conversion, of) === index);
    const gone = ofSlice.filter(([conversion]) => !counted.has(conversion) && !led.has(conversion));
    const released = await releaseGone(new Map(gone), ports, endMs);
    if (released.kind === 'left') return released;
  }
  return done(undefined);
}

function togetherOf({ summaries }: FoldedHour): Pick<RevisionFigures, 'counts' | 'unreadable'> {
  const total = (name: keyof FoldCounts) => summaries.reduce((sum, { counts }) => sum + counts[name], 0);
  return {
    counts: {
      events: total('events'),
      sameLine: total('sameLine'),
      otherLine: total('otherLine'),
      faults: total('faults'),
      unknown: total('unknown'),
      redacted: total('redacted'),
    },
    unreadable: [...new Set(summaries.flatMap(({ unreadable }) => unreadable))].sort(),
  };
}
