import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { vi } from 'vitest';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Number of the connection, from 1, and of the request on it, from 1. */
  readonly connection: number;
  readonly onConnection: number;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `hang` never answers; `reset` cuts the connection. */
type Behaviour = (asked: Asked) => Answer | 'hang' | 'reset';

export interface LittleServer {
  readonly asked: Asked[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

/** A real HTTP server on this machine, which the SDK takes for AWS from now on. */
export async function littleServer(): Promise<LittleServer> {
  const asked: Asked[] = [];
  const seen = new Map<Socket, { connection: number; requests: number }>();
  let behaviour: Behaviour = () => ({ status: 500 });
  const server = createServer(async (request, response) => {
    const known = seen.get(request.socket) ?? { connection: seen.size + 1, requests: 0 };
    known.requests += 1;
    seen.set(request.socket, known);
    const { method = '', url = '', headers } = request;
    const one = {
      method,
      url,
      headers,
      body: await text(request),
      connection: known.connection,
      onConnection: known.requests,
    };
    asked.push(one);
    const answer = behaviour(one);
    if (answer === 'reset') request.socket.resetAndDestroy();
    else if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  useAsAws((server.address() as AddressInfo).port);
  return {
    asked,
    behave(next) {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        vi.unstubAllEnvs();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function useAsAws(port: number): void {
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'LOCAL.us-east-1.track');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'anything');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
}
