import { hourMs, parseHourName } from '../../core/log/log-key.ts';
import type { TableItem } from '../../core/ports.ts';

/** What a region's table says about an hour that was made final. */
export interface FinalHour {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** 1 for the hour's first final figures. */
  readonly revision: number;
  readonly cause: string;
  /** The first 8 digits of the revision's digest. The keys of its rows contain them. */
  readonly digest8: string;
  /** The same in both regions when their figures agree. */
  readonly figuresDigest: string;
  /** The number of events, each counted once. */
  readonly events: number;
  readonly segments: number;
}

export function finalHourOf(item: TableItem): FinalHour {
  return {
    hour: text(item['sk']),
    revision: Number(item['revision'] ?? 0),
    cause: text(item['cause']),
    digest8: text(item['digest']).slice(0, 8),
    figuresDigest: text(item['figures_digest']),
    events: Number(item['events'] ?? 0),
    segments: Number(item['segments'] ?? 0),
  };
}

function text(value: TableItem[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Drills make hours final before they are over. The figures of such an hour are still provisional. */
export function isFinal(state: FinalHour | undefined, nowMs: number): boolean {
  return state !== undefined && parseHourName(state.hour) + hourMs <= nowMs;
}
