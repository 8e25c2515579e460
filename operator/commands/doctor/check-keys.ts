import { functionName } from '../../../core/config/resource-names.ts';
import type { HeldKeys } from '../../../core/keys/key-plan.ts';
import { isSameSecret } from '../../../core/keys/key-rotation.ts';
import type { AwsAnswer } from '../../clients/aws-answer.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { readFunctionConfiguration } from '../../clients/function-configuration.ts';
import { openKeyVault } from '../../clients/key-vault.ts';
import { runsKeys } from '../../clients/running-keys.ts';
import { type Finding, unreadable } from './finding.ts';
import type { AccountCheck, RegionCheck } from './region-check.ts';

/** The functions of a region must run with the keys of its secret. */
export const checkKeys: RegionCheck = async ({ deployment, region }) => {
  const held = await readKeys(deployment, region);
  if (held.kind === 'failed') return [unreadable(region, 'signing keys', held.reason)];
  const running = await readFunctionConfiguration(deployment, region, functionName(deployment.config, 'track'));
  const versionId = deployment.config.signingKeysVersion;
  // `checkFunctions` reports a function that cannot be read.
  const isRunning =
    held.value.kind === 'missing' || running.kind === 'failed' || runsKeys(running.value, held.value.secret);
  return judgeKeys(region, held.value, versionId, isRunning);
};

/** A deploy reads the keys from the secret, and fails without it. */
export const checkKeysHeld: AccountCheck = async ({ deployment, region }) => {
  const held = await readKeys(deployment, region);
  if (held.kind === 'failed') return [unreadable(region, 'signing keys', held.reason)];
  return judgeKeys(region, held.value, deployment.config.signingKeysVersion, true);
};

export async function readKeys(deployment: Deployment, region: string): Promise<AwsAnswer<HeldKeys>> {
  const vault = openKeyVault(deployment, region);
  const answer = await vault.read(deployment.config.signingKeysVersion);
  vault.close();
  return answer;
}

export function judgeKeys(
  region: string,
  held: HeldKeys,
  versionId: string | undefined,
  isRunning: boolean,
): readonly Finding[] {
  const version = versionId === undefined ? 'its current version' : `version ${versionId}`;
  const what = 'signing keys';
  if (held.kind === 'missing') {
    const todo = 'run keys create, or the step of keys rotate that was begun, again';
    return [{ region, what, expected: version, found: 'none', todo }];
  }
  if (isRunning) return [];
  return [{ region, what, expected: `functions with ${version}`, found: 'other keys', todo: 'deploy the region' }];
}

/** Both regions must accept ids that either one signed. */
export function judgeBothKeys(held: readonly HeldKeys[]): readonly Finding[] {
  const secrets = held.flatMap((one) => (one.kind === 'held' ? [one.secret] : []));
  const [first, second] = secrets;
  if (!first || !second || isSameSecret(first, second)) return [];
  const todo = 'put the keys of one region into the other under the same version id (docs/keys.md)';
  return [
    { region: 'both', what: 'signing keys', expected: 'the same in both regions', found: 'different keys', todo },
  ];
}
