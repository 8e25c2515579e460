import { inParallel } from '../../core/in-parallel.ts';
import { type HourState, isFinal, partsOf, quarterMs } from '../../core/ledger/hour-state.ts';
import { cappedKey, figuresKey, foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourPrefix, minuteMs } from '../../core/log/log-key.ts';
import { readState } from '../fold/hour-states.ts';
import type { FoldRun } from '../fold/run.ts';
import type { DayCalendar } from './day-calendar.ts';

/** What the final hours of a day have. */
export interface FinalDay {
  /** In the network's time zone, `2026-11-23`. */
  readonly day: string;
  /** Whether every hour of the day is final, but for hours before the deployment. */
  readonly isWhole: boolean;
  /** The sum of the hours' unique visitors. */
  readonly visits: number;
  /** Keys of the visits of the day's minutes, in order. */
  readonly visitKeys: readonly string[];
  /** Keys of the rows of the day's quarters, in order. */
  readonly figureKeys: readonly string[];
  /** Keys of what takes room of hard caps, in order. */
  readonly cappedKeys: readonly string[];
}

/** Undefined while no hour of the day is final. */
export async function readFinalDay(run: FoldRun, day: string, calendar: DayCalendar): Promise<FinalDay | undefined> {
  const hours = await inParallel(calendar.hoursOf(day), limits.ledger.hoursAtOnceMax, async (hourStartMs) => {
    const { state } = await readState(run, hourStartMs);
    return { hourStartMs, state };
  });
  const finals = hours.filter(isFinalHour);
  if (finals.length === 0) return undefined;
  return {
    day,
    isWhole: await isWhole(run, hours),
    visits: finals.reduce((sum, { state }) => sum + Number(state.totals.unique_clicks ?? 0n), 0),
    visitKeys: finals.flatMap((hour) => visitsOfDay(hour, day, calendar)),
    ...partKeys(finals, day, calendar),
  };
}

interface Hour {
  readonly hourStartMs: number;
  readonly state: HourState | undefined;
}

interface FinalHour extends Hour {
  readonly state: HourState;
}

function isFinalHour(hour: Hour): hour is FinalHour {
  return hour.state !== undefined && isFinal(hour.state);
}

/**
 * The first day of a deployment has hours without figures and without a log. Nobody makes these final, and what came
 * after them takes room of a month and of a lifetime.
 */
async function isWhole(run: FoldRun, hours: readonly Hour[]): Promise<boolean> {
  const first = hours.findIndex(({ state }) => state !== undefined);
  if (!hours.slice(first).every(isFinalHour)) return false;
  const logs = await inParallel(hours.slice(0, first), limits.ledger.hoursAtOnceMax, ({ hourStartMs }) =>
    run.listPage(hourPrefix(hourStartMs)),
  );
  return logs.every(({ keys }) => keys.length === 0);
}

function visitsOfDay({ hourStartMs, state }: FinalHour, day: string, calendar: DayCalendar): readonly string[] {
  const { generation, minutes } = state;
  return minutes.flatMap((name, minute) =>
    name !== '' && calendar.dayOf(hourStartMs + minute * minuteMs) === day
      ? [foldKey(hourStartMs, { kind: 'visits', generation, minute, name })]
      : [],
  );
}

function partKeys(finals: readonly FinalHour[], day: string, calendar: DayCalendar) {
  const [figureKeys, cappedKeys]: [string[], string[]] = [[], []];
  for (const { hourStartMs, state } of finals) {
    const ofDay = state.quarters.filter((_, quarter) => calendar.dayOf(hourStartMs + quarter * quarterMs) === day);
    for (const { figures, capped } of ofDay.flatMap(partsOf)) {
      if (figures !== '') figureKeys.push(figuresKey(hourStartMs, figures));
      if (capped !== undefined) cappedKeys.push(cappedKey(hourStartMs, capped));
    }
  }
  return { figureKeys, cappedKeys };
}
