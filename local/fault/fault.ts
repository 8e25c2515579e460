/** A fault is data: what breaks, where, how, for how long. Scenario files, the console and the simulation all speak it. */

export const faultServices = [
  's3',
  'sqs',
  'dynamodb',
  'lambda',
  'http',
  'schedule',
  'pollers',
  'notifications',
  'dns',
  'health',
  'link',
  'region',
] as const;
export type FaultService = (typeof faultServices)[number];

/**
 * `error` answers `status` and `code`; `slow` answers late by `delay`; `hang` never answers; `reset` closes the
 * connection; `lose-reply` does what was asked and then closes it; `capacity` refuses what exceeds `perSecond`;
 * `pause` stops, `delay` and `duplicate` shift or double what fires by itself (pollers, schedules, notifications), and a
 * queue's `duplicate` hands messages out again, some of them after they were deleted;
 * `drop` loses it; `cold-fail` lets new environments fail; `kill` ends an environment between two side effects; `no-address` resolves AWS's names to nothing for
 * new connections; `stale` lets a share of the clients keep the answer that they have.
 */
export const faultEffects = [
  'error',
  'slow',
  'hang',
  'reset',
  'lose-reply',
  'capacity',
  'pause',
  'delay',
  'drop',
  'duplicate',
  'cold-fail',
  'kill',
  'no-address',
  'stale',
] as const;
export type FaultEffect = (typeof faultEffects)[number];

export interface Fault {
  /** The region that is ill; of stale answers, the region that they name. Absent = every region. */
  readonly region?: string;
  readonly service: FaultService;
  readonly effect: FaultEffect;
  /** API actions such as `PutObject`; absent = all. */
  readonly actions?: readonly string[];
  /** Function names without the deployment's prefix (`track`, `store`, `replay`) or `operator`; absent = all. */
  readonly callers?: readonly string[];
  /** Partition keys of a table, for `dynamodb` only: calls about their items are struck; absent = all. */
  readonly keys?: readonly string[];
  /** Share of calls, 0 to 1; absent = 1. */
  readonly rate?: number;
  readonly status?: number;
  readonly code?: string;
  readonly delayMs?: number;
  readonly perSecond?: number;
  /** From when after it was handed in, and for how long; absent = at once / until removed. */
  readonly atMs?: number;
  readonly forMs?: number;
}

export interface ActiveFault extends Fault {
  readonly id: string;
}

/** As the board lists it. */
export interface ListedFault extends ActiveFault {
  /** How often it was in force when something asked: 0 = it has broken nothing yet. */
  readonly strikes: number;
}
