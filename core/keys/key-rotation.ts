import { parseSigningKey, type SigningKeys } from '../event/transaction-id.ts';

/**
 * The secret with the signing keys, and its rotation. No transaction id is refused during a rotation, because each step
 * is deployed in both regions before the next:
 *
 *     accept   the new key is accepted everywhere and signs nowhere yet
 *     sign     the new key signs; the old one is still accepted, because ids come back months later
 *     retire   the old key is no longer accepted
 *
 * At every moment the regions are at most one step apart, and each accepts what the other signs.
 */
export const rotationSteps = ['accept', 'sign', 'retire'] as const;
export type RotationStep = (typeof rotationSteps)[number];

export interface KeySecret extends SigningKeys {
  /** The step that made the secret; `retire` for a new one. Undefined when somebody wrote two keys by hand. */
  readonly step: RotationStep | undefined;
}

/** A secret whose only key is `key`. */
export function newKeySecret(key: string): KeySecret {
  return { signing: key, accepted: key, step: 'retire' };
}

export function encodeKeySecret({ signing, accepted, step }: KeySecret): string {
  return JSON.stringify({ signing, accepted, step });
}

/** Undefined when the text is not such a secret. */
export function parseKeySecret(text: string): KeySecret | undefined {
  try {
    const { signing, accepted, step } = JSON.parse(text) as Record<string, unknown>;
    const keys = { signing: parseSigningKey(String(signing)), accepted: parseSigningKey(String(accepted)) };
    const known = rotationSteps.find((one) => one === step);
    return { ...keys, step: known ?? (keys.signing === keys.accepted ? 'retire' : undefined) };
  } catch {
    return undefined;
  }
}

const stepAfter = { accept: 'sign', sign: 'retire', retire: 'accept' } as const;

/** The one step that may come next. A second key of unknown purpose can only be retired. */
export function nextStep({ step }: KeySecret): RotationStep {
  return step === undefined ? 'retire' : stepAfter[step];
}

/** The secret after a step. Only `accept` uses `newKey`. */
export function rotated(secret: KeySecret, step: RotationStep, newKey: string): KeySecret {
  switch (step) {
    case 'accept':
      return { signing: secret.signing, accepted: newKey, step };
    case 'sign':
      return { signing: secret.accepted, accepted: secret.signing, step };
    case 'retire':
      return { signing: secret.signing, accepted: secret.signing, step };
  }
}

/** Whether `step` turns `earlier` into `later`. */
export function isRotated(earlier: KeySecret, later: KeySecret, step: RotationStep): boolean {
  return nextStep(earlier) === step && isSameSecret(rotated(earlier, step, later.accepted), later);
}

export function isSameSecret(one: KeySecret, other: KeySecret): boolean {
  return one.signing === other.signing && one.accepted === other.accepted && one.step === other.step;
}
