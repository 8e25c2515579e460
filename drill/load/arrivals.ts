import { type LoadType, loadTypes } from './sent-record.ts';

/** The load: events a second of each type. */
export interface Load extends LoadRates {
  /** Share of the conversions, 0 to 1, that report an earlier sale again, or another sale of the same click. */
  readonly repeats: number;
}

interface LoadRates {
  readonly clicks: number;
  readonly impressions: number;
  readonly conversions: number;
}

export interface Arrival {
  readonly type: LoadType;
  /** In ms after the load began. */
  readonly atMs: number;
}

/**
 * When each event is due. Each event has a slot of 1/rate seconds and a random moment in it. Even intervals would hide
 * bursts, and a Poisson process would give other counts for each seed.
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
