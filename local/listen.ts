import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A mistake of whoever started the command: told in a few words, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

export interface Listening {
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

export interface PortUse {
  /** 0 = any free port. */
  readonly port: number;
  /** What the port is for, and the flag that changes it, for the error when it is taken. */
  readonly purpose: string;
  readonly flag: string;
}

/** For servers that only this process calls. */
export const anyPort: PortUse = { port: 0, purpose: 'any free port', flag: 'another port' };

/** Why a port cannot be had, and what to do. */
export function portRefused({ port, purpose, flag }: PortUse, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE')
    return `port ${port} (${purpose}) is taken by another program: stop it, or choose another port with ${flag}`;
  return `port ${port} (${purpose}) cannot be had (${message}): choose another port with ${flag}`;
}

/** AWS keeps idle connections for minutes; Node's 5 seconds would close them under clients that mean to reuse them. */
const idleConnectionMs = 75_000;

/** Listens on this machine only. Rejects with a UserError when the port cannot be had. */
export async function listen(server: Server, use: PortUse): Promise<Listening> {
  server.keepAliveTimeout = idleConnectionMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new UserError(portRefused(use, error))));
    server.listen(use.port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
