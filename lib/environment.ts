import { SecretValue } from 'aws-cdk-lib';
import type { DeployConfig } from '../core/config/deploy-config.ts';
import { metricNamespace, signingKeysSecretName } from '../core/config/resource-names.ts';
import { environmentNames, type FunctionPart, functionSettings, type SettingName } from '../core/config/settings.ts';
import { zoneOffsets } from '../core/config/time-zone.ts';
import { allNames } from '../core/config/tracking-names.ts';
import type { RegionResources } from './region-resources.ts';

/** Exactly the environment variables that the function reads, as core/config/settings.ts lists them. */
export function environmentOf(
  part: FunctionPart,
  config: DeployConfig,
  resources: RegionResources,
): Record<string, string> {
  const values = settingValues(config, resources);
  return Object.fromEntries(functionSettings[part].map((name) => [environmentNames[name], values[name]]));
}

function settingValues(
  config: DeployConfig,
  resources: RegionResources,
): Record<Exclude<SettingName, 'region'>, string> {
  return {
    peerRegion: resources.peer,
    primaryRegion: config.regions[0],
    homeBucket: resources.homeBucket.name,
    peerBucket: resources.peerBucket.name,
    homeIntakeUrl: resources.homeIntake.url,
    peerIntakeUrl: resources.peerIntake.url,
    homeQueueOwedHomeUrl: resources.homeQueueOwedHome.url,
    homeQueueOwedPeerUrl: resources.homeQueueOwedPeer.url,
    peerQueueOwedHomeUrl: resources.peerQueueOwedHome.url,
    peerQueueOwedPeerUrl: resources.peerQueueOwedPeer.url,
    deadLetterUrl: resources.homeDeadLetters.url,
    figuresTable: resources.homeFigures.name,
    timeZone: config.reporting.timeZone,
    timeZoneOffsets: zoneOffsets(config.reporting.timeZone),
    alarmTopicArn: resources.homeAlarmTopic.arn,
    metricNamespace: metricNamespace(config),
    signingKey: keyOf(config, 'signing'),
    acceptedKey: keyOf(config, 'accepted'),
    peerFirstOneIn: String(config.capture.peerFirstOneIn),
    viaQueueOneIn: String(config.capture.viaQueueOneIn),
    clickCapture: config.capture.clickCapture,
    clientAddressKept: config.privacy.clientAddress,
    userAgentKept: config.privacy.userAgent,
    postbacks: config.postbacks ? 'on' : 'off',
    trackingNames: allNames(config).join() || '-',
  };
}

/**
 * CloudFormation puts the key in while it deploys, so that the serving path never asks Secrets Manager. Everybody who
 * may read the function's configuration sees the key.
 */
function keyOf(config: DeployConfig, jsonField: 'signing' | 'accepted'): string {
  const { signingKeysVersion: versionId } = config;
  // With a version the template differs after a rotation. CloudFormation does not look behind a reference.
  const reference = { jsonField, ...(versionId !== undefined && { versionId }) };
  return SecretValue.secretsManager(signingKeysSecretName(config), reference).unsafeUnwrap();
}
