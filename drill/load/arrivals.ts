import { type LoadType, loadTypes } from './sent-record.ts';

/** Events a second of each type. */
export interface Load extends LoadRates {
  /** Share of the conversions that report the same sale once more, or another one of the same click. */
  readonly repeats: number;
}

interface LoadRates {
  readonly clicks: number;
  readonly impressions: number;
  readonly conversions: number;
}

export interface Arrival {
  readonly type: LoadType;
  /** ms after the load began. */
  readonly atMs: number;
}

/**
 * When each event is due. Every event has a slot of 1/rate seconds and comes somewhere in it: neither a metronome,
 * which would hide bursts, nor a Poisson process, whose counts would differ from seed to seed.
 */
export function arrivals(load: LoadRates, durationMs: number, chance: () => number): readonly Arrival[] {
  const rates: Readonly<Record<LoadType, number>> = {
    click: load.clicks,
    impression: load.impressions,
    conversion: load.conversions,
  };
  return loadTypes
    .flatMap((type) => {
      const count = Math.round((rates[type] * durationMs) / 1_000);
      return Array.from({ length: count }, (_, slot) => ({ type, atMs: ((slot + chance()) * durationMs) / count }));
    })
    .sort((left, right) => left.atMs - right.atMs);
}
