import { type Capped, cappedObject } from '../../core/caps/capped.ts';
import { readClicks } from '../../core/figures/clicks-object.ts';
import { figuresObject } from '../../core/figures/figures-object.ts';
import type { EnvironmentCount } from '../../core/figures/merge-events.ts';
import type { FiguresRow } from '../../core/figures/row.ts';
import { counterTotals, RowSum } from '../../core/figures/row-sum.ts';
import { readSales } from '../../core/figures/sales-object.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type QuarterPart, quarterCount } from '../../core/ledger/hour-state.ts';
import { cappedKey, digestOf, figuresKey, foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { minuteMs } from '../../core/log/log-key.ts';
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
  /** The clicks among them that take room of hard caps. */
  readonly capped: readonly Capped[];
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
  const capped: Capped[] = [];
  await inParallel(objectsOf(merged, 'clicks', quarter), limits.fold.blocksAtOnceMax, async ({ key, startMs }) => {
    const { rows, counts, environments: numbers, capped: effects } = await run.read(key, readClicks);
    sum.add(rows);
    capped.push(...effects.map((effect): Capped => ({ ...effect, kind: 'clicks', minuteMs: startMs })));
    total.events += counts.events;
    total.unknown += counts.unknown;
    total.redacted += counts.redacted;
    environments.push(...numbers);
  });
  return { sources: sourcesOf(merged, quarter), rows: sum.rows(), capped, environments, ...total };
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
  const capped: Capped[] = [];
  await inParallel(objectsOf(merged, 'sales', quarter), limits.fold.blocksAtOnceMax, async ({ key }) => {
    const sales = await run.read(key, readSales);
    sum.add(sales.rows);
    capped.push(...sales.capped);
  });
  return putPart(run, merged.hourStartMs, { sources, rows: sum.rows(), capped });
}

/** Writes the rows of a part of a quarter, and gives what a state says about them. */
export async function putPart(
  run: FoldRun,
  hourStartMs: number,
  { sources, rows, capped }: { readonly rows: readonly FiguresRow[] } & Pick<ClicksSum, 'sources' | 'capped'>,
): Promise<QuarterPart> {
  const totals = counterTotals(rows);
  if (rows.length === 0) return { figures: '', sources, totals };
  const { digest: figures, gzip } = figuresObject(rows);
  const key = figuresKey(hourStartMs, figures);
  await run.put(key, gzip);
  run.noteRows(key, rows);
  if (capped.length === 0) return { figures, sources, totals };
  const ofCaps = cappedObject(capped);
  await run.put(cappedKey(hourStartMs, ofCaps.digest), ofCaps.gzip);
  return { figures, sources, totals, capped: ofCaps.digest };
}

function objectsOf({ hourStartMs, generation, names }: MergedHour, kind: 'clicks' | 'sales', quarter: number) {
  return ofQuarter(names, quarter).flatMap((name, index) => {
    const minute = quarter * quarterMinutes + index;
    const startMs = hourStartMs + minute * minuteMs;
    return name === undefined ? [] : [{ key: foldKey(hourStartMs, { kind, generation, minute, name }), startMs }];
  });
}

function ofQuarter<Name>(names: readonly Name[], quarter: number): readonly Name[] {
  return names.slice(quarter * quarterMinutes, (quarter + 1) * quarterMinutes);
}
