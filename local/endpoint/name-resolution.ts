import type { Socket } from 'node:net';
import type { FaultBoard, Target } from '../fault/fault-board.ts';

/**
 * Faults of name resolution. All of AWS has one address here, so no client resolves a name. The connection decides instead: one
 * that was opened for a service of a region before the fault goes on, and a new one breaks before its first call. The
 * caller sees a reset, where a real resolver would say ENOTFOUND: https://aws.amazon.com/message/101925/.
 */
export class NameResolution {
  readonly #faults: FaultBoard;
  readonly #openFor = new WeakMap<Socket, Set<string>>();

  constructor(faults: FaultBoard) {
    this.#faults = faults;
  }

  /** Whether name resolution would have let the caller of `target` open `socket`. */
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
