import { environmentNames, type FunctionPart, functionSettings } from '../../core/config/settings.ts';
import { zoneOffsets } from '../../core/config/time-zone.ts';

export const peerRegion = 'us-west-2';
export const queueName = 'bench-failure-us-east-1';
export const bucket = 'bench-log-123456789012-us-east-1';

const url = (name: string) => `https://sqs.us-east-1.amazonaws.com/123456789012/${name}`;

const settings: Readonly<Record<keyof typeof environmentNames, string>> = {
  ...environmentNames,
  region: 'us-east-1',
  peerRegion,
  homeBucket: bucket,
  peerBucket: 'bench-log-123456789012-us-west-2',
  homeIntakeUrl: url('bench-intake'),
  peerIntakeUrl: url('bench-intake-2'),
  homeQueueOwedHomeUrl: url(queueName),
  homeQueueOwedPeerUrl: url('bench-failure-us-west-2'),
  peerQueueOwedHomeUrl: url('bench-empty-1'),
  peerQueueOwedPeerUrl: url('bench-empty-2'),
  deadLetterUrl: url('bench-dead-letters'),
  viaQueueOneIn: '1000',
  peerFirstOneIn: '1000',
  metricNamespace: 'Bench',
  signingKey: '5'.repeat(64),
  acceptedKey: '5'.repeat(64),
  clickCapture: 'home',
  clientAddressKept: 'full',
  userAgentKept: 'full',
  timeZone: 'America/New_York',
  trackingNames: '-',
  timeZoneOffsets: zoneOffsets('America/New_York'),
};

/** The environment variables of a function whose AWS is at this port of this machine. */
export function functionEnvironment(part: FunctionPart, port: number): NodeJS.ProcessEnv {
  const names = ['region', ...functionSettings[part]] as const;
  return {
    PATH: process.env['PATH'],
    NODE_NO_WARNINGS: '1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: `LOCAL.us-east-1.bench-${part}`,
    AWS_SECRET_ACCESS_KEY: 'secret',
    ...Object.fromEntries(names.map((name) => [environmentNames[name], settings[name]])),
  };
}
