import { parseDayState } from '../../core/ledger/day-state.ts';
import { dayStateKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs } from '../../core/log/log-key.ts';
import { readState } from '../fold/hour-states.ts';
import type { FoldRun } from '../fold/run.ts';
import type { DayCalendar } from './day-calendar.ts';

const { overdueHours, daysBack } = limits.ledger.days;

/** How many of the latest days ended long ago, have figures, and lack a whole count of their visitors. */
export async function countOverdueDays(run: FoldRun, calendar: DayCalendar): Promise<number> {
  const latestMs = run.nowMs() - overdueHours * hourMs;
  const today = calendar.dayOf(latestMs);
  let overdueCount = 0;
  for (let back = 0; back <= daysBack; back += 1) {
    const day = calendar.dayOf(latestMs - back * 24 * hourMs);
    if (day === today) continue;
    const stored = await run.find(dayStateKey(day));
    if (stored && parseDayState(stored.body)?.isWhole) continue;
    if (await hasFigures(run, day, calendar)) overdueCount += 1;
  }
  return overdueCount;
}

/** Days before the region's deployment have no figures. On the first day of a deployment only some hours have. */
async function hasFigures(run: FoldRun, day: string, calendar: DayCalendar): Promise<boolean> {
  const [first = 0] = calendar.hoursOf(day);
  return (await readState(run, first)).state !== undefined;
}
