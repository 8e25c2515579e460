import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A mistake of the user. It is printed without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

export interface Listening {
  readonly url: string;
  /** Also ends open connections. */
  close(): Promise<void>;
}

export interface PortUse {
  /** 0 = any free port. */
  readonly port: number;
  /** The purpose of the port and the flag that changes it, for the error when the port is taken. */
  readonly purpose: string;
  readonly flag: string;
}

/** For servers that only this process calls. */
export const anyPort: PortUse = { port: 0, purpose: 'any free port', flag: 'another port' };

/** Says why a port cannot be opened, and what to do. */
export function portRefused({ port, purpose, flag }: PortUse, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE')
    return `port ${port} (${purpose}) is taken by another program: stop it, or choose another port with ${flag}`;
  return `port ${port} (${purpose}) cannot be opened (${message}): choose another port with ${flag}`;
}

/** AWS keeps idle connections for minutes. Node.js would close them after 5 seconds, before clients use them again. */
const idleConnectionMs = 75_000;

/** Listens on this machine only. Rejects with a UserError when the port cannot be opened. */
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
