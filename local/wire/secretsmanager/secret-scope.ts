import type { Secret, SecretStore } from '../../model/secret-store.ts';
import type { WireError } from '../json-protocol.ts';

export interface SecretScope {
  readonly region: string;
  readonly account: string;
  readonly store: SecretStore;
}

/** A caller names a secret by its name or by its complete ARN. */
export function findSecret(secretId: string, scope: SecretScope): Secret | undefined {
  const byArn = secretId.startsWith(arnStart(scope)) ? secretId.slice(arnStart(scope).length, -suffixLength) : secretId;
  const found = scope.store.find(byArn);
  return found && (secretId === byArn || secretId === secretArn(found, scope)) ? found : undefined;
}

/** The suffix is a hyphen and six characters. */
const suffixLength = 7;

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html (ARN) */
export function secretArn({ name, suffix }: Secret, scope: SecretScope): string {
  return `${arnStart(scope)}${name}-${suffix}`;
}

function arnStart({ region, account }: SecretScope): string {
  return `arn:aws:secretsmanager:${region}:${account}:secret:`;
}

/** IAM checks this ARN even when there is no such secret. */
export function secretResource({ SecretId }: { readonly SecretId: string }, scope: SecretScope): string {
  const secret = findSecret(SecretId, scope);
  return secret ? secretArn(secret, scope) : `${arnStart(scope)}${SecretId}`;
}

/** Secrets Manager's own message, which people search for. */
export const notFound: WireError = {
  type: 'ResourceNotFoundException',
  message: "Secrets Manager can't find the specified secret.",
};

export const otherValue: WireError = {
  type: 'ResourceExistsException',
  message: 'The operation failed because the secret, or this version of it, already exists with another value.',
};
