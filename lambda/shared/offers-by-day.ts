import { isTaken } from '../../core/call-outcome.ts';
import { directoryKey } from '../../core/figures/table-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Answer, Table } from '../../core/ports.ts';
import { type RetryTableCallPorts, retryTableCall } from './retry-table-call.ts';

const { directoryDaysMax } = limits.stats;

const known: Answer = { status: 200, code: '' };

/**
 * Notes which offers have rows on a day, so that a report of that day knows where to look. One environment writes an
 * offer of a day once. What it forgets is written again, which does no harm.
 */
export interface OffersByDay {
  /** `day`: UTC, for example `2026-11-23`. */
  note(day: string, offerIds: readonly number[], endMs: number): Promise<Answer>;
}

export function createOffersByDay(table: Table, ports: RetryTableCallPorts): OffersByDay {
  const noted = new Map<string, Set<number>>();
  return {
    async note(day, offerIds, endMs) {
      const ofDay = noted.get(day) ?? new Set();
      const fresh = [...new Set(offerIds)].filter((offerId) => !ofDay.has(offerId));
      if (fresh.length === 0) return known;
      const add = { offers: fresh.map(BigInt) };
      const key = directoryKey(day);
      const answer = await retryTableCall(
        (budgetMs) => table.write({ kind: 'update', key, add }, budgetMs),
        ports,
        endMs,
      );
      if (!isTaken(answer)) return answer;
      if (noted.size >= directoryDaysMax) noted.clear();
      noted.set(day, new Set([...ofDay, ...fresh]));
      return answer;
    },
  };
}
