import { randomUUID } from 'node:crypto';
import type { DoorSurroundings } from './front-door/door-server.ts';
import { startApiServer } from './http-api/api-server.ts';
import type { LambdaHost } from './lambda-host/lambda-host.ts';
import { anyPort, type Listening, type PortUse } from './listen.ts';
import { startListener } from './load-balancer/listener-server.ts';
import type { LocalWorld } from './local-world.ts';
import { namesOfBalancer } from './template/record-templates.ts';
import type { ApiTemplate, LoadBalancerTemplate, RegionTemplate } from './template/region-template.ts';

/** A front door of a region at work. */
interface RunningDoor {
  /** The names to which records lead. */
  readonly targets: readonly string[];
  /** Where port 443 is served. Without a certificate a load balancer has port 80 alone, which is then served here. */
  readonly url: string;
  /** Where port 80 of a load balancer is served. */
  readonly overHttpUrl?: string;
}

export interface DoorPorts {
  readonly main: PortUse;
  readonly overHttp: PortUse;
}

export interface RegionDoors {
  /** The main door first. */
  readonly doors: readonly [RunningDoor, ...RunningDoor[]];
  close(): Promise<void>;
}

/** This output of a stack names its main door. Another door is served on any free port. */
const mainDoorOutput = 'TrackingUrl';

/** Serves all front doors of a region. After a rejection no port stays open. */
export async function startDoors(
  template: RegionTemplate,
  world: LocalWorld,
  host: LambdaHost,
  ports: DoorPorts,
): Promise<RegionDoors> {
  const { apis, loadBalancers, outputs, region } = template;
  const openers = [
    ...apis.map((api) => ({ address: `//${api.id}.`, open: apiOpener(api) })),
    ...loadBalancers.map((balancer) => ({ address: `//${balancer.dnsName}`, open: balancerOpener(balancer) })),
  ];
  const isMain = ({ address }: { readonly address: string }) => outputs[mainDoorOutput]?.includes(address) === true;
  const mainFirst = openers.toSorted((one, other) => Number(isMain(other)) - Number(isMain(one)));
  const open: Listening[] = [];
  const close = async () => {
    await Promise.all(open.map((listening) => listening.close()));
  };
  const opening: Opening = {
    template,
    surroundings: { time: world.time, faults: () => world.faults.strikes({ region, service: 'http' }) },
    invoke: host.invoke,
    keep: async (starting) => {
      const listening = await starting;
      open.push(listening);
      return listening.url;
    },
  };
  try {
    const doors: RunningDoor[] = [];
    for (const [index, one] of mainFirst.entries())
      doors.push(await one.open(opening, index === 0 ? ports : { main: anyPort, overHttp: anyPort }));
    const [main, ...others] = doors;
    if (main === undefined) throw new Error(`${region}: the template has no front door`);
    return { doors: [main, ...others], close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Opening {
  readonly template: RegionTemplate;
  readonly surroundings: Omit<DoorSurroundings, 'port'>;
  readonly invoke: LambdaHost['invoke'];
  /** Notes what is to be closed, and returns its URL. */
  keep(starting: Promise<Listening>): Promise<string>;
}

type Open = (opening: Opening, ports: DoorPorts) => Promise<RunningDoor>;

function apiOpener(api: ApiTemplate): Open {
  return async ({ template: { account, domains }, surroundings, invoke, keep }, { main }) => {
    const server = startApiServer({ ...surroundings, port: main, api, account, requestId: randomUUID, invoke });
    const own = domains.filter(({ apiLogicalId }) => apiLogicalId === api.logicalId);
    return { targets: own.map(({ target }) => target), url: await keep(server) };
  };
}

function balancerOpener(balancer: LoadBalancerTemplate): Open {
  return async ({ surroundings, invoke, keep }, ports) => {
    const isAlone = balancer.listeners.length === 1;
    const urls = new Map<number, string>();
    for (const listener of balancer.listeners) {
      const port = listener.port === 80 && !isAlone ? ports.overHttp : ports.main;
      urls.set(listener.port, await keep(startListener({ ...surroundings, port, balancer, listener, invoke })));
    }
    const overHttpUrl = urls.get(80);
    const url = urls.get(443) ?? overHttpUrl;
    if (url === undefined) throw new Error(`${balancer.logicalId} listens on neither port 80 nor port 443`);
    return { targets: namesOfBalancer(balancer), url, ...(overHttpUrl !== undefined && { overHttpUrl }) };
  };
}
