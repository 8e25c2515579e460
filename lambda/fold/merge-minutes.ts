import { encodeClicks } from '../../core/figures/clicks-object.ts';
import { mergeConversions, readConversions, readFirsts } from '../../core/figures/conversion-block.ts';
import { type EventBlock, readEventBlock, recordWords } from '../../core/figures/event-block.ts';
import { figuresObject } from '../../core/figures/figures-object.ts';
import { mergeEvents } from '../../core/figures/merge-events.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { anyGeneration, digestOf, foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { type FoldObjects, isFresh } from './fold-objects.ts';
import { type FoldRun, LeftToNextRun } from './run.ts';

/** The names of a minute's merged objects; undefined where the minute has nothing to merge. */
export interface MergedMinute {
  readonly clicks: string | undefined;
  readonly sales: string | undefined;
}

const { blocksAtOnceMax, minuteEventsMax } = limits.fold;

/**
 * Merges every minute whose blocks have changed since they were merged, in a random order, so that runs that overlap
 * share the work. Gives the names of all 60 minutes.
 */
export async function mergeMinutes(run: FoldRun, objects: FoldObjects): Promise<readonly MergedMinute[]> {
  const merged: MergedMinute[] = [];
  for (const minute of run.shuffled(objects.minutes.keys())) {
    merged[minute] = {
      clicks: await mergeMinute(run, objects, minute, 'clicks', eventNames(objects, minute), mergeClicks),
      sales: await mergeMinute(run, objects, minute, 'sales', conversionNames(objects, minute), mergeSales),
    };
  }
  return merged;
}

function eventNames({ minutes }: FoldObjects, minute: number): readonly string[] {
  return [...(minutes[minute]?.events ?? [])].sort();
}

/** A minute without conversions has no sales, even if other hours left `firsts` there. */
function conversionNames({ minutes, foreignFirsts }: FoldObjects, minute: number): readonly string[] {
  const { conversions = new Set<string>(), firsts = new Set<string>() } = minutes[minute] ?? {};
  if (conversions.size === 0) return [];
  const foreign = [...(foreignFirsts[minute] ?? [])].map((name) => `foreign ${name}`);
  return [...conversions, ...[...firsts].map((name) => `first ${name}`), ...foreign].sort();
}

async function mergeMinute(
  run: FoldRun,
  objects: FoldObjects,
  minute: number,
  kind: 'clicks' | 'sales',
  sources: readonly string[],
  merge: (run: FoldRun, objects: FoldObjects, minute: number, name: string) => Promise<void>,
): Promise<string | undefined> {
  if (sources.length === 0) return undefined;
  const name = digestOf(sources);
  const merged = objects.minutes[minute]?.[kind];
  if (merged?.has(name)) return name;
  run.checkTime();
  const key = foldKey(objects.hourStartMs, { kind, generation: objects.generation, minute, name });
  const isMergedByNow = !isFresh(run, objects) && (await run.find(key)) !== undefined;
  if (!isMergedByNow) await merge(run, objects, minute, name);
  merged?.add(name);
  return name;
}

/** Writes the visitors first: where the clicks exist, the visitors do too. */
async function mergeClicks(run: FoldRun, objects: FoldObjects, minute: number, name: string): Promise<void> {
  const { hourStartMs, generation } = objects;
  const merged = mergeEvents(await blocksOf(run, objects, minute), minuteEventsMax);
  if (merged === 'too-many') throw tooMany(minute);
  await run.put(foldKey(hourStartMs, { kind: 'visits', generation, minute, name }), merged.visits);
  await run.put(foldKey(hourStartMs, { kind: 'clicks', generation, minute, name }), encodeClicks(merged));
}

/** Stops at the first block that is too much, because memory does not hold all blocks of a minute without bounds. */
async function blocksOf(run: FoldRun, objects: FoldObjects, minute: number): Promise<readonly EventBlock[]> {
  const { hourStartMs, generation } = objects;
  let eventCount = 0;
  return inParallel(eventNames(objects, minute), blocksAtOnceMax, async (name) => {
    const block = await run.read(foldKey(hourStartMs, { kind: 'events', generation, minute, name }), readEventBlock);
    eventCount += block.words.length / recordWords;
    if (eventCount > minuteEventsMax) throw tooMany(minute);
    return block;
  });
}

function tooMany(minute: number): LeftToNextRun {
  return new LeftToNextRun(`minute ${minute} has more than ${minuteEventsMax} events`);
}

async function mergeSales(run: FoldRun, objects: FoldObjects, minute: number, name: string): Promise<void> {
  const { hourStartMs, generation } = objects;
  const { conversions = new Set<string>(), firsts = new Set<string>() } = objects.minutes[minute] ?? {};
  const events = await inParallel([...conversions], blocksAtOnceMax, (one) =>
    run.read(foldKey(hourStartMs, { kind: 'conversions', generation, minute, name: one }), readConversions),
  );
  const allFirsts = [
    ...[...firsts].map((one) => ({ generation, one })),
    ...[...(objects.foreignFirsts[minute] ?? [])].map((one) => ({ generation: anyGeneration, one })),
  ];
  const firstsByKey = await inParallel(allFirsts, blocksAtOnceMax, ({ generation: of, one }) =>
    run.read(foldKey(hourStartMs, { kind: 'firsts', generation: of, minute, name: one }), readFirsts),
  );
  const rows = mergeConversions(events.flat(), firstsByKey);
  await run.put(foldKey(hourStartMs, { kind: 'sales', generation, minute, name }), figuresObject(rows).gzip);
}
