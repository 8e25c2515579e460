import { uuidTimeMs } from '../event/uuid.ts';
import type { HeldKeys } from './key-plan.ts';

/** A key that is no longer accepted, although clicks that it signed can still convert. Times are ms since the epoch. */
export interface RetiredKey {
  readonly signedUntilMs: number;
  readonly retiredAtMs: number;
}

/**
 * `previous` is the version before the current one: after the step `retire` it is that of the step `sign`, with which
 * the old key stopped to sign. Older versions are not kept, so a retirement before a later step is not found.
 */
export function keyRetiredTooEarly(
  current: HeldKeys,
  previous: HeldKeys,
  { sessionMs, nowMs }: { readonly sessionMs: number; readonly nowMs: number },
): RetiredKey | undefined {
  if (current.kind === 'missing' || previous.kind === 'missing') return undefined;
  if (current.secret.step !== 'retire' || previous.secret.step !== 'sign') return undefined;
  const signedUntilMs = uuidTimeMs(previous.versionId);
  return nowMs - signedUntilMs < sessionMs ? { signedUntilMs, retiredAtMs: uuidTimeMs(current.versionId) } : undefined;
}
