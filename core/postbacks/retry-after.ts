import { limits } from '../limits/limits.ts';

/**
 * The seconds that a `Retry-After` header asks to wait, at most a day; undefined when the header is absent or means
 * nothing. The header has a number of seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,12}$/.test(text)) return bounded(Number(text));
  // Other texts, such as `-5` or `2026`, would be dates for `Date.parse`.
  const timeMs = /^[A-Z][a-z]{2,8},? \d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(timeMs) ? undefined : bounded(Math.ceil((timeMs - nowMs) / 1_000));
}

function bounded(seconds: number): number {
  return Math.min(Math.max(seconds, 0), limits.sending.retryAfterSecondsMax);
}
