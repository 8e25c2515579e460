import { z } from 'zod';
import { stagesOf } from '../../model/secret-store.ts';
import { jsonAction } from '../json-service.ts';
import { secretText, versionToken } from './secret-input.ts';
import { findSecret, notFound, otherValue, type SecretScope, secretArn, secretResource } from './secret-scope.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
const input = z.strictObject({
  SecretId: z.string().min(1).max(2_048),
  SecretString: secretText,
  ClientRequestToken: versionToken,
});

export const putSecretValue = jsonAction(
  'secretsmanager:PutSecretValue',
  input,
  secretResource,
  ({ SecretId, SecretString, ClientRequestToken }, scope: SecretScope) => {
    const result = scope.store.put(findSecret(SecretId, scope)?.name ?? SecretId, SecretString, ClientRequestToken);
    if (result.kind !== 'written') return { error: result.kind === 'exists' ? otherValue : notFound };
    const { secret } = result;
    const VersionStages = stagesOf(secret, ClientRequestToken);
    return {
      output: { ARN: secretArn(secret, scope), Name: secret.name, VersionId: ClientRequestToken, VersionStages },
    };
  },
);
