import type { NameState } from '../handle.ts';
import type { Listening, PortUse } from '../listen.ts';
import type { LocalWorld } from '../local-world.ts';
import { createNameClients } from '../model/name-clients.ts';
import { probeBudgetsAt, probeHealth } from './health-probe.ts';
import { pickRegion, type Route53, type Route53Parts, startRoute53 } from './route53.ts';
import { startTrackingName } from './tracking-name.ts';

export interface RunningNameParts extends Omit<Route53Parts, 'probe'> {
  readonly port: PortUse;
}

export interface RunningName extends Listening {
  readonly route53: Route53;
  state(): NameState;
}

/** So few that each asks several times within its answer's time even at a small load, and so many that shares mean something. */
const clientsCount = 50;
/** What the aliases of API Gateway's domains are answered with; an alias has no TTL of its own to set. */
const ttlMs = 60_000;

/** The tracking name on a port of this machine. Without a domain there is nothing to resolve, and the primary answers. */
export async function startName(parts: RunningNameParts): Promise<RunningName> {
  const { world, speed, regions, port } = parts;
  const budgets = probeBudgetsAt(speed);
  const route53 = startRoute53({ world, speed, regions, probe: (endpoint) => probeHealth(endpoint, budgets) });
  const { trackingName } = route53;
  const primary = regions[0]?.template.region ?? '';
  const answers = () => (trackingName === undefined ? [{ region: primary, share: 1 }] : route53.answers(trackingName));
  const clients = createNameClients({
    count: clientsCount,
    ttlMs,
    time: world.fastTime,
    chance: world.chance,
    resolve: () => pickRegion(answers(), world),
    keepsOld: (draw, region) => keepsOld(world, draw, region),
  });
  const urls = new Map(regions.map(({ template, url }) => [template.region, url]));
  const name = await startTrackingName({ port, resolve: () => urls.get(clients.next() ?? '') });
  return {
    url: name.url,
    route53,
    state: () => ({
      ...(trackingName !== undefined && { trackingName }),
      answers: answers(),
      clients: { total: clientsCount, holding: clients.holding() },
      healthChecks: route53.checks(),
    }),
    async close() {
      route53.stop();
      await name.close();
    },
  };
}

/** Always the same clients, since resolvers that keep answers for too long do so every time. */
function keepsOld({ faults }: LocalWorld, draw: number, region: string): boolean {
  return faults.strikes({ region, service: 'dns', draw }).some(({ effect }) => effect === 'stale');
}
