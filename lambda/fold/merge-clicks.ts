import { encodeClicks } from '../../core/figures/clicks-object.ts';
import { type EventBlock, readEventBlock, recordWords } from '../../core/figures/event-block.ts';
import { mergeEvents } from '../../core/figures/merge-events.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { digestOf, foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { type FoldObjects, isFresh } from './fold-objects.ts';
import { type FoldRun, LeftToNextRun } from './run.ts';

const { blocksAtOnceMax, minuteEventsMax } = limits.fold;

/**
 * Merges the blocks of events of every minute where they have changed since they were merged, in a random order, so that
 * runs that overlap share the work. Gives the names of all 60 minutes; undefined where a minute has no events.
 */
export async function mergeHourClicks(run: FoldRun, objects: FoldObjects): Promise<readonly (string | undefined)[]> {
  const merged: (string | undefined)[] = [];
  for (const minute of run.shuffled(objects.minutes.keys())) merged[minute] = await mergeMinute(run, objects, minute);
  return merged;
}

async function mergeMinute(run: FoldRun, objects: FoldObjects, minute: number): Promise<string | undefined> {
  const sources = eventNames(objects, minute);
  if (sources.length === 0) return undefined;
  const name = digestOf(sources);
  const merged = objects.minutes[minute]?.clicks;
  if (merged?.has(name)) return name;
  run.checkTime();
  const key = foldKey(objects.hourStartMs, { kind: 'clicks', generation: objects.generation, minute, name });
  const isMergedByNow = !isFresh(run, objects) && (await run.find(key)) !== undefined;
  if (!isMergedByNow) await mergeBlocks(run, objects, minute, name);
  merged?.add(name);
  return name;
}

function eventNames({ minutes }: FoldObjects, minute: number): readonly string[] {
  return [...(minutes[minute]?.events ?? [])].sort();
}

/** Writes the visitors first: where the clicks exist, the visitors do too. */
async function mergeBlocks(run: FoldRun, objects: FoldObjects, minute: number, name: string): Promise<void> {
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
