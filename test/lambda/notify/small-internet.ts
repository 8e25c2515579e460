import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, Socket } from 'node:net';
import type { Network } from '../../../lambda/notify/open-checked.ts';
import { partnerCertificate } from './certificates.ts';

/** Answers of DNS by name. Each question gets the next one; the last one stays. An error means that DNS failed. */
type Answers = Readonly<Record<string, readonly (readonly string[] | Error)[]>>;

/** What a server of a partner does: answers HTTP, HTTPS, or bytes of its own. */
type Behaviour =
  | { readonly http: RequestListener }
  | { readonly https: RequestListener }
  | { readonly tcp: (socket: Socket) => void }
  | 'refuses'
  | 'never connects';

export interface SmallInternet extends Network {
  /** Puts a server on a public address. It listens on 127.0.0.1, and only this internet leads there. */
  place(address: string, behaviour: Behaviour): Promise<void>;
  /** Each connection that was begun: `52.0.0.1:443`. */
  readonly connections: readonly string[];
  /** Names in the order of the questions. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export function smallInternet(answers: Answers = {}): SmallInternet {
  const connections: string[] = [];
  const asked: string[] = [];
  const places = new Map<string, Server | 'never connects'>();
  return {
    connections,
    asked,
    async place(address, behaviour) {
      if (behaviour === 'never connects') places.set(address, behaviour);
      else if (behaviour !== 'refuses') places.set(address, await listening(serverOf(behaviour)));
    },
    async resolve(name) {
      const times = asked.push(name);
      const lists = answers[name] ?? [[]];
      const before = asked.slice(0, times - 1).filter((one) => one === name).length;
      const answer = lists[Math.min(before, lists.length - 1)] ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    connect(address, port) {
      connections.push(`${address}:${port}`);
      const place = places.get(address);
      if (place === 'never connects') return new Socket();
      if (place) return connect({ host: '127.0.0.1', port: (place.address() as AddressInfo).port });
      return new Socket().destroy(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    },
    async close() {
      await Promise.all([...places.values()].map(closed));
    },
  };
}

function serverOf(behaviour: Exclude<Behaviour, string>): Server {
  if ('http' in behaviour) return createServer(behaviour.http);
  if ('https' in behaviour) return createSecureServer(partnerCertificate, behaviour.https);
  return createTcpServer((socket) => behaviour.tcp(socket.on('error', () => {})));
}

async function listening(server: Server): Promise<Server> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  openSockets.set(server, sockets);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const openSockets = new WeakMap<Server, Set<Socket>>();

async function closed(place: Server | 'never connects'): Promise<void> {
  if (place === 'never connects') return;
  for (const socket of openSockets.get(place) ?? []) socket.destroy();
  await new Promise((resolve) => place.close(resolve));
}
