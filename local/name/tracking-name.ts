import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { type Listening, listen, type PortUse } from '../listen.ts';

export interface TrackingNameOptions {
  readonly port: PortUse;
  /** The URL of the region for the client of this request; undefined when the name has no answer. */
  readonly resolve: () => string | undefined;
}

/**
 * The tracking name on a port of this machine, for all clients. On the internet a client resolves the name and connects
 * to the address. Here each request is forwarded unchanged to the region that the client's last answer names.
 */
export function startTrackingName({ port, resolve }: TrackingNameOptions): Promise<Listening> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, response) => handOn(incoming, response, resolve(), agent));
  server.on('close', () => agent.destroy());
  return listen(server, port);
}

function handOn(
  incoming: IncomingMessage,
  response: ServerResponse,
  regionUrl: string | undefined,
  agent: Agent,
): void {
  // Without an answer, a client has nothing to connect to.
  if (regionUrl === undefined) return void incoming.socket.destroy();
  const { method = 'GET', url = '/', headers } = incoming;
  const { hostname, port } = new URL(regionUrl);
  const outgoing = request({ hostname, port, path: url, method, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  // A broken connection to the region must look like a broken connection of the client.
  outgoing.on('error', () => incoming.socket.destroy());
  response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

/**
 * Drops the region's own connection headers. They are wrong for the client's connection: a client with HTTP/1.0 would
 * wait for its end.
 */
function endToEnd({ connection: _c, 'keep-alive': _k, 'transfer-encoding': _t, ...headers }: IncomingHttpHeaders) {
  return headers;
}
