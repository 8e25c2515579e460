/**
 * Deploy-time settings. The stacks pass them to the functions as environment variables, so that answering a click needs
 * no look-up of any kind.
 */

/** The environment variable of each setting. */
export const environmentNames = {
  region: 'AWS_REGION',
  peerRegion: 'PEER_REGION',
  /** The first of the deployment's regions. It sends the postbacks, unless it cannot. */
  primaryRegion: 'PRIMARY_REGION',
  homeBucket: 'HOME_BUCKET',
  peerBucket: 'PEER_BUCKET',
  homeIntakeUrl: 'HOME_INTAKE_URL',
  peerIntakeUrl: 'PEER_INTAKE_URL',
  /** Failure queues. The first word says in which region the queue is, the second which region's bucket is owed. */
  homeQueueOwedHomeUrl: 'HOME_QUEUE_OWED_HOME_URL',
  homeQueueOwedPeerUrl: 'HOME_QUEUE_OWED_PEER_URL',
  peerQueueOwedHomeUrl: 'PEER_QUEUE_OWED_HOME_URL',
  peerQueueOwedPeerUrl: 'PEER_QUEUE_OWED_PEER_URL',
  deadLetterUrl: 'DEAD_LETTER_URL',
  /** The DynamoDB table of the region's own conversion index. */
  figuresTable: 'FIGURES_TABLE',
  /** The network's time zone, by whose days visitors are told apart and counted: `Europe/Berlin`. */
  timeZone: 'TIME_ZONE',
  /** The offsets of that zone over the years (time-zone.ts). */
  timeZoneOffsets: 'TIME_ZONE_OFFSETS',
  /** The region's SNS topic, which tells the alarm address. */
  alarmTopicArn: 'ALARM_TOPIC_ARN',
  /** The CloudWatch namespace, with the deployment's name. */
  metricNamespace: 'METRIC_NAMESPACE',
  /** Hex. The first key signs, both are accepted; they may be the same (key-rotation.ts). */
  signingKey: 'SIGNING_KEY',
  acceptedKey: 'ACCEPTED_KEY',
  /** 1 click in so many is captured at the peer first; 0 = none. */
  peerFirstOneIn: 'PEER_FIRST_ONE_IN',
  /** 1 segment in so many reaches a bucket through the failure queue; 0 = none. */
  viaQueueOneIn: 'VIA_QUEUE_ONE_IN',
  /** `home`: a click goes to one region's intake queue; `both`: to both, like a conversion. */
  clickCapture: 'CLICK_CAPTURE',
  /** How much of a visitor's address / user agent is kept: `full`, `truncated` or `none`. */
  clientAddressKept: 'CLIENT_ADDRESS_KEPT',
  userAgentKept: 'USER_AGENT_KEPT',
  /** Whether partners are told of conversions: `on` or `off`. */
  postbacks: 'POSTBACKS',
  /** All tracking names, with commas between them and the main one first. `-` = none. */
  trackingNames: 'TRACKING_NAMES',
} as const;

export type SettingName = keyof typeof environmentNames;

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** The named settings as text. Throws one error that names every missing variable. */
export function readSettings<Name extends SettingName>(
  environment: EnvironmentVariables,
  names: readonly Name[],
): Record<Name, string> {
  const missing = names.filter((name) => !environment[environmentNames[name]]).map((name) => environmentNames[name]);
  if (missing.length > 0) throw new Error(`environment variables are missing: ${missing.join(', ')}`);
  return Object.fromEntries(names.map((name) => [name, environment[environmentNames[name]]])) as Record<Name, string>;
}

/** The N of a share "1 in N". Throws when it is not a whole number from 0. */
export function parseOneIn(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`a share is a whole number from 0, not "${text}"`);
  return Number(text);
}

const logs = ['peerRegion', 'homeBucket', 'peerBucket', 'metricNamespace'] as const;

const storing = [
  ...logs,
  'homeQueueOwedHomeUrl',
  'homeQueueOwedPeerUrl',
  'peerQueueOwedHomeUrl',
  'peerQueueOwedPeerUrl',
  'deadLetterUrl',
  'viaQueueOneIn',
] as const;

/** The settings that each function reads. The stacks set these variables and no others. */
export const functionSettings = {
  track: [
    'peerRegion',
    'homeBucket',
    'peerBucket',
    'homeIntakeUrl',
    'peerIntakeUrl',
    'metricNamespace',
    'signingKey',
    'acceptedKey',
    'peerFirstOneIn',
    'clickCapture',
    'clientAddressKept',
    'userAgentKept',
    'timeZoneOffsets',
    'trackingNames',
  ],
  store: storing,
  replay: ['homeIntakeUrl', ...storing],
  audit: logs,
  stats: [...logs, 'figuresTable', 'postbacks', 'timeZone'],
  ledger: [...logs, 'figuresTable', 'postbacks', 'timeZone'],
  notify: [...logs, 'homeIntakeUrl', 'peerIntakeUrl', 'postbacks', 'primaryRegion', 'alarmTopicArn', 'timeZone'],
} as const satisfies Record<string, readonly SettingName[]>;

/** A function's name without the deployment's: `track`, `store`, … */
export type FunctionPart = keyof typeof functionSettings;
