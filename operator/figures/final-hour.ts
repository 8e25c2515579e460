import { hourMs, parseHourName } from '../../core/log/log-key.ts';
import type { TableItem } from '../../core/ports.ts';

/** What a region's table says of an hour that was made final. */
export interface FinalHour {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** 1 for the first time it was made final. */
  readonly revision: number;
  readonly cause: string;
  /** What the rows of this revision carry. */
  readonly digest8: string;
  /** Of the figures themselves: the same in both regions when these agree. */
  readonly figuresDigest: string;
  /** Each event once. */
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

/** A drill has hours made final that are not over: their figures are provisional all the same. */
export function isFinal(state: FinalHour | undefined, nowMs: number): boolean {
  return state !== undefined && parseHourName(state.hour) + hourMs <= nowMs;
}
