import type { Chance, ModelTime } from '../model/time.ts';
import type { ActiveFault, Fault, FaultService, ListedFault } from './fault.ts';

/** Something that may be struck by a fault: a call of an API, a request of a client, a firing of a schedule. */
export interface Target {
  readonly region: string;
  /** `management`: what only operators ask. No fault names it; it is as ill as its region. */
  readonly service: Exclude<FaultService, 'link' | 'region'> | 'management';
  /** API action, where there is one. */
  readonly action?: string;
  /** The function that calls, or that is called by the service itself (lambda, schedule, pollers); or `operator`. */
  readonly caller?: string;
  /** The region that the call comes from; absent when it comes from outside. */
  readonly callerRegion?: string;
  /** Of `dns`: the service whose name is asked for. */
  readonly name?: string;
  /** Partition keys of the items that a call is about. */
  readonly keys?: readonly string[];
  /** Whether a queue, which promises no more than at least once, hands a message out again: nothing else strikes here. */
  readonly isRedelivery?: true;
  /** In [0, 1): for whoever is struck always or never, instead of drawing anew each time. */
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
  /** `capacity`: the second that is counted now, and what it let through. */
  second: number;
  passed: number;
  strikes: number;
}

/**
 * The faults of a local cloud or a simulation. Whoever can be ill (the endpoint, the HTTP front, pollers, schedules,
 * the Lambda host) asks it each time what strikes; nothing is ill without having asked.
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

  /** False when there is no such fault (any more). */
  remove(id: string): boolean {
    this.#dropEnded();
    return this.#entries.delete(id);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Those that have not ended, also those that are still to come, oldest first. */
  list(): readonly ListedFault[] {
    this.#dropEnded();
    return [...this.#entries.values()].map(({ fault, strikes }) => ({ ...fault, strikes }));
  }

  /** What strikes now, oldest first. Asking counts: each question draws anew and uses up capacity. */
  strikes(target: Target): readonly ActiveFault[] {
    return this.#striking(target, () => true);
  }

  /**
   * Whether what moves by itself (a poller, a schedule, a bucket's events) stands still, as all of it does in a region
   * that does not answer at all. Faults with other effects are not asked, and count no strike.
   */
  isPaused(target: Target): boolean {
    return this.#striking(target, stops).length > 0;
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
    (fault.callers === undefined || fault.callers.some((name) => isCaller(name, target.caller))) &&
    (fault.keys === undefined || fault.keys.some((key) => target.keys?.includes(key)))
  );
}

function isRedelivery({ service, effect }: Fault): boolean {
  return service === 'sqs' && effect === 'duplicate';
}

function concernsPlace({ service, region, effect }: Fault, target: Target): boolean {
  if (effect === 'no-address') return isName(service, target) && isOrAny(region, target.region);
  if (service !== 'link') return isService(service, target) && isOrAny(region, target.region);
  // A link has two ends, and is ill for calls in both directions.
  const { callerRegion } = target;
  if (callerRegion === undefined || callerRegion === target.region) return false;
  return isOrAny(region, target.region) || isOrAny(region, callerRegion);
}

/** A service that has no address is well for whoever asks no name. */
function isName(service: FaultService, target: Target): boolean {
  return target.service === 'dns' && (service === 'dns' || service === target.name);
}

/** Names and health checks are of the world, and not in a region that is ill. */
function isService(service: FaultService, target: Target): boolean {
  if (service === target.service) return true;
  return service === 'region' && target.service !== 'dns' && target.service !== 'health';
}

function isOrAny(region: string | undefined, candidate: string): boolean {
  return region === undefined || region === candidate;
}

/** Faults name functions without the deployment's prefix. */
function isCaller(name: string, caller = ''): boolean {
  return caller === name || caller.endsWith(`-${name}`);
}
