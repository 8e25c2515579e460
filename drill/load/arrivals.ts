import { type LoadType, loadTypes } from './sent-record.ts';

/** The load: events a second of each type. */
export interface Load extends LoadRates {
  /** Share of the conversions, 0 to 1, that report an earlier sale again, or another sale of the same click. */
  readonly repeats: number;
}

/** A time with many times the usual rates. */
interface Burst {
  readonly atMs: number;
  readonly forMs: number;
  readonly times: number;
}

interface LoadRates {
  readonly clicks: number;
  readonly impressions: number;
  readonly conversions: number;
  readonly burst?: Burst;
}

export interface Arrival {
  readonly type: LoadType;
  /** In ms after the load began. */
  readonly atMs: number;
}

/**
 * When each event is due. Each event has a slot of 1/rate seconds and a random moment in it. Even intervals would hide
 * bursts, and a Poisson process would give other counts for each seed. A burst comes on top of the usual load.
 */
export function arrivals(load: LoadRates, durationMs: number, chance: () => number): readonly Arrival[] {
  const { burst } = load;
  const usual = arrivalsAt(load, 1, durationMs, chance);
  if (burst === undefined) return usual;
  const more = arrivalsAt(load, burst.times - 1, burst.forMs, chance).map(({ type, atMs }) => {
    return { type, atMs: burst.atMs + atMs };
  });
  return [...usual, ...more].filter(({ atMs }) => atMs <= durationMs).sort((left, right) => left.atMs - right.atMs);
}

function arrivalsAt(load: LoadRates, times: number, durationMs: number, chance: () => number): readonly Arrival[] {
  const rates: Readonly<Record<LoadType, number>> = {
    click: load.clicks,
    impression: load.impressions,
    conversion: load.conversions,
  };
  return loadTypes
    .flatMap((type) => {
      const count = Math.round((times * rates[type] * durationMs) / 1_000);
      return Array.from({ length: count }, (_, slot) => ({ type, atMs: ((slot + chance()) * durationMs) / count }));
    })
    .sort((left, right) => left.atMs - right.atMs);
}
