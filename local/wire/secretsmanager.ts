import { createJsonService } from './json-service.ts';
import { createSecret } from './secretsmanager/create-secret.ts';
import { getSecretValue } from './secretsmanager/get-secret-value.ts';
import { putSecretValue } from './secretsmanager/put-secret-value.ts';
import type { SecretScope } from './secretsmanager/secret-scope.ts';
import type { WireService } from './wire-service.ts';

const actions = {
  CreateSecret: createSecret,
  GetSecretValue: getSecretValue,
  PutSecretValue: putSecretValue,
};

/** Secrets Manager, for the secrets of each region. */
export function createSecretsManagerService(
  scopeOf: (region: string) => SecretScope | undefined,
  requestId: () => string,
): WireService {
  return createJsonService({ name: 'secretsmanager', target: 'secretsmanager.', actions, scopeOf, requestId });
}
