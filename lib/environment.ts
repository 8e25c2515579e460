import { SecretValue } from 'aws-cdk-lib';
import type { DeployConfig } from '../core/config/deploy-config.ts';
import { metricNamespace, signingKeysSecretName } from '../core/config/resource-names.ts';
import { environmentNames, functionSettings, type SettingName } from '../core/config/settings.ts';
import type { Places } from './places.ts';

export type FunctionPart = keyof typeof functionSettings;

/** Exactly the environment variables that the function reads; which these are, core/config/settings.ts says. */
export function environmentOf(part: FunctionPart, config: DeployConfig, places: Places): Record<string, string> {
  const values = settingValues(config, places);
  return Object.fromEntries(functionSettings[part].map((name) => [environmentNames[name], values[name]]));
}

function settingValues(config: DeployConfig, places: Places): Record<Exclude<SettingName, 'region'>, string> {
  return {
    peerRegion: places.peer,
    homeBucket: places.homeBucket.name,
    peerBucket: places.peerBucket.name,
    homeIntakeUrl: places.homeIntake.url,
    peerIntakeUrl: places.peerIntake.url,
    homeQueueOwedHomeUrl: places.homeQueueOwedHome.url,
    homeQueueOwedPeerUrl: places.homeQueueOwedPeer.url,
    peerQueueOwedHomeUrl: places.peerQueueOwedHome.url,
    peerQueueOwedPeerUrl: places.peerQueueOwedPeer.url,
    deadLetterUrl: places.homeDeadLetters.url,
    figuresTable: places.homeFigures.name,
    statsFailureUrl: places.homeStatsFailure.url,
    metricNamespace: metricNamespace(config),
    signingKey: keyOf(config, 'signing'),
    acceptedKey: keyOf(config, 'accepted'),
    peerFirstOneIn: String(config.capture.peerFirstOneIn),
    viaQueueOneIn: String(config.capture.viaQueueOneIn),
    clickCapture: config.capture.clickCapture,
    clientAddressKept: config.privacy.clientAddress,
    userAgentKept: config.privacy.userAgent,
  };
}

/**
 * CloudFormation puts the key in while it deploys, so that the serving path never asks Secrets Manager. The key is
 * thereby visible to whoever may read the function's configuration.
 */
function keyOf(config: DeployConfig, jsonField: 'signing' | 'accepted'): string {
  const { signingKeysVersion: versionId } = config;
  // The version is what makes a template differ when keys changed: CloudFormation looks at nothing behind a reference.
  const reference = { jsonField, ...(versionId !== undefined && { versionId }) };
  return SecretValue.secretsManager(signingKeysSecretName(config), reference).unsafeUnwrap();
}
