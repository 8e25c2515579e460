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
  /** The URL of the region that this request's client goes to; undefined when the name leads nowhere. */
  readonly resolve: () => string | undefined;
}

/**
 * The tracking name on a port of this machine, which stands for all its clients. In the world a name resolves to an
 * address and the client connects to that; here each request is handed on, unchanged, to the region that its client
 * knows the name by.
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
  // Without an address there is nothing to connect to.
  if (regionUrl === undefined) return void incoming.socket.destroy();
  const { method = 'GET', url = '/', headers } = incoming;
  const { hostname, port } = new URL(regionUrl);
  const outgoing = request({ hostname, port, path: url, method, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  // What breaks between here and the region looks to the client as if its own connection broke.
  outgoing.on('error', () => incoming.socket.destroy());
  response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

/** What the region says of its own connection does not hold for the client's: one of HTTP/1.0 would wait for its end. */
function endToEnd({ connection: _c, 'keep-alive': _k, 'transfer-encoding': _t, ...headers }: IncomingHttpHeaders) {
  return headers;
}
