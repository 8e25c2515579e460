/**
 * Deploy-time settings: how they travel from the stacks to the functions (environment variables), and their parsing.
 * All names come by environment, because the serving path may need no lookup of any kind.
 */

/** Each variable's meaning; the stacks set exactly those that a function reads. */
export const environmentNames = {
  region: 'AWS_REGION',
  peerRegion: 'PEER_REGION',
  homeBucket: 'HOME_BUCKET',
  peerBucket: 'PEER_BUCKET',
  homeIntakeUrl: 'HOME_INTAKE_URL',
  peerIntakeUrl: 'PEER_INTAKE_URL',
  /** Queue at home, debts to the home bucket; and so on: the first word says where the queue is, the second who is owed. */
  homeQueueOwedHomeUrl: 'HOME_QUEUE_OWED_HOME_URL',
  homeQueueOwedPeerUrl: 'HOME_QUEUE_OWED_PEER_URL',
  peerQueueOwedHomeUrl: 'PEER_QUEUE_OWED_HOME_URL',
  peerQueueOwedPeerUrl: 'PEER_QUEUE_OWED_PEER_URL',
  deadLetterUrl: 'DEAD_LETTER_URL',
  /** DynamoDB table of the region's own figures. */
  figuresTable: 'FIGURES_TABLE',
  /** Queue at home of segments that are not yet counted. */
  statsFailureUrl: 'STATS_FAILURE_URL',
  /** Of everything counted: it carries the deployment's name. */
  metricNamespace: 'METRIC_NAMESPACE',
  /** Signs and is accepted / is accepted too (hex; may be the same). Rotation: accept everywhere, sign, retire. */
  signingKey: 'SIGNING_KEY',
  acceptedKey: 'ACCEPTED_KEY',
  /** 1 click in so many is captured at the peer first; 0 = none. */
  peerFirstOneIn: 'PEER_FIRST_ONE_IN',
  /** 1 segment in so many reaches a bucket by way of the failure queue; 0 = none. */
  viaQueueOneIn: 'VIA_QUEUE_ONE_IN',
  /** `home`: a click goes to one region's intake queue; `both`: to both, like a conversion. */
  clickCapture: 'CLICK_CAPTURE',
  /** How much of a visitor's address / user agent is kept: `full`, `truncated` or `none`. */
  clientAddressKept: 'CLIENT_ADDRESS_KEPT',
  userAgentKept: 'USER_AGENT_KEPT',
} as const;

export type SettingName = keyof typeof environmentNames;

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** The named settings as text; throws one error that names every variable that is missing. */
export function readSettings<Name extends SettingName>(
  environment: EnvironmentVariables,
  names: readonly Name[],
): Record<Name, string> {
  const missing = names.filter((name) => !environment[environmentNames[name]]).map((name) => environmentNames[name]);
  if (missing.length > 0) throw new Error(`environment variables are missing: ${missing.join(', ')}`);
  return Object.fromEntries(names.map((name) => [name, environment[environmentNames[name]]])) as Record<Name, string>;
}

/** A share written as `1 in N`; throws when it is not a whole number from 0. */
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

/** What each function reads: the stacks set these variables and no others. */
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
  ],
  store: storing,
  replay: ['homeIntakeUrl', ...storing, 'figuresTable', 'statsFailureUrl'],
  audit: logs,
  stats: ['homeBucket', 'figuresTable', 'statsFailureUrl', 'deadLetterUrl', 'metricNamespace'],
  ledger: [...logs, 'figuresTable'],
} as const satisfies Record<string, readonly SettingName[]>;

/** A function's name without the deployment's: `track`, `store`, … */
export type FunctionPart = keyof typeof functionSettings;
