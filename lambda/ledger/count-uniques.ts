import { figuresObject, readFiguresObject } from '../../core/figures/figures-object.ts';
import type { FiguresRow } from '../../core/figures/row.ts';
import { UniqueVisitors, visitsHeadBytes, visitsRanges } from '../../core/figures/visits.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { digestOf, foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import type { FoldedHour } from '../fold/fold-hour.ts';
import { type FoldRun, LeftToNextRun } from '../fold/run.ts';

/** The object `visits` has an index of 256 ranges of hashes, so no more parts are possible. */
const partsMax = 256;

/** In how many parts visitors are counted: a power of two. `visits`: an upper bound of the visitors. */
export function partsFor(visits: number, visitorsMax: number): number {
  const parts = 2 ** Math.max(0, Math.ceil(Math.log2(visits / visitorsMax)));
  if (parts > partsMax) throw new LeftToNextRun(`${visits} visits are more than ${partsMax} parts of ${visitorsMax}`);
  return parts;
}

/**
 * The unique visitors of an hour as rows, each visitor in the row of the first click. Every part that is counted leaves
 * an object, so a killed run repeats at most one part.
 */
export async function countHourUniques(
  run: FoldRun,
  { hourStartMs, generation, clicks: names }: FoldedHour,
  visits: number,
  visitorsMax: number,
): Promise<readonly FiguresRow[]> {
  const name = digestOf(names.map((one) => one ?? ''));
  const keys = names.flatMap((one, minute) =>
    one === undefined ? [] : [foldKey(hourStartMs, { kind: 'visits', generation, minute, name: one })],
  );
  const of = partsFor(visits, visitorsMax);
  const rows: FiguresRow[] = [];
  for (const part of run.shuffled(Array(of).keys())) {
    const key = foldKey(hourStartMs, { kind: 'uniques', generation, name, part, of });
    const counted = await run.keep(key, readFiguresObject, async () => {
      const value = (await visitorsIn(run, keys, part, of)).rows();
      return { value, bytes: figuresObject(value).gzip };
    });
    rows.push(...counted);
  }
  return rows;
}

/** Objects are read at once, but added in their order, because the first click decides the row. */
const aheadMax = limits.fold.blocksAtOnceMax;

/** The visitors of one part of all visits under these keys. The keys are in the order of time. */
export async function visitorsIn(
  run: FoldRun,
  keys: readonly string[],
  part: number,
  of: number,
): Promise<UniqueVisitors> {
  const visitors = new UniqueVisitors();
  for (let from = 0; from < keys.length; from += aheadMax) {
    run.checkTime();
    const some = keys.slice(from, from + aheadMax);
    const read = await inParallel(some, aheadMax, (key) => readPart(run, key, part, of));
    for (const [index, visits] of read.entries()) {
      if (visits && !visitors.add(visits.rows, visits.entries)) {
        throw new LeftToNextRun(`${some[index]} cannot be understood`);
      }
    }
  }
  return visitors;
}

interface VisitsPart {
  readonly rows: Uint8Array;
  readonly entries: Uint8Array;
}

/** A single part is the whole object, which one request reads. Undefined for a minute without visitors. */
async function readPart(run: FoldRun, key: string, part: number, of: number): Promise<VisitsPart | undefined> {
  const whole = of === 1 ? await run.need(key) : undefined;
  const head = whole?.subarray(0, visitsHeadBytes) ?? (await run.needRange(key, 0, visitsHeadBytes));
  if (head.length === 0) return undefined;
  const { rows, entries } = rangesOf(key, head, part, of);
  const cut = async ({ fromByte, lengthBytes }: typeof rows) =>
    whole?.subarray(fromByte, fromByte + lengthBytes) ?? (await run.needRange(key, fromByte, lengthBytes));
  return { rows: await cut(rows), entries: await cut(entries) };
}

function rangesOf(key: string, head: Uint8Array, part: number, of: number) {
  try {
    return visitsRanges(head, part, of);
  } catch {
    throw new LeftToNextRun(`${key} cannot be understood`);
  }
}
