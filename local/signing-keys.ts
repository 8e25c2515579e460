import { randomBytes } from 'node:crypto';
import { Refusal } from './template/refusal.ts';
import type { ResolveSecret } from './template/stack.ts';

/** What the secret of the signing keys holds, the same in both regions. */
export interface SigningKeys {
  /** Hex; signs. */
  readonly signing: string;
  /** Hex; is accepted too. */
  readonly accepted: string;
}

export function newSigningKeys(): SigningKeys {
  return { signing: newKey(), accepted: newKey() };
}

function newKey(): string {
  return randomBytes(32).toString('hex');
}

/** Secrets Manager as the templates' dynamic references see it; it holds the signing keys and nothing else. */
export function secretsOf(keys: SigningKeys): ResolveSecret {
  return (secretName, jsonKey) => {
    const isKey = secretName.endsWith('/signing-keys') && (jsonKey === 'signing' || jsonKey === 'accepted');
    if (!isKey) throw new Refusal(`the local cloud has no secret ${secretName} with a key ${jsonKey}`);
    return keys[jsonKey];
  };
}
