import type { Listening, PortUse } from '../listen.ts';
import { failoverAnswer, type HealthCheck, startHealthCheck } from '../model/health-check.ts';
import type { ModelTime } from '../model/time.ts';
import { probeHealth } from './health-probe.ts';
import { startTrackingName } from './tracking-name.ts';

export interface FailoverNameOptions {
  /** The primary first. */
  readonly regions: readonly { readonly region: string; readonly url: string }[];
  readonly port: PortUse;
  /** Of the health checks: runs as fast as the cloud does. */
  readonly time: ModelTime;
}

export interface FailoverName extends Listening {
  healthy(region: string): boolean;
  /** The region that the name resolves to now. */
  answer(): string;
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html: the defaults. */
const healthChecks = { intervalMs: 10_000, threshold: 3 } as const;

/**
 * Stands in for the failover records and health checks of Route 53 until the templates have them: the name answers the
 * first region whose `/health` is well.
 */
export async function startFailoverName({ regions, port, time }: FailoverNameOptions): Promise<FailoverName> {
  const urls = new Map(regions.map(({ region, url }) => [region, url]));
  const checks = new Map<string, HealthCheck>();
  const healthy = (region: string): boolean => checks.get(region)?.healthy() ?? true;
  const answer = (): string => failoverAnswer([...urls.keys()], healthy);
  const name = await startTrackingName({ port, resolve: () => urls.get(answer()) ?? '' });
  for (const [region, url] of urls) {
    checks.set(region, startHealthCheck({ ...healthChecks, time, probe: () => probeHealth(url) }));
  }
  return {
    url: name.url,
    healthy,
    answer,
    async close() {
      for (const check of checks.values()) check.stop();
      await name.close();
    },
  };
}
