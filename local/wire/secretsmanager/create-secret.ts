import { z } from 'zod';
import { jsonAction } from '../json-service.ts';
import { secretText, versionToken } from './secret-input.ts';
import { notFound, otherValue, type SecretScope, secretArn, secretResource } from './secret-scope.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
const input = z.strictObject({
  Name: z.string().regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/),
  Description: z.string().optional(),
  SecretString: secretText,
  ClientRequestToken: versionToken,
});
type Input = z.output<typeof input>;

export const createSecret = jsonAction(
  'secretsmanager:CreateSecret',
  input,
  ({ Name }: Input, scope: SecretScope) => secretResource({ SecretId: Name }, scope),
  ({ Name, SecretString, ClientRequestToken }, scope) => {
    const result = scope.store.create(Name, SecretString, ClientRequestToken);
    if (result.kind !== 'written') return { error: result.kind === 'exists' ? otherValue : notFound };
    return { output: { ARN: secretArn(result.secret, scope), Name, VersionId: ClientRequestToken } };
  },
);
