import { limits } from '../limits/limits.ts';
import { hourMs } from '../log/log-key.ts';

/**
 * From when on the ledger makes an hour final by itself, ms since the epoch. Until then events of the hour are on their
 * way as a rule: figures made earlier would lack them and yet be taken for final ones.
 */
export function closesAtMs(hourStartMs: number): number {
  return hourStartMs + hourMs + limits.ledger.close.afterMinutes * 60_000;
}
