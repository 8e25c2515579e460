import type { NameState } from '../handle.ts';
import type { Listening } from '../listen.ts';
import type { LocalWorld } from '../local-world.ts';
import { createNameClients } from '../model/name-clients.ts';
import type { DoorPorts } from '../region-doors.ts';
import { probeBudgetsAt, probeHealth } from './health-probe.ts';
import { pickRegion, type Route53, type Route53Parts, startRoute53 } from './route53.ts';
import { startTrackingName } from './tracking-name.ts';

export interface RunningNameParts extends Omit<Route53Parts, 'probe'> {
  readonly ports: DoorPorts;
}

export interface RunningName extends Listening {
  /** Where port 80 of the name is served, if a region has one. */
  readonly overHttpUrl?: string;
  readonly route53: Route53;
  state(): NameState;
}

/** Few enough that each client asks several times within the TTL, even at low load. Enough that shares are meaningful. */
const clientsCount = 50;
/** The TTL of API Gateway's domains. An alias record has no TTL of its own. */
const ttlMs = 60_000;

/** The tracking name on a port of this machine. Without a domain, the primary region answers. */
export async function startName(parts: RunningNameParts): Promise<RunningName> {
  const { world, speed, regions, ports } = parts;
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
  const mainDoors = new Map(regions.map(({ template, doors: [main] }) => [template.region, main]));
  const nextDoor = () => mainDoors.get(clients.next() ?? '');
  const name = await startTrackingName({ port: ports.main, resolve: () => nextDoor()?.url });
  const hasPort80 = [...mainDoors.values()].some(({ overHttpUrl }) => overHttpUrl !== undefined);
  const overHttp = hasPort80
    ? await startTrackingName({ port: ports.overHttp, resolve: () => nextDoor()?.overHttpUrl })
    : undefined;
  return {
    url: name.url,
    ...(overHttp && { overHttpUrl: overHttp.url }),
    route53,
    state: () => ({
      ...(trackingName !== undefined && { trackingName }),
      answers: answers(),
      clients: { total: clientsCount, holding: clients.holding() },
      healthChecks: route53.checks(),
    }),
    async close() {
      route53.stop();
      await Promise.all([name.close(), overHttp?.close()]);
    },
  };
}

/** `draw` stays the same for a client, because a resolver that keeps answers too long always does so. */
function keepsOld({ faults }: LocalWorld, draw: number, region: string): boolean {
  return faults.strikes({ region, service: 'dns', draw }).some(({ effect }) => effect === 'stale');
}
