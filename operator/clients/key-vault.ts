import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { signingKeysSecretName } from '../../core/config/resource-names.ts';
import type { HeldKeys, NewVersion } from '../../core/keys/key-plan.ts';
import { encodeKeySecret, parseKeySecret } from '../../core/keys/key-rotation.ts';
import { type AwsAnswer, awsAnswer } from './aws-answer.ts';
import type { Deployment } from './deployment.ts';

/** The secret of the signing keys in one region's Secrets Manager. No failure holds a key, and nothing prints one. */
export interface KeyVault {
  /** `versionId` absent = the current version. */
  read(versionId?: string): Promise<AwsAnswer<HeldKeys>>;
  /** The version that was current before the present one. */
  previous(): Promise<AwsAnswer<HeldKeys>>;
  /** Makes the version the current one. Writing a version twice does no harm. */
  write(isNew: boolean, version: NewVersion): Promise<AwsAnswer<unknown>>;
  close(): void;
}

export function openKeyVault({ config, clientOptions }: Deployment, region: string): KeyVault {
  const client = new SecretsManagerClient(clientOptions(region));
  const name = signingKeysSecretName(config);
  return {
    read: (versionId) => read(client, name, versionId === undefined ? {} : { VersionId: versionId }),
    previous: () => read(client, name, { VersionStage: 'AWSPREVIOUS' }),
    write: (isNew, { versionId, secret }) => {
      const value = { SecretString: encodeKeySecret(secret), ClientRequestToken: versionId };
      const Description = 'Signing keys of transaction ids, the same in both regions: keeptrack keys';
      return awsAnswer(() =>
        isNew
          ? client.send(new CreateSecretCommand({ Name: name, Description, ...value }))
          : client.send(new PutSecretValueCommand({ SecretId: name, ...value })),
      );
    },
    close: () => client.destroy(),
  };
}

async function read(
  client: SecretsManagerClient,
  name: string,
  version: { readonly VersionId?: string; readonly VersionStage?: string },
): Promise<AwsAnswer<HeldKeys>> {
  const command = new GetSecretValueCommand({ SecretId: name, ...version });
  const answer = await awsAnswer(() => client.send(command));
  if (answer.kind === 'failed') {
    return answer.code === 'ResourceNotFoundException' ? { kind: 'ok', value: { kind: 'missing' } } : answer;
  }
  const secret = parseKeySecret(answer.value.SecretString ?? '');
  if (!secret) return { kind: 'failed', code: 'NoKeys', reason: `the secret ${name} holds no signing keys` };
  return { kind: 'ok', value: { kind: 'held', versionId: answer.value.VersionId ?? '', secret } };
}
