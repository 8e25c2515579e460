import { createServer } from 'node:net';
import { type PortUse, portRefused, UserError } from './listen.ts';

/** 0 = any free port. */
export interface LocalPorts {
  readonly name: number;
  /** In the order of the deploy. */
  readonly regions: readonly [number, number];
  /** Port 80 of load balancers. Nothing is opened without one. */
  readonly overHttp: { readonly name: number; readonly regions: readonly [number, number] };
  readonly console: number;
  readonly endpoint: number;
}

export const usualPorts: LocalPorts = {
  name: 8080,
  regions: [8081, 8082],
  overHttp: { name: 8090, regions: [8091, 8092] },
  console: 8088,
  endpoint: 4566,
};
export const freePorts: LocalPorts = {
  name: 0,
  regions: [0, 0],
  overHttp: { name: 0, regions: [0, 0] },
  console: 0,
  endpoint: 0,
};

export interface PortUses {
  readonly name: PortUse;
  readonly regions: readonly [PortUse, PortUse];
  readonly overHttp: { readonly name: PortUse; readonly regions: readonly [PortUse, PortUse] };
  readonly console: PortUse;
  readonly endpoint: PortUse;
}

/** Adds the purpose and the flag of each port, for the error when the port is taken. */
export function portUses({ name, regions, overHttp, console, endpoint }: LocalPorts): PortUses {
  return {
    name: { port: name, purpose: 'the tracking name', flag: '--port-name' },
    regions: [
      { port: regions[0], purpose: 'the first region', flag: '--port-region-1' },
      { port: regions[1], purpose: 'the second region', flag: '--port-region-2' },
    ],
    overHttp: {
      name: { port: overHttp.name, purpose: 'the tracking name, port 80', flag: '--port-http-name' },
      regions: [
        { port: overHttp.regions[0], purpose: 'the first region, port 80', flag: '--port-http-region-1' },
        { port: overHttp.regions[1], purpose: 'the second region, port 80', flag: '--port-http-region-2' },
      ],
    },
    console: { port: console, purpose: 'the console', flag: '--port-console' },
    endpoint: { port: endpoint, purpose: 'the AWS endpoint', flag: '--port-endpoint' },
  };
}

/**
 * Throws a UserError with every port that cannot be opened. Runs first, so that nobody waits for this error. Those of port
 * 80 are left out, because only the templates say whether they are needed.
 */
export async function checkPorts({ name, regions, console, endpoint }: PortUses): Promise<void> {
  const uses = [name, ...regions, console, endpoint];
  const problems = uses.flatMap((use, index) => wantedTwice(use, uses.slice(0, index)));
  for (const use of uses) problems.push(...(await refusalOf(use)));
  if (problems.length > 0) throw new UserError(problems.join('\n'));
}

function wantedTwice({ port, purpose, flag }: PortUse, before: readonly PortUse[]): string[] {
  const other = before.find((use) => use.port === port && port !== 0);
  return other ? [`port ${port} is wanted for ${other.purpose} and for ${purpose}: choose another with ${flag}`] : [];
}

function refusalOf(use: PortUse): Promise<string[]> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve([portRefused(use, error)]));
    probe.listen(use.port, '127.0.0.1', () => probe.close(() => resolve([])));
  });
}
