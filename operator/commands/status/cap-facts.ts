import { type CapCounts, capCountsKey, parseCapCounts } from '../../../core/caps/cap-counts.ts';
import { concurrencyPlan } from '../../../core/config/concurrency.ts';
import type { DeployConfig } from '../../../core/config/deploy-config.ts';
import { liveDoors } from '../../../core/config/front-doors.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { Deployment } from '../../clients/deployment.ts';
import type { Learned } from '../../clients/queue-facts.ts';
import { regionObject } from './region-object.ts';

/** What a region counted of caps. Undefined = no caps. */
export async function capCountsOf(deployment: Deployment, region: string): Promise<Learned<CapCounts | undefined>> {
  const parse = (bytes: Uint8Array) => parseCapCounts(region, bytes);
  const counts = await regionObject(deployment, region, { key: capCountsKey(region), parse });
  return counts.kind === 'known' && counts.value?.caps.length === 0 ? { kind: 'known', value: undefined } : counts;
}

/** How many requests a second the front doors of both regions let in together. */
export function throttledPerSecond(
  config: Pick<DeployConfig, 'concurrency' | 'frontDoor' | 'secondFrontDoor' | 'throttle'>,
): number {
  const ofRegion = liveDoors(config).map((door) =>
    door === 'http-api'
      ? config.throttle.requestsPerSecond
      : concurrencyPlan(config).floor * limits.lambda.requestsPerSecondEach,
  );
  return 2 * ofRegion.reduce((sum, each) => sum + each, 0);
}
