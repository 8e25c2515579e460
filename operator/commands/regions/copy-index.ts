import { callOutcome } from '../../../core/call-outcome.ts';
import {
  claimFirstWrite,
  firstConversionKey,
  firstMarkOf,
  holdsAt,
  type KnownFirst,
  knownFirstOf,
  markTimeMs,
} from '../../../core/figures/first-conversion.ts';
import { inParallel } from '../../../core/in-parallel.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { Fetched } from '../../../core/ports.ts';
import type { ScanPlace } from '../../clients/region-copy.ts';
import { type Replacement, ReplacementFailure } from './replacement.ts';

const { attemptsMax, callBudgetMs, indexParts, indexWritesAtOnce } = limits.replacing;

/** How far the index is copied. Plain data that JSON can hold. */
export interface IndexPlace {
  /** By part of the table, where the scan goes on; `done` when the part is copied. */
  readonly parts: readonly (NonNullable<ScanPlace> | 'begin' | 'done')[];
  readonly items: number;
}

export const indexBeginning: IndexPlace = { parts: Array.from({ length: indexParts }, () => 'begin'), items: 0 };

export function isWhole({ parts }: IndexPlace): boolean {
  return parts.every((part) => part === 'done');
}

/** Copies one page of each part that is not done. */
export async function copyIndexPages(run: Replacement, place: IndexPlace): Promise<IndexPlace> {
  const counts: number[] = [];
  const parts = await inParallel([...place.parts.entries()], indexParts, async ([part, from]) => {
    if (from === 'done') return 'done';
    const { items, next } = await run.call(`the conversion index of ${run.survivor.region} cannot be read`, () =>
      run.survivor.scanIndex(part, place.parts.length, from === 'begin' ? undefined : from, callBudgetMs),
    );
    const known = items.flatMap((item) => knownFirstOf(item) ?? []);
    await inParallel(known, indexWritesAtOnce, (first) => putFirst(run, first));
    counts.push(known.length);
    return next ?? 'done';
  });
  return { parts, items: counts.reduce((sum, count) => sum + count, place.items) };
}

/** The smaller mark wins, as it does among runs of one region. */
async function putFirst(run: Replacement, first: KnownFirst): Promise<void> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const own = attempt === 1 ? undefined : await ownMark(run, first.key);
    if (own !== undefined && !givesWay(own, first)) return;
    const written = await run.call(`the conversion index of ${run.fresh.region} cannot be written`, () =>
      claim(run, first, own),
    );
    if (written === 'written') return;
  }
  throw new ReplacementFailure(
    `the conversion index of ${run.fresh.region} cannot be written: a key changes all the time`,
  );
}

/** A mark that is too old to hold the key any more does not take it from a later report. */
function givesWay(own: string, { mark, kept }: KnownFirst): boolean {
  return mark < own && holdsAt(mark, markTimeMs(own), kept);
}

async function claim(
  { fresh }: Replacement,
  { key, mark, kept }: KnownFirst,
  own: string | undefined,
): Promise<Fetched<'written' | 'changed'>> {
  const answer = await fresh.index.write(claimFirstWrite(key, mark, own, kept), callBudgetMs);
  const outcome = callOutcome(answer);
  if (outcome === 'done') return { kind: 'ok', value: 'written' };
  return outcome === 'unmet' ? { kind: 'ok', value: 'changed' } : { kind: 'failed', answer };
}

async function ownMark(run: Replacement, key: string): Promise<string | undefined> {
  const items = await run.call(`the conversion index of ${run.fresh.region} cannot be read`, () =>
    run.fresh.index.get([firstConversionKey(key)], callBudgetMs),
  );
  return firstMarkOf(items[0]);
}
