import type { Socket } from 'node:net';
import type { FaultBoard, Target } from '../fault/fault-board.ts';

/**
 * Faults of name resolution. All of AWS has one address here, so nobody resolves anything; what the fault lets through is
 * told from the connection instead: one that was opened for a service of a region goes on, a new one breaks before anything
 * was asked. The caller sees a reset where the world would say ENOTFOUND: https://aws.amazon.com/message/101925/.
 */
export class NameResolution {
  readonly #faults: FaultBoard;
  readonly #openFor = new WeakMap<Socket, Set<string>>();

  constructor(faults: FaultBoard) {
    this.#faults = faults;
  }

  /** Whether the caller of `target` came to have `socket`, as far as names matter. */
  resolves(socket: Socket, target: Omit<Target, 'service'>, serviceName: string): boolean {
    const name = `${serviceName}.${target.region}`;
    const names = this.#openFor.get(socket) ?? new Set();
    if (names.has(name)) return true;
    const strikes = this.#faults.strikes({ ...target, service: 'dns', name: serviceName });
    if (strikes.some(({ effect }) => effect === 'no-address')) return false;
    this.#openFor.set(socket, names.add(name));
    return true;
  }
}
