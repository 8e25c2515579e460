import { conversionLine, encodeConversionLines, encodeFirsts } from '../../core/figures/conversion-block.ts';
import type { Forwarded } from '../../core/figures/merge-sales.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { anyGeneration, digestOf, foldKey, toldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourStart, minuteMs } from '../../core/log/log-key.ts';
import type { SalesObjects } from './fold-objects.ts';
import type { FoldRun } from './run.ts';

const { blocksAtOnceMax } = limits.fold;

/**
 * Leaves events and marks in other minutes, by the starts of these. The figures of those minutes may change. A pointer
 * to each other hour tells later runs of the ledger, in case this one ends before the hour is settled.
 */
export async function tellMinutes(
  run: FoldRun,
  objects: SalesObjects,
  forwarded: ReadonlyMap<number, Forwarded>,
): Promise<void> {
  await inParallel([...forwarded], blocksAtOnceMax, async ([startMs, { later, firsts }]) => {
    if (later.length > 0) {
      const lines = later.map(conversionLine).sort();
      await leave(run, objects, startMs, 'later', digestOf(lines), encodeConversionLines(lines));
    }
    if (firsts.size > 0) {
      await leave(run, objects, startMs, 'firsts', digestOf([...firsts].sort().flat()), encodeFirsts(firsts));
    }
  });
  const hours = new Set([...forwarded.keys()].map(hourStart).filter((hour) => hour !== objects.hourStartMs));
  await inParallel([...hours], blocksAtOnceMax, (hour) => run.put(toldKey(run.nowMs(), hour), new Uint8Array()));
  for (const hour of hours) run.displacedHours.add(hour);
}

async function leave(
  run: FoldRun,
  { hourStartMs, received }: SalesObjects,
  startMs: number,
  kind: 'later' | 'firsts',
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const hour = hourStart(startMs);
  const minute = (startMs - hour) / minuteMs;
  await run.put(foldKey(hour, { kind, generation: anyGeneration, minute, name }), bytes);
  if (hour === hourStartMs) received[minute]?.[kind].add(name);
}
