import { z } from 'zod';
import { type Secret, type SecretVersion, stagesOf, versionOf } from '../../model/secret-store.ts';
import type { WireError } from '../json-protocol.ts';
import { jsonAction } from '../json-service.ts';
import { findSecret, notFound, type SecretScope, secretArn, secretResource } from './secret-scope.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
const input = z.strictObject({
  SecretId: z.string().min(1).max(2_048),
  VersionId: z.string().min(32).max(64).optional(),
  VersionStage: z.string().min(1).max(256).optional(),
});
type Input = z.output<typeof input>;

export const getSecretValue = jsonAction(
  'secretsmanager:GetSecretValue',
  input,
  secretResource,
  (asked: Input, scope: SecretScope) => {
    const secret = findSecret(asked.SecretId, scope);
    if (!secret) return { error: notFound };
    const version = versionAsked(secret, asked);
    if (!version) return { error: noSuchVersion(asked) };
    return {
      output: {
        ARN: secretArn(secret, scope),
        Name: secret.name,
        VersionId: version.id,
        VersionStages: stagesOf(secret, version.id),
        SecretString: version.text,
        CreatedDate: version.createdAtMs / 1_000,
      },
    };
  },
);

/** The current version when the caller names neither. When the caller names both, they must mean the same version. */
function versionAsked(secret: Secret, { VersionId, VersionStage }: Input): SecretVersion | undefined {
  const stage = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined);
  return secret.versions.find(
    ({ id }) =>
      (VersionId === undefined || id === versionOf(secret, VersionId)?.id) &&
      (stage === undefined || stagesOf(secret, id).includes(stage)),
  );
}

function noSuchVersion({ VersionId, VersionStage = 'AWSCURRENT' }: Input): WireError {
  const what = VersionId === undefined ? `staging label: ${VersionStage}` : `VersionId: ${VersionId}`;
  return { type: notFound.type, message: `Secrets Manager can't find the specified secret value for ${what}` };
}
