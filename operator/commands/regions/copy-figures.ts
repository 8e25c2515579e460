import { inParallel } from '../../../core/in-parallel.ts';
import { type DayState, parseDayState } from '../../../core/ledger/day-state.ts';
import { type HourState, isFinal, parseHourState } from '../../../core/ledger/hour-state.ts';
import {
  hourConversionsPrefix,
  hourFactsPrefix,
  hourFoldPrefix,
  hourStateKey,
  publishedPrefix,
  sumsPrefix,
} from '../../../core/ledger/object-keys.ts';
import { sumsIndexKey } from '../../../core/ledger/sums.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourName, hourStart } from '../../../core/log/log-key.ts';
import type { StoredObject } from '../../../core/ports.ts';
import { plural } from '../../cli/format.ts';
import { Pace } from './pace.ts';
import { type Replacement, ReplacementFailure } from './replacement.ts';

const { attemptsMax, hoursAtOnce } = limits.replacing;

/**
 * Copies the figures of the survivor's final hours, with everything that they are made of, and of its whole days. Gives
 * how many hours were copied. The fresh region cannot make them again from the log: the conversion index forgets a key
 * after 115 days, and a report that comes after that would count as a sale of its own (docs/decisions/0020).
 */
export async function copyFigures(run: Replacement, firstMs: number): Promise<number> {
  const latestMs = hourStart(run.clock.nowMs());
  const hours = Array.from(
    { length: (latestMs - hourStart(firstMs)) / hourMs + 1 },
    (_, back) => latestMs - back * hourMs,
  );
  const pace = new Pace(run.clock, run.progress);
  let [looked, copied] = [0, 0];
  await inParallel(hours, hoursAtOnce, async (hourStartMs) => {
    if (await copyHour(run, hourStartMs)) copied += 1;
    looked += 1;
    const what = `figures: hour ${looked} of ${hours.length} (${hourName(hourStartMs)}Z), ${plural(copied, 'hour')} copied`;
    pace.done(what, looked / hours.length);
  });
  await copyDays(run);
  await copySums(run);
  return copied;
}

/** The state is written last. So where both regions have the same figures in force, everything else is there. */
async function copyHour(run: Replacement, hourStartMs: number): Promise<boolean> {
  const key = hourStateKey(hourStartMs);
  const theirs = await run.read(run.survivor, key);
  const state = theirs && parseHourState(theirs.body);
  if (theirs === undefined || state === undefined || !isFinal(state)) return false;
  if (isSame(state, await run.read(run.fresh, key))) return false;
  for (const prefix of [
    hourConversionsPrefix(hourStartMs),
    hourFoldPrefix(hourStartMs),
    hourFactsPrefix(hourStartMs),
    publishedPrefix(hourStartMs),
  ]) {
    const lacking = (await run.lacking(prefix)).filter((one) => one !== key);
    // A group says that its blocks are there, so it comes after them.
    await run.copy(
      lacking.filter((one) => !isGroup(one)),
      hoursAtOnce,
    );
    await run.copy(lacking.filter(isGroup), hoursAtOnce);
  }
  await putState(run, key, theirs.body, (own) => isSame(state, own));
  return true;
}

function isGroup(key: string): boolean {
  return /\/group-[^/]*$/.test(key);
}

function isSame({ figuresDigest, keys }: HourState, own: StoredObject | undefined): boolean {
  const state = own && parseHourState(own.body);
  return state !== undefined && isFinal(state) && state.figuresDigest === figuresDigest && state.keys === keys;
}

/** The fresh region's own runs write states too. What it made of a log that was not whole gives way. */
async function putState(
  run: Replacement,
  key: string,
  body: Uint8Array,
  isDone: (own: StoredObject | undefined) => boolean,
): Promise<void> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const own = await run.read(run.fresh, key);
    if (isDone(own)) return;
    if ((await run.replace(key, body, own?.etag)).kind === 'ok') return;
  }
  throw new ReplacementFailure(`${run.fresh.bucketName}/${key} cannot be written: it changes all the time`);
}

/** Days of which an hour is still open are counted by the fresh region itself. */
async function copyDays(run: Replacement): Promise<void> {
  const keys = await run.keys(run.survivor, 'ledger/days/');
  await run.copy((await run.lacking('ledger/days/')).filter((key) => !isState(key)));
  await inParallel(keys.filter(isState), hoursAtOnce, async (key) => {
    const theirs = await run.read(run.survivor, key);
    const state = theirs && parseDayState(theirs.body);
    if (theirs === undefined || state === undefined || !state.isWhole) return;
    await putState(run, key, theirs.body, (own) => own !== undefined && isSameDay(state, parseDayState(own.body)));
  });
}

function isSameDay(one: DayState, other: DayState | undefined): boolean {
  return other?.uniques === one.uniques && other.caps?.object === one.caps?.object;
}

/** Lifetime caps begin with sums of days whose figures have expired. The index is written last. */
async function copySums(run: Replacement): Promise<void> {
  const theirs = await run.read(run.survivor, sumsIndexKey);
  if (theirs === undefined) return;
  await run.copy((await run.lacking(sumsPrefix)).filter((key) => key !== sumsIndexKey));
  await putState(
    run,
    sumsIndexKey,
    theirs.body,
    (own) => own !== undefined && Buffer.from(own.body).equals(theirs.body),
  );
}

function isState(key: string): boolean {
  return key.endsWith('/state.json');
}
