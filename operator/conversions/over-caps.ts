import type { OverCapConversion } from '../../core/caps/day-caps.ts';
import type { ConversionHistory } from '../../core/conversions/conversion-history.ts';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { FiguresFailure, type FiguresReader } from '../figures/figures-reader.ts';
import { ConversionsUnreadable } from './conversion-source.ts';

/** Adds to each history which hard caps had no room for the conversion. Throws a ConversionsUnreadable. */
export type AddOverCaps = (histories: readonly ConversionHistory[]) => Promise<readonly ConversionHistory[]>;

type Reader = Pick<FiguresReader, 'overCapOf'>;

/**
 * Only the figures of a conversion's whole day tell whether it is over a cap. Conversions without caps on their line cost
 * no read. `dayOf`: the day of the network's time zone.
 */
export function overCapsIn(readers: readonly Reader[], dayOf: (timeMs: number) => string): AddOverCaps {
  return async (histories) => {
    const dayOfFirst = ({ first }: ConversionHistory) => dayOf(uuidTimeMs(first.id));
    const stamped = histories.filter(({ first }) => typeof first['caps'] === 'string');
    const days = [...new Set(stamped.map(dayOfFirst))];
    const found = await inParallel(days, limits.report.hoursAtOnce, (day) => anyOverCaps(readers, day));
    const byId = new Map(found.flat().map((one) => [one.id, one.caps]));
    return histories.map((history) => {
      const overCaps = byId.get(history.first.id);
      return overCaps === undefined ? history : { ...history, overCaps };
    });
  };
}

/** Both regions come to the same, so one of them is enough. */
async function anyOverCaps(readers: readonly Reader[], day: string): Promise<readonly OverCapConversion[]> {
  const reasons: string[] = [];
  for (const reader of readers) {
    try {
      return await reader.overCapOf(day);
    } catch (error) {
      if (!(error instanceof FiguresFailure)) throw error;
      reasons.push(error.message);
    }
  }
  throw new ConversionsUnreadable(reasons.join('; '));
}
