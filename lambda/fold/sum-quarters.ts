import { readClicks } from '../../core/figures/clicks-object.ts';
import { figuresObject, readFiguresObject } from '../../core/figures/figures-object.ts';
import type { EnvironmentCount } from '../../core/figures/merge-events.ts';
import type { FiguresRow } from '../../core/figures/row.ts';
import { counterTotals, RowSum } from '../../core/figures/row-sum.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type QuarterState, quarterCount } from '../../core/ledger/hour-state.ts';
import { digestOf, figuresKey, foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import type { FoldedHour } from './fold-hour.ts';
import { minuteCount } from './fold-objects.ts';
import type { MergedMinute } from './merge-minutes.ts';
import type { FoldRun } from './run.ts';

const quarterMinutes = minuteCount / quarterCount;

/** What the minutes of a quarter come to. */
export interface QuarterSum {
  readonly sources: string;
  /** Includes `unique_clicks`, of which each counts once a minute. */
  readonly rows: readonly FiguresRow[];
  readonly events: number;
  readonly unknown: number;
  readonly redacted: number;
  readonly environments: readonly EnvironmentCount[];
}

/** The digest over everything that the figures of a quarter come from. */
export function quarterSources({ generation, minutes }: Pick<FoldedHour, 'generation' | 'minutes'>, quarter: number) {
  const names = ofQuarter(minutes, quarter).flatMap(({ clicks = '', sales = '' }) => [clicks, sales]);
  return digestOf([`${generation}`, ...names]);
}

export async function sumQuarter(run: FoldRun, folded: FoldedHour, quarter: number): Promise<QuarterSum> {
  const { hourStartMs, generation, minutes } = folded;
  const sum = new RowSum();
  const total = { events: 0, unknown: 0, redacted: 0 };
  const environments: EnvironmentCount[] = [];
  const merged = ofQuarter(minutes, quarter).map((names, index) => ({
    ...names,
    minute: quarter * quarterMinutes + index,
  }));
  await inParallel(merged, limits.fold.blocksAtOnceMax, async ({ minute, clicks, sales }) => {
    if (clicks !== undefined) {
      const key = foldKey(hourStartMs, { kind: 'clicks', generation, minute, name: clicks });
      const { rows, counts, environments: numbers } = await run.read(key, readClicks);
      sum.add(rows);
      total.events += counts.events;
      total.unknown += counts.unknown;
      total.redacted += counts.redacted;
      environments.push(...numbers);
    }
    if (sales !== undefined) {
      const key = foldKey(hourStartMs, { kind: 'sales', generation, minute, name: sales });
      sum.add(await run.read(key, readFiguresObject));
    }
  });
  return { sources: quarterSources(folded, quarter), rows: sum.rows(), environments, ...total };
}

/** Writes the rows of a quarter, and gives what a state says about them. */
export async function putQuarter(
  run: FoldRun,
  hourStartMs: number,
  { sources, rows, events, unknown, redacted }: Omit<QuarterSum, 'environments'>,
): Promise<QuarterState> {
  const totals = counterTotals(rows);
  if (rows.length === 0) return { figures: '', sources, events, unknown, redacted, totals };
  const { digest, gzip } = figuresObject(rows);
  await run.put(figuresKey(hourStartMs, digest), gzip);
  return { figures: digest, sources, events, unknown, redacted, totals };
}

function ofQuarter(minutes: readonly MergedMinute[], quarter: number): readonly MergedMinute[] {
  return minutes.slice(quarter * quarterMinutes, (quarter + 1) * quarterMinutes);
}
