import { readDayCaps } from '../../core/caps/day-caps.ts';
import { quarterAt } from '../../core/figures/classify.ts';
import { figuresObject, readFiguresObject } from '../../core/figures/figures-object.ts';
import type { FiguresRow, RowKey } from '../../core/figures/row.ts';
import { RowSum } from '../../core/figures/row-sum.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type DayState, readUniquesObject } from '../../core/ledger/day-state.ts';
import { quarterMs } from '../../core/ledger/hour-state.ts';
import { dayCapsKey, dayUniquesKey, digestOf } from '../../core/ledger/object-keys.ts';
import { daySumKey, monthDays, monthOf, monthSources, monthSumKey, overtakenMonths } from '../../core/ledger/sums.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs } from '../../core/log/log-key.ts';
import type { FoldRun } from '../fold/run.ts';
import type { CountedCaps } from './count-caps.ts';
import type { DayCalendar } from './day-calendar.ts';
import type { FinalDay } from './final-day.ts';
import type { SumsBook } from './sums-book.ts';

/** Sums a day up, if it is whole and what it comes from has changed. Notes on which earlier days its caps depend. */
export async function sumDay(
  run: FoldRun,
  final: FinalDay,
  { uniques, caps }: DayState,
  { earlier }: CountedCaps,
  book: SumsBook,
  calendar: DayCalendar,
): Promise<void> {
  const { day, isWhole, figureKeys } = final;
  const known = (await book.index()).days[day];
  const sources = isWhole ? digestOf([...figureKeys, uniques, caps?.object ?? '']) : known?.sources;
  const isSummed = known?.sources === sources;
  if (isSummed && known?.earlier?.digest === earlier?.digest && known?.earlier?.period === earlier?.period) return;
  const sum = isSummed ? known?.sum : await putSum(run, final, { uniques, caps }, calendar);
  await book.setDay(day, {
    ...(sum !== undefined && { sum }),
    ...(sources !== undefined && { sources }),
    ...(earlier && { earlier }),
  });
}

async function putSum(
  run: FoldRun,
  { day, figureKeys }: FinalDay,
  { uniques, caps }: Pick<DayState, 'uniques'> & { readonly caps: DayState['caps'] },
  calendar: DayCalendar,
): Promise<string> {
  const sum = new RowSum();
  const first = firstQuarter(day, calendar);
  const add = (rows: readonly FiguresRow[]) => sum.add(rows.map((row) => ({ ...row, key: { ...row.key, ...first } })));
  await inParallel(figureKeys, limits.fold.blocksAtOnceMax, async (key) => add(await run.read(key, readFiguresObject)));
  add((await run.read(dayUniquesKey(day, uniques), readUniquesObject)).payable);
  if (caps) add((await run.read(dayCapsKey(day, caps.object), readDayCaps)).rows);
  const { digest, gzip } = figuresObject(sum.rows());
  await run.put(daySumKey(day, digest), gzip);
  return digest;
}

function firstQuarter(day: string, calendar: DayCalendar): Pick<RowKey, 'hour' | 'quarter'> {
  const [firstHourMs = 0] = calendar.hoursOf(day);
  const starts = Array.from({ length: hourMs / quarterMs }, (_, quarter) => firstHourMs + quarter * quarterMs);
  return quarterAt(starts.find((startMs) => calendar.dayOf(startMs) === day) ?? firstHourMs);
}

/** Sums up the months that are over and whose days have changed. */
export async function sumMonths(run: FoldRun, book: SumsBook, calendar: DayCalendar): Promise<void> {
  for (const month of overtakenMonths(await book.index(), monthOf(calendar.dayOf(run.nowMs())))) {
    run.checkTime();
    const index = await book.index();
    const sum = new RowSum();
    const first = firstQuarter(`${month}-01`, calendar);
    for (const [day, digest] of monthDays(index, month)) {
      const rows = await run.read(daySumKey(day, digest), readFiguresObject);
      sum.add(rows.map((row) => ({ ...row, key: { ...row.key, ...first } })));
    }
    const { digest, gzip } = figuresObject(sum.rows());
    await run.put(monthSumKey(month, digest), gzip);
    await book.setMonth(month, { sum: digest, sources: monthSources(index, month) });
  }
}
