import { z } from 'zod';
import { stagesOf } from '../../model/secret-store.ts';
import { jsonAction } from '../json-service.ts';
import { findSecret, notFound, type SecretScope, secretArn, secretResource } from './secret-scope.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html */
const input = z.strictObject({ SecretId: z.string().min(1).max(2_048) });

export const describeSecret = jsonAction(
  'secretsmanager:DescribeSecret',
  input,
  secretResource,
  ({ SecretId }, scope: SecretScope) => {
    const secret = findSecret(SecretId, scope);
    if (!secret) return { error: notFound };
    const labelled = secret.versions.map(({ id }) => [id, stagesOf(secret, id)] as const);
    return {
      output: {
        ARN: secretArn(secret, scope),
        Name: secret.name,
        CreatedDate: secret.createdAtMs / 1_000,
        LastChangedDate: (secret.versions.at(-1)?.createdAtMs ?? secret.createdAtMs) / 1_000,
        // Versions without a label are left out, as AWS does.
        VersionIdsToStages: Object.fromEntries(labelled.filter(([, stages]) => stages.length > 0)),
      },
    };
  },
);
