import {
  homeFirst,
  pairBudgetMs,
  peerFirst,
  type Rung,
  type RungPair,
  type RungPreference,
  rungBudgetMs,
} from '../../core/capture/ladder.ts';
import { isSampled } from '../../core/capture/sampling.ts';
import type { LoggedEvent } from '../../core/event/event.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Clock } from '../../core/ports.ts';
import { type Parcel, parcelOf, type Rungs } from './rungs.ts';

export interface CaptureSettings {
  /** 1 event in so many is captured at the peer first; 0 = none. */
  readonly peerFirstOneIn: number;
  readonly clickCapture: 'home' | 'both';
}

/** Throws on anything but `home` and `both`. */
export function parseClickCapture(text: string): CaptureSettings['clickCapture'] {
  if (text === 'home' || text === 'both') return text;
  throw new Error(`a click is captured at "home" or in "both" regions, not "${text}"`);
}

/** The rungs that took an event, in order of preference. Empty when no rung is known to have it. */
export type Captured = readonly Rung[];

/** Makes an event durable. `line` is the encoded event. Ends within the budget of the event's type. */
export type Capture = (event: Pick<LoggedEvent, 'id' | 'type'>, line: string) => Promise<Captured>;

export function createCapture(rungs: Rungs, clock: Clock, settings: CaptureSettings): Capture {
  return (event, line) => {
    const parcel = parcelOf(line);
    if (event.type === 'conversion') return inBoth(rungs, clock, parcel, ofConversion);
    if (event.type === 'click' && settings.clickCapture === 'both') return inBoth(rungs, clock, parcel, ofClick);
    const preference = isSampled(event.id, settings.peerFirstOneIn) ? peerFirst : homeFirst;
    return inOne(rungs, clock, parcel, preference);
  };
}

/** Tries one rung after the other until one takes the event. */
async function inOne(rungs: Rungs, clock: Clock, parcel: Parcel, preference: RungPreference): Promise<Captured> {
  const endMs = clock.nowMs() + limits.capture.clickBudgetMs;
  const order = rungs.order(preference);
  for (const [index, rung] of order.entries()) {
    const budgetMs = rungBudgetMs(rung, order.slice(index + 1), endMs - clock.nowMs());
    if (budgetMs === 0) break;
    const answer = await rungs.call(rung, parcel, budgetMs);
    if (rungs.note(rung, answer)) return [rung];
  }
  return [];
}

interface Patience {
  readonly budgetMs: number;
  /** How long the other region may take once one region has the event. */
  readonly secondRegionWaitMs: number;
  /** When the other region's queue did not take the event, the rest of the budget is for that region's bucket. */
  readonly insistsOnBoth: boolean;
}

const ofConversion: Patience = {
  budgetMs: limits.capture.conversionBudgetMs,
  secondRegionWaitMs: limits.capture.conversionSecondRegionWaitMs,
  insistsOnBoth: true,
};
const ofClick: Patience = {
  budgetMs: limits.capture.clickBudgetMs,
  secondRegionWaitMs: limits.capture.clickSecondRegionWaitMs,
  insistsOnBoth: false,
};

/** Asks both regions' queues at once, and both buckets when neither queue took the event. */
async function inBoth(rungs: Rungs, clock: Clock, parcel: Parcel, patience: Patience): Promise<Captured> {
  const endMs = clock.nowMs() + patience.budgetMs;
  const order = rungs.pairs();
  for (const [index, pair] of order.entries()) {
    const budgetMs = pairBudgetMs(index === order.length - 1, endMs - clock.nowMs());
    if (budgetMs === 0) break;
    const taken = await tryPair(rungs, clock, parcel, pair, { ...patience, budgetMs });
    if (taken.length === 0) continue;
    return patience.insistsOnBoth ? completed(rungs, parcel, taken, endMs - clock.nowMs()) : taken;
  }
  return [];
}

/**
 * The sender of a conversion never repeats what was acknowledged. An event in one region's queue alone would be lost
 * with that region. So the other region's bucket gets it before the answer.
 */
async function completed(rungs: Rungs, parcel: Parcel, taken: Captured, leftMs: number): Promise<Captured> {
  const rung = rungs.instead(taken);
  if (rung === undefined || leftMs <= 0) return taken;
  const answer = await rungs.call(rung, parcel, leftMs);
  return rungs.note(rung, answer) ? [...taken, rung] : taken;
}

/**
 * Ends when both rungs have answered, or a short wait after the first one took the event. A rung that has not answered
 * by then counts as failed. A later answer is ignored, because the environment may have been frozen in between.
 */
async function tryPair(
  rungs: Rungs,
  clock: Clock,
  parcel: Parcel,
  pair: RungPair,
  { budgetMs, secondRegionWaitMs }: Patience,
): Promise<Captured> {
  const open = new Set<Rung>(pair);
  const taken = new Set<Rung>();
  const bothAnswered = new Promise<void>((resolve, reject) => {
    const ask = async (rung: Rung) => {
      const answer = await rungs.call(rung, parcel, budgetMs);
      if (!open.delete(rung)) return;
      if (rungs.note(rung, answer)) taken.add(rung);
      if (open.size === 0) resolve();
      else if (taken.size > 0) clock.sleep(secondRegionWaitMs).then(resolve, reject);
    };
    for (const rung of pair) ask(rung).catch(reject);
  });
  await bothAnswered;
  for (const rung of open) rungs.note(rung, abandoned);
  open.clear();
  return pair.filter((rung) => taken.has(rung));
}

const abandoned = { status: 0, code: 'Abandoned' };
