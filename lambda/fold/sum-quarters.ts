import { readClicks } from '../../core/figures/clicks-object.ts';
import { figuresObject, readFiguresObject } from '../../core/figures/figures-object.ts';
import type { EnvironmentCount } from '../../core/figures/merge-events.ts';
import type { FiguresRow } from '../../core/figures/row.ts';
import { counterTotals, RowSum } from '../../core/figures/row-sum.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type QuarterPart, quarterCount } from '../../core/ledger/hour-state.ts';
import { digestOf, figuresKey, foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { minuteCount } from './fold-objects.ts';
import type { FoldRun } from './run.ts';

const quarterMinutes = minuteCount / quarterCount;

/** An hour whose minutes are merged into objects of one kind. */
export interface MergedHour {
  readonly hourStartMs: number;
  readonly generation: number;
  /** The name of each minute's object; undefined where there is none. 60 entries. */
  readonly names: readonly (string | undefined)[];
}

/** What the `clicks` of the minutes of a quarter come to. */
export interface ClicksSum {
  readonly sources: string;
  /** Includes `unique_clicks`, of which each counts once a minute. */
  readonly rows: readonly FiguresRow[];
  readonly events: number;
  readonly unknown: number;
  readonly redacted: number;
  readonly environments: readonly EnvironmentCount[];
}

/** The digest over everything that a part of a quarter comes from. */
export function sourcesOf({ generation, names }: MergedHour, quarter: number): string {
  return digestOf([`${generation}`, ...ofQuarter(names, quarter).map((name) => name ?? '')]);
}

export async function sumClicks(run: FoldRun, merged: MergedHour, quarter: number): Promise<ClicksSum> {
  const sum = new RowSum();
  const total = { events: 0, unknown: 0, redacted: 0 };
  const environments: EnvironmentCount[] = [];
  await inParallel(keysOf(merged, 'clicks', quarter), limits.fold.blocksAtOnceMax, async (key) => {
    const { rows, counts, environments: numbers } = await run.read(key, readClicks);
    sum.add(rows);
    total.events += counts.events;
    total.unknown += counts.unknown;
    total.redacted += counts.redacted;
    environments.push(...numbers);
  });
  return { sources: sourcesOf(merged, quarter), rows: sum.rows(), environments, ...total };
}

/** Sums the `sales` of a quarter, unless they are what `known` was made of. */
export async function salesPart(
  run: FoldRun,
  merged: MergedHour,
  quarter: number,
  known: QuarterPart | undefined,
): Promise<QuarterPart> {
  const sources = sourcesOf(merged, quarter);
  if (known?.sources === sources) return known;
  const sum = new RowSum();
  await inParallel(keysOf(merged, 'sales', quarter), limits.fold.blocksAtOnceMax, async (key) => {
    sum.add(await run.read(key, readFiguresObject));
  });
  return putPart(run, merged.hourStartMs, sources, sum.rows());
}

/** Writes the rows of a part of a quarter, and gives what a state says about them. */
export async function putPart(
  run: FoldRun,
  hourStartMs: number,
  sources: string,
  rows: readonly FiguresRow[],
): Promise<QuarterPart> {
  const totals = counterTotals(rows);
  if (rows.length === 0) return { figures: '', sources, totals };
  const { digest, gzip } = figuresObject(rows);
  await run.put(figuresKey(hourStartMs, digest), gzip);
  return { figures: digest, sources, totals };
}

function keysOf({ hourStartMs, generation, names }: MergedHour, kind: 'clicks' | 'sales', quarter: number) {
  return ofQuarter(names, quarter).flatMap((name, index) => {
    const minute = quarter * quarterMinutes + index;
    return name === undefined ? [] : [foldKey(hourStartMs, { kind, generation, minute, name })];
  });
}

function ofQuarter<Name>(names: readonly Name[], quarter: number): readonly Name[] {
  return names.slice(quarter * quarterMinutes, (quarter + 1) * quarterMinutes);
}
