import { randomUUID } from 'node:crypto';
import type { Endpoint } from './endpoint/endpoint.ts';
import { createFunctionLogs, type FunctionLogs } from './lambda-host/function-logs.ts';
import { createLambdaHost, type LambdaHost } from './lambda-host/lambda-host.ts';
import type { LocalWorld } from './local-world.ts';
import { type DoorPorts, type RegionDoors, startDoors } from './region-doors.ts';
import type { RegionStores } from './region-stores.ts';
import { startTriggers, type TriggerWorld } from './triggers.ts';

export interface RegionOptions {
  readonly world: LocalWorld;
  readonly stores: RegionStores;
  readonly endpoint: Endpoint;
  readonly ports: DoorPorts;
}

/** A region at work: its functions answer requests, and their triggers start them. */
export interface RunningRegion {
  readonly region: string;
  readonly stores: RegionStores;
  readonly host: LambdaHost;
  readonly logs: FunctionLogs;
  /** The main door first. */
  readonly doors: RegionDoors['doors'];
  stop(): Promise<void>;
}

/**
 * How many environments one function may have. Lambda runs each on a machine of its own; here they share a few cores. With 24
 * environments a stall of some seconds never ended: they waited for each other until their budgets ran out, and a late
 * click costs more than one in time. With 8, requests wait for their turn, and the stall ends with its cause. Damping
 * keeps a rung that hangs from holding an environment for long.
 */
const environmentsMax = 8;
/** The same for a function that a queue feeds. Its messages can wait in the queue, so that a burst does not slow down clicks. */
const fedEnvironmentsMax = 4;
const graceMs = 1_000;

export async function startRegion(options: RegionOptions): Promise<RunningRegion> {
  const { world, stores } = options;
  const { region } = stores.template;
  const logs = createFunctionLogs(world.time.nowMs);
  const host = createHost(options, logs);
  const triggers = startTriggers({ ...world, ...stores, host, countCall: countingCalls(options) });
  try {
    const doors = await startDoors(stores.template, world, host, options.ports);
    return { region, stores, host, logs, doors: doors.doors, stop: () => stopAll(doors) };
  } catch (error) {
    await stopAll();
    throw error;
  }

  /** Invocations under way get a moment to end. Otherwise their messages would stay hidden until their visibility ends. */
  async function stopAll(doors?: RegionDoors): Promise<void> {
    const quiet = Promise.all([doors?.close(), triggers.stop()]);
    await Promise.race([quiet, new Promise<void>((resolve) => world.time.after(graceMs, resolve))]);
    await host.stop();
    await quiet;
  }
}

/** A poller calls in the name of its function. For a batch, IAM asks for the right to the single call. */
function countingCalls({ stores, endpoint }: RegionOptions): TriggerWorld['countCall'] {
  const { region, functions } = stores.template;
  return (functionName, call, queueArn) => {
    endpoint.tally.count(region, functionName, call);
    const policy = functions.find(({ name }) => name === functionName)?.policy ?? [];
    endpoint.grants.check({ region, functionName }, policy, call.replace(/Batch$/, ''), queueArn);
  };
}

function createHost({ world, stores, endpoint }: RegionOptions, logs: FunctionLogs): LambdaHost {
  const { region, functions, mappings } = stores.template;
  const fed = new Set(mappings.map(({ functionArn }) => functionArn));
  return createLambdaHost({
    region,
    functions,
    endpointUrl: endpoint.url,
    internet: world.internet,
    environmentsMax: (arn) => (fed.has(arn) ? fedEnvironmentsMax : environmentsMax),
    time: world.time,
    fastTime: world.fastTime,
    requestId: randomUUID,
    coldFails: (caller) =>
      world.faults.strikes({ region, service: 'lambda', caller }).some(({ effect }) => effect === 'cold-fail'),
    onOutput: (functionName, text) => logs.add(functionName, text),
  });
}
