import {
  Agent as HttpAgent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestByHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestByHttps } from 'node:https';
import { CallFailure } from './service-call.ts';

export interface HttpRequest {
  readonly method: string;
  /** With the query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string | Uint8Array;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Whole: a body that breaks off is an error. */
  readonly body: Buffer;
}

/**
 * One request and its reply. Throws what ends the exchange without a whole reply, and a `CallFailure` for a body of
 * more than `bodyBytesMax`.
 */
export type Exchange = (request: HttpRequest, call: OpenCall) => Promise<HttpReply>;

/** A call as its exchanges know it. A plain object costs a click less than an AbortController. */
export interface OpenCall {
  /** Nobody waits for the reply any more. */
  isOver: boolean;
  /** Closes the connection of the exchange that is under way. */
  close: () => void;
}

/**
 * Connections to one endpoint that stay open between calls. While an environment is frozen, the other side closes them.
 * The first call afterwards is reset although nothing is wrong. That call is sent once more on a fresh socket, inside
 * its budget, so the reset never counts against a rung. A reset of a socket that was opened for the call is an answer
 * about the service.
 */
export function keptConnections(endpoint: URL, bodyBytesMax: number): Exchange {
  const isSecure = endpoint.protocol === 'https:';
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  // By default a name of all options is made twice a call. But all sockets of this agent are alike.
  agent.getName = () => endpoint.host;
  const open = isSecure ? requestByHttps : requestByHttp;
  const address = { agent, host: endpoint.hostname, ...(endpoint.port && { port: endpoint.port }) };

  return ({ method, path, headers, body }, call) =>
    new Promise((resolve, reject) => {
      const attempt = (isSecond: boolean) => {
        const request = open({ ...address, method, path, headers: listOf(headers) });
        call.close = () => request.destroy();
        request.on('response', (response) => collect(response, bodyBytesMax, resolve, reject));
        request.on('error', (error: NodeJS.ErrnoException) => {
          // A request that is destroyed on a kept socket looks like a reset.
          const wasDead = request.reusedSocket && resetCodes.has(error.code) && !call.isOver;
          if (!wasDead || isSecond) return reject(error);
          // The other idle sockets were frozen as long and cannot be trusted either.
          closeIdle(agent);
          attempt(true);
        });
        request.end(body);
      };
      if (call.isOver) reject(new Error('the call has ended'));
      else attempt(false);
    });
}

/** Names and values in turn. From such a list node:http writes the headers without looking for each by its name. */
function listOf(headers: HttpRequest['headers']): string[] {
  const list: string[] = [];
  for (const [name, value] of Object.entries(headers)) list.push(name, `${value}`);
  return list;
}

/** https://nodejs.org/api/errors.html#common-system-errors: what writing to or reading from a dead socket gives. */
const resetCodes: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

/** Reads every body to its end, because only then the connection is free for the next call. */
function collect(
  response: IncomingMessage,
  bodyBytesMax: number,
  resolve: (reply: HttpReply) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) response.destroy(new CallFailure({ status: 0, code: 'ReplyTooLong' }));
    else chunks.push(chunk);
  });
  response.on('error', reject);
  response.on('end', () => {
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
  });
}

function closeIdle(agent: HttpAgent): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}
