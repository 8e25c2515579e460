import type { Chance, ModelTime } from '../model/time.ts';
import type { ActiveFault, Fault, FaultEffect, FaultService, ListedFault } from './fault.ts';

/** What a fault may strike: an API call, a client's request, or a firing of a schedule. */
export interface Target {
  readonly region: string;
  /** `management`: services that only operators call. No fault names them, but a fault of their region strikes them. */
  readonly service: Exclude<FaultService, 'link' | 'region'> | 'management';
  /** API action, where there is one. */
  readonly action?: string;
  /** The calling function, or the function that the service itself calls (lambda, schedule, pollers), or `operator`. */
  readonly caller?: string;
  /** The region of the caller; absent for a call from outside. */
  readonly callerRegion?: string;
  /** For `partners`: the partner's label. */
  readonly partner?: string;
  /** For `dns`: the service whose name is resolved. */
  readonly name?: string;
  /** True = the question is whether a queue delivers a message twice. Only a queue's `duplicate` strikes then. */
  readonly isRedelivery?: true;
  /** In [0, 1). Takes the place of a new random draw, for a target that is struck either always or never. */
  readonly draw?: number;
}

export interface FaultBoardOptions {
  readonly time: ModelTime;
  readonly chance: Chance;
}

interface Entry {
  readonly fault: ActiveFault;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** For `capacity`: the present second, and how many calls it let through. */
  second: number;
  passed: number;
  strikes: number;
}

/**
 * The faults of a local cloud or a simulation. Each part that a fault can break (the endpoint, the HTTP front, pollers,
 * schedules, the Lambda host) asks the board at each call which faults strike it.
 */
export class FaultBoard {
  readonly #time: ModelTime;
  readonly #chance: Chance;
  readonly #entries = new Map<string, Entry>();
  #added = 0;

  constructor({ time, chance }: FaultBoardOptions) {
    this.#time = time;
    this.#chance = chance;
  }

  add(fault: Fault): ActiveFault {
    this.#added += 1;
    const active: ActiveFault = { ...fault, id: `fault-${this.#added}` };
    const startsAtMs = this.#time.nowMs() + (fault.atMs ?? 0);
    const endsAtMs = startsAtMs + (fault.forMs ?? Number.POSITIVE_INFINITY);
    this.#entries.set(active.id, { fault: active, startsAtMs, endsAtMs, second: 0, passed: 0, strikes: 0 });
    return active;
  }

  /** False when there is no such fault, or when it has ended. */
  remove(id: string): boolean {
    this.#dropEnded();
    return this.#entries.delete(id);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Faults that have not ended, oldest first, including those that have not begun. */
  list(): readonly ListedFault[] {
    this.#dropEnded();
    return [...this.#entries.values()].map(({ fault, strikes }) => ({ ...fault, strikes }));
  }

  /** The faults that strike now, oldest first. Each question draws anew, uses up capacity and counts as a strike. */
  strikes(target: Target): readonly ActiveFault[] {
    return this.#striking(target, () => true);
  }

  /** The same, when the target can have these effects alone. Faults with other effects count no strike. */
  strikesOnly(target: Target, effects: readonly FaultEffect[]): readonly ActiveFault[] {
    return this.#striking(target, ({ effect }) => effects.includes(effect));
  }

  /**
   * Whether a poller or a schedule stands still. Both do in a region that does not answer. Faults with other effects
   * count no strike here.
   */
  isPaused(target: Target): boolean {
    return this.#striking(target, stops).length > 0;
  }

  /**
   * Whether a call of a poller fails. A slow call does not fail, because the poller waits long enough. A killed
   * environment does not stop the poller either.
   */
  failsPoller(target: Target): boolean {
    return this.strikes(target).some(({ effect }) => effect !== 'slow' && effect !== 'kill');
  }

  #striking(target: Target, isMeant: (fault: Fault) => boolean): readonly ActiveFault[] {
    this.#dropEnded();
    if (this.#entries.size === 0) return [];
    const nowMs = this.#time.nowMs();
    const striking = [...this.#entries.values()].filter(
      (entry) =>
        nowMs >= entry.startsAtMs &&
        isMeant(entry.fault) &&
        concerns(entry.fault, target) &&
        this.#draws(entry, nowMs, target.draw),
    );
    for (const entry of striking) entry.strikes += 1;
    return striking.map(({ fault }) => fault);
  }

  #draws(entry: Entry, nowMs: number, draw: number | undefined): boolean {
    const { rate = 1, effect, perSecond = 0 } = entry.fault;
    if (effect === 'capacity') return exceeds(entry, perSecond, nowMs);
    return rate >= 1 || (draw ?? this.#chance()) < rate;
  }

  #dropEnded(): void {
    const nowMs = this.#time.nowMs();
    for (const [id, { endsAtMs }] of this.#entries) if (nowMs >= endsAtMs) this.#entries.delete(id);
  }
}

function exceeds(entry: Entry, perSecond: number, nowMs: number): boolean {
  const second = Math.floor(nowMs / 1_000);
  if (second !== entry.second) {
    entry.second = second;
    entry.passed = 0;
  }
  if (entry.passed >= perSecond) return true;
  entry.passed += 1;
  return false;
}

function stops({ service, effect }: Fault): boolean {
  return effect === 'pause' || (service === 'region' && ['error', 'hang', 'reset'].includes(effect));
}

function concerns(fault: Fault, target: Target): boolean {
  return (
    concernsPlace(fault, target) &&
    isRedelivery(fault) === (target.isRedelivery ?? false) &&
    (fault.actions === undefined || (target.action !== undefined && fault.actions.includes(target.action))) &&
    (fault.partners === undefined || fault.partners.includes(target.partner ?? '')) &&
    (fault.callers === undefined || fault.callers.some((name) => isCaller(name, target.caller)))
  );
}

function isRedelivery({ service, effect }: Fault): boolean {
  return service === 'sqs' && effect === 'duplicate';
}

function concernsPlace({ service, region, effect }: Fault, target: Target): boolean {
  if (effect === 'no-address' && service !== 'partners')
    return isName(service, target) && isOrAny(region, target.region);
  if (service !== 'link') return isService(service, target) && isOrAny(region, target.region);
  // A broken link breaks the calls of both directions.
  const { callerRegion } = target;
  if (callerRegion === undefined || callerRegion === target.region) return false;
  return isOrAny(region, target.region) || isOrAny(region, callerRegion);
}

/** `no-address` strikes the resolution of a name, and not a call to the service. */
function isName(service: FaultService, target: Target): boolean {
  return target.service === 'dns' && (service === 'dns' || service === target.name);
}

/**
 * DNS, health checks, partners and the control planes of the world's services are outside the regions, so a fault of a
 * region does not strike them.
 */
function isService(service: FaultService, target: Target): boolean {
  if (service === target.service) return true;
  return service === 'region' && !outsideRegions.includes(target.service);
}

const outsideRegions: readonly Target['service'][] = ['dns', 'health', 'control-planes', 'partners'];

function isOrAny(region: string | undefined, candidate: string): boolean {
  return region === undefined || region === candidate;
}

/** A fault names a function without the deployment's prefix. */
function isCaller(name: string, caller = ''): boolean {
  return caller === name || caller.endsWith(`-${name}`);
}
