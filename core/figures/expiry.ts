import { limits } from '../limits/limits.ts';
import { hourMs } from '../log/log-key.ts';

const { provisionalDays } = limits.figures;

/**
 * When DynamoDB may delete what is provisional, in seconds since the epoch. It follows from the hour and not from the
 * clock, so that a marker or a claim never goes before the rows that it guards.
 */
export function expiresAtOf(hourStartMs: number): bigint {
  return BigInt((hourStartMs + provisionalDays * 24 * hourMs) / 1_000);
}
