import { parseSigningKey, type SigningKeys } from '../event/transaction-id.ts';

/**
 * The secret of the signing keys, and how its keys change without one transaction id being refused. Each step is deployed
 * in both regions before the next:
 *
 *     accept   a new key is accepted everywhere and signs nowhere yet
 *     sign     the new key signs, the old one is still accepted: ids of months ago come back
 *     retire   the old key is accepted no more
 *
 * At every moment the regions are at most one step apart, and each accepts what the other signs.
 */
export const rotationSteps = ['accept', 'sign', 'retire'] as const;
export type RotationStep = (typeof rotationSteps)[number];

export interface KeySecret extends SigningKeys {
  /** The step that made it; a new secret is as one after `retire`. Undefined: two keys put in by hand, nobody knows why. */
  readonly step: RotationStep | undefined;
}

/** `key` signs, and nothing else is accepted. */
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

/** The one step that may come next; where nobody knows what the second key is for, it can only be retired. */
export function nextStep({ step }: KeySecret): RotationStep {
  return step === undefined ? 'retire' : stepAfter[step];
}

/** `newKey` is needed by `accept` only. */
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

/** Whether `later` is what `step` makes of `earlier`. */
export function isRotated(earlier: KeySecret, later: KeySecret, step: RotationStep): boolean {
  return nextStep(earlier) === step && isSameSecret(rotated(earlier, step, later.accepted), later);
}

export function isSameSecret(one: KeySecret, other: KeySecret): boolean {
  return one.signing === other.signing && one.accepted === other.accepted && one.step === other.step;
}
