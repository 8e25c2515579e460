import { type ClientRequestArgs, Agent as HttpAgent, type IncomingMessage, request as requestByHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestByHttps } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { limits } from '../../core/limits/limits.ts';
import type { SendTarget } from '../../core/postbacks/send-target.ts';
import { AttemptEnd, type Network, openChecked } from './open-checked.ts';

export interface PartnerRequest {
  readonly target: SendTarget;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: string;
}

export interface PartnerAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly retryAfter: string | undefined;
  /** Resolves when nothing more is read of the body, and the connection is free or closed. Never rejects. */
  readonly ended: Promise<void>;
}

/** Connections to partners' servers. Each goes to a checked address, and some stay open for further requests. */
export interface PartnerConnections {
  /** Throws what ends the exchange before there is a status. */
  exchange(request: PartnerRequest, stop: AbortSignal): Promise<PartnerAnswer>;
  close(): void;
}

/** `authorities`: certificates of authorities that are trusted instead of those of Node.js. */
export function partnerConnections(network: Network, authorities?: readonly string[]): PartnerConnections {
  const { idleConnectionsPerHostMax: maxFreeSockets, idleMs: timeout } = limits.sending;
  const kept = { keepAlive: true, maxFreeSockets, timeout };
  const trusted = { rejectUnauthorized: true, ...(authorities && { ca: [...authorities] }) };
  const plain = new HttpAgent(kept);
  const secure = new HttpsAgent({ ...kept, ...trusted });
  const wrapInTls = secure.createConnection.bind(secure);
  connectChecked(plain, network, (_options, socket) => socket);
  connectChecked(secure, network, (options, socket) => wrapInTls({ ...options, socket } as ClientRequestArgs));
  const once = (request: PartnerRequest, stop: AbortSignal) =>
    exchangeOnce(request, request.target.isSecure ? secure : plain, stop);
  return {
    async exchange(request, stop) {
      try {
        return await once(request, stop);
      } catch (error) {
        if (!(error instanceof DeadSocket)) throw error;
        return await once(request, stop);
      }
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** The agent opens a connection only where a request finds no idle one, so each connection was checked. */
function connectChecked(
  agent: HttpAgent,
  network: Network,
  wrap: (options: ClientRequestArgs, socket: Socket) => Duplex | null | undefined,
): void {
  agent.createConnection = (options, callback) => {
    const { host, port, stop } = options as CheckedOptions;
    const done = callback as (error: Error | null, stream?: Duplex | null) => void;
    openChecked(host, port, network, stop).then(
      (socket) => done(null, wrap(options, socket)),
      (error) => done(error),
    );
    return undefined;
  };
}

/** An agent passes on what a request names. */
interface CheckedOptions {
  readonly host: string;
  readonly port: number;
  readonly stop: AbortSignal;
}

/** The other side has closed an idle connection while the request was on its way. Another connection is tried. */
class DeadSocket extends Error {}

/** https://nodejs.org/api/errors.html#common-system-errors */
const resetCodes: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

function exchangeOnce(request: PartnerRequest, agent: HttpAgent, stop: AbortSignal): Promise<PartnerAnswer> {
  return new Promise((resolve, reject) => {
    stop.throwIfAborted();
    const { target, method, headers, body } = request;
    const { isSecure, host, port, path } = target;
    const options = { agent, host, port, path, method, headers, stop } satisfies CheckedOptions & ClientRequestArgs;
    const outgoing = isSecure ? requestByHttps(options) : requestByHttp(options);
    const giveUp = () => outgoing.destroy();
    stop.addEventListener('abort', giveUp);
    outgoing.on('close', () => {
      stop.removeEventListener('abort', giveUp);
      // After an answer this changes nothing. A switch to another protocol ends the request with neither answer nor error.
      reject(new AttemptEnd({ kind: 'failed', why: 'bad-answer' }));
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      reject(outgoing.reusedSocket && resetCodes.has(error.code) && !stop.aborted ? new DeadSocket() : error);
    });
    outgoing.on('response', (response) => {
      const { location, 'retry-after': retryAfter } = response.headers;
      resolve({ status: response.statusCode ?? 0, location, retryAfter, ended: endOf(response) });
    });
    outgoing.end(body);
  });
}

/** The body means nothing here. It is read because only then the connection is free, and cut where it is long or slow. */
function endOf(response: IncomingMessage): Promise<void> {
  const { bodyBytesMax, bodyMs } = limits.sending;
  return new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), bodyMs);
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bodyBytesMax) response.destroy();
    });
    response.on('error', () => {});
    response.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
