import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * The SDK's HTTP handler, with one addition. While an environment is frozen, the other side closes its kept-alive
 * sockets. The first call afterwards is reset although nothing is wrong. The handler retries such a reset once on a
 * fresh socket, inside the same call and budget, so the reset never counts against a rung. A reset of a socket that was
 * opened for the call is an answer about the service and is not retried.
 */

type Handle = NodeHttpHandler['handle'];
export type FreshSocketHandler = Pick<
  NodeHttpHandler,
  'metadata' | 'handle' | 'destroy' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>;

/** More than the widest window of parallel calls (limits.replay.windowMax), so that calls never queue for a socket. */
const socketsMax = 128;

/** https://github.com/nodejs/node/blob/main/doc/api/errors.md: what writing to or reading from a dead socket gives. */
const resetCodes: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

export function freshSocketHandler(): FreshSocketHandler {
  const resetsOfReused = new WeakSet<object>();
  const agents = [new HttpAgent(agentOptions), new HttpsAgent(agentOptions)] as const;
  for (const agent of agents) noteResetsOfReused(agent, resetsOfReused);
  const inner = new NodeHttpHandler({ httpAgent: agents[0], httpsAgent: agents[1] });

  const handle: Handle = async (request, options) => {
    try {
      return await inner.handle(request, options);
    } catch (error) {
      if (!(error instanceof Error) || !resetsOfReused.has(error)) throw error;
      // The other idle sockets were frozen as long and cannot be trusted either.
      for (const agent of agents) closeIdle(agent);
      return await inner.handle(request, options);
    }
  };
  return {
    metadata: inner.metadata,
    handle,
    destroy: () => inner.destroy(),
    updateHttpClientConfig: (key, value) => inner.updateHttpClientConfig(key, value),
    httpHandlerConfigs: () => inner.httpHandlerConfigs(),
  };
}

const agentOptions = { keepAlive: true, maxSockets: socketsMax };

/** Node calls `reuseSocket` for each request that gets a kept-alive socket: https://nodejs.org/api/http.html#agentreusesocketsocket-request */
function noteResetsOfReused(agent: HttpAgent, resets: WeakSet<object>): void {
  const reuse = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (socket, request) => {
    reuse(socket, request);
    request.prependOnceListener('error', (error: NodeJS.ErrnoException) => {
      if (resetCodes.has(error.code)) resets.add(error);
    });
  };
}

function closeIdle(agent: HttpAgent): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}
