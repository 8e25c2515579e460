import type { FaultEffect, FaultService } from './fault.ts';

/** Which faults make sense. A fault that nothing would inject is refused, so that no drill passes by breaking nothing. */

const onCalls = ['error', 'slow', 'hang', 'reset', 'lose-reply', 'capacity', 'kill'] as const;

export const effectsOf: Readonly<Record<FaultService, readonly FaultEffect[]>> = {
  s3: onCalls,
  sqs: [...onCalls, 'duplicate'],
  dynamodb: [...onCalls, 'no-address'],
  sns: onCalls,
  link: onCalls,
  region: ['error', 'slow', 'hang', 'reset', 'lose-reply'],
  http: ['error', 'slow', 'hang', 'reset', 'lose-reply', 'capacity'],
  lambda: ['cold-fail'],
  schedule: ['pause', 'delay', 'duplicate'],
  pollers: ['pause'],
  dns: ['no-address', 'stale'],
  health: ['error'],
  'control-planes': ['error'],
  partners: ['error', 'slow', 'hang', 'reset', 'no-address', 'refuse'],
};

/** The effects that a setting belongs to. Other effects refuse the setting. */
export const settingsOf: readonly {
  readonly setting: 'delay' | 'perSecond' | 'status' | 'code';
  readonly effects: readonly FaultEffect[];
  readonly required: boolean;
}[] = [
  { setting: 'delay', effects: ['slow', 'delay'], required: true },
  { setting: 'perSecond', effects: ['capacity'], required: true },
  { setting: 'status', effects: ['error', 'capacity'], required: false },
  { setting: 'code', effects: ['error', 'capacity'], required: false },
];

/** Settings that a service or an effect refuses, and why. */
export const meaningless: readonly {
  readonly setting: 'region' | 'callers' | 'rate' | 'status' | 'code';
  readonly to: FaultService | FaultEffect;
  readonly because: string;
}[] = [
  { setting: 'callers', to: 'http', because: 'its callers are the world' },
  { setting: 'callers', to: 'stale', because: 'it strikes clients of the tracking name' },
  { setting: 'callers', to: 'health', because: 'health checkers call the regions only' },
  { setting: 'rate', to: 'health', because: 'all checkers fail together, or the share of 18 % would decide' },
  { setting: 'status', to: 'health', because: 'a health check has no status' },
  { setting: 'code', to: 'health', because: 'a health check has no code' },
  { setting: 'region', to: 'partners', because: 'partners are outside of the regions' },
  { setting: 'callers', to: 'partners', because: 'partners do not see which function calls' },
  { setting: 'code', to: 'partners', because: 'partners have no error codes' },
  { setting: 'rate', to: 'capacity', because: 'it has perSecond' },
];

/** The API actions of the local cloud, by service. Faults may name them. */
const actionNames = {
  s3: [
    ...['PutObject', 'CopyObject', 'GetObject', 'HeadObject', 'DeleteObjects'],
    ...['ListObjectsV2', 'ListObjectVersions', 'ListBuckets'],
  ],
  sqs: ['SendMessage', 'ReceiveMessage', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch', 'GetQueueAttributes'],
  dynamodb: ['UpdateItem', 'BatchGetItem', 'Scan', 'DescribeTable', 'DescribeTimeToLive', 'DescribeContinuousBackups'],
  sns: ['Publish'],
} as const;

const allActions = Object.values(actionNames).flat();

/** Empty = faults of the service cannot name actions. */
export const actionsOf: Readonly<Record<FaultService, readonly string[]>> = {
  s3: actionNames.s3,
  sqs: actionNames.sqs,
  dynamodb: actionNames.dynamodb,
  sns: actionNames.sns,
  link: allActions,
  region: allActions,
  http: [],
  lambda: [],
  schedule: [],
  pollers: [],
  dns: [],
  health: [],
  'control-planes': [],
  partners: [],
};
