import type { Chance, ModelTime } from './time.ts';

export interface NameClientsParts {
  readonly count: number;
  /** How long a client keeps an answer. */
  readonly ttlMs: number;
  readonly time: ModelTime;
  readonly chance: Chance;
  /** The answer to a new query; undefined when there is none. */
  readonly resolve: () => string | undefined;
  /** Whether a client keeps an expired answer. `draw` is a number in [0, 1) that never changes for a client. */
  readonly keepsOld: (draw: number, address: string) => boolean;
}

export interface NameClients {
  /** Draws one of the clients at random, and returns the address of its next request. Undefined = there is no answer. */
  next(): string | undefined;
  /** How many clients now hold each answer. All other clients would ask again. */
  holding(): Readonly<Record<string, number>>;
}

interface Client {
  readonly draw: number;
  address?: string;
  expiresAtMs: number;
}

/** Clients of a name, each with its last answer. A client here stands for a resolver that many people share. */
export function createNameClients(parts: NameClientsParts): NameClients {
  const { count, ttlMs, time, chance, resolve, keepsOld } = parts;
  const clients = Array.from({ length: count }, (): Client => ({ draw: chance(), expiresAtMs: 0 }));

  const held = ({ address, expiresAtMs, draw }: Client): string | undefined => {
    if (address === undefined) return undefined;
    return time.nowMs() < expiresAtMs || keepsOld(draw, address) ? address : undefined;
  };

  return {
    next() {
      const client = clients[Math.floor(chance() * count)];
      if (client === undefined) return resolve();
      const address = held(client);
      if (address !== undefined) return address;
      const answer = resolve();
      if (answer === undefined) delete client.address;
      else client.address = answer;
      client.expiresAtMs = time.nowMs() + ttlMs;
      return answer;
    },
    holding() {
      const counts: Record<string, number> = {};
      for (const address of clients.flatMap((client) => held(client) ?? []))
        counts[address] = (counts[address] ?? 0) + 1;
      return counts;
    },
  };
}
