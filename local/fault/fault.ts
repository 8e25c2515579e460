/** A fault is data: what breaks, where, how and for how long. Scenario files, the console and the simulation use it. */

export const faultServices = [
  's3',
  'sqs',
  'dynamodb',
  'sns',
  'lambda',
  'http',
  'schedule',
  'pollers',
  'dns',
  'health',
  'link',
  'partners',
  'region',
  'control-planes',
] as const;
export type FaultService = (typeof faultServices)[number];

/**
 * - Calls: `error` answers `status` and `code`. `slow` answers late by `delay`. `hang` never answers. `reset` closes the
 *   connection. `lose-reply` performs the call and then closes the connection. `capacity` refuses calls beyond `perSecond`.
 * - Pollers and schedules: `pause` stops them, `delay` shifts a schedule, `duplicate` doubles it. A queue's `duplicate`
 *   delivers messages again, some of them after they were deleted.
 * - Environments: `cold-fail` makes the start of new ones fail. `kill` ends one between two side effects.
 * - Names: `no-address` resolves AWS's names to nothing for new connections. `stale` makes a share of the clients keep their answer.
 * - Partners: faults of calls strike their servers. `no-address` resolves their names to nothing. `refuse` refuses connections.
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
  'duplicate',
  'cold-fail',
  'kill',
  'no-address',
  'stale',
  'refuse',
] as const;
export type FaultEffect = (typeof faultEffects)[number];

export interface Fault {
  /** The region that breaks; for `stale`, the region that the answers name. Absent = every region. */
  readonly region?: string;
  readonly service: FaultService;
  readonly effect: FaultEffect;
  /** API actions such as `PutObject`; absent = all. */
  readonly actions?: readonly string[];
  /** Function names without the deployment's prefix (`track`, `store`, `replay`) or `operator`; absent = all. */
  readonly callers?: readonly string[];
  /** Labels of partners: `shop` for `shop.partner.test`. Absent = all. */
  readonly partners?: readonly string[];
  /** Share of calls, 0 to 1; absent = 1. */
  readonly rate?: number;
  readonly status?: number;
  readonly code?: string;
  readonly delayMs?: number;
  readonly perSecond?: number;
  /** `atMs`: the start, counted from when the fault is added; absent = at once. `forMs`: absent = until removed. */
  readonly atMs?: number;
  readonly forMs?: number;
}

export interface ActiveFault extends Fault {
  readonly id: string;
}

export interface ListedFault extends ActiveFault {
  readonly strikes: number;
}
