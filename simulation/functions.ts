import { limits } from '../core/limits/limits.ts';
import { type AuditReport, type AuditTask, createAudit } from '../lambda/audit/audit.ts';
import { createLedger, type LedgerReport } from '../lambda/ledger/ledger.ts';
import { createNotify, type NotifyReport } from '../lambda/notify/notify.ts';
import type { NotifyPorts } from '../lambda/notify/notify-run.ts';
import { createReplay, type ReplayReport, type ReplayTask } from '../lambda/replay/replay.ts';
import { createStats, type StatsReport } from '../lambda/stats/stats.ts';
import { createStore } from '../lambda/store/store.ts';
import type { Queue } from '../local/model/queue.ts';
import type { SimulatedInvocation } from './environment.ts';
import { type WarmFunction, warmFunction } from './warm-function.ts';
import { createFunction, type RegionName, type SimulatedWorld } from './world.ts';

export interface RunOptions {
  readonly viaQueueOneIn?: number;
  readonly diesAtStep?: number;
  readonly visitorsMax?: number;
  readonly timeZone?: string;
  readonly partners?: Pick<NotifyPorts, 'send' | 'openFacts'>;
}

/** Polls the intake queue of one region once and invokes `store`. */
export async function pollOnce(
  world: SimulatedWorld,
  home: RegionName,
  options: RunOptions = {},
): Promise<SimulatedInvocation<unknown>> {
  const { environment, placing } = createFunction({ world, home, functionName: 'store', ...options });
  const { batchSizeMax, timeoutSeconds } = limits.store;
  return poll(world.regions[home].intake, batchSizeMax, (event) =>
    environment.invoke(timeoutSeconds * 1_000, () => createStore(placing)(event)),
  );
}

interface Failures {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Receives messages, invokes the function and deletes the messages that it does not report as failed. Deletes none when
 * the function dies. Pollers themselves never fail here.
 */
async function poll(
  queue: Queue,
  countMax: number,
  invoke: (event: unknown) => Promise<SimulatedInvocation<Failures>>,
): Promise<SimulatedInvocation<unknown>> {
  const received = queue.receive({ countMax });
  const messages = received.kind === 'received' ? received.messages : [];
  if (messages.length === 0) return { kind: 'returned', value: undefined };
  const result = await invoke({ Records: messages.map(({ id, body }) => ({ messageId: id, body })) });
  if (result.kind === 'died') return result;
  const failed = new Set(result.value.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { id, receipt } of messages) if (!failed.has(id)) queue.delete(receipt);
  return result;
}

/** `stats` of one region. */
export function statsFunction(world: SimulatedWorld, home: RegionName): WarmFunction<unknown, StatsReport> {
  const timeoutMs = limits.stats.timeoutSeconds * 1_000;
  return warmFunction({ world, home, functionName: 'stats' }, timeoutMs, ({ stats }) => createStats(stats));
}

/** One run of `stats` in a new environment, as its schedule starts it. */
export function foldOnce(
  world: SimulatedWorld,
  home: RegionName,
  options: RunOptions = {},
): Promise<SimulatedInvocation<StatsReport>> {
  return statsFunction(world, home)({ task: 'fold' }, options);
}

/** One run of `replay`, as its schedule starts it. */
export function replayOnce(
  world: SimulatedWorld,
  home: RegionName,
  task: ReplayTask,
  options: RunOptions = {},
): Promise<SimulatedInvocation<ReplayReport>> {
  const { environment, replay } = createFunction({ world, home, functionName: 'replay', ...options });
  const timeoutMs = limits.replay.timeoutSeconds * 1_000;
  return environment.invoke(timeoutMs, () => createReplay(replay)({ task }, timeoutMs));
}

/** One run of `audit`, as its schedule starts it. */
export function auditOnce(
  world: SimulatedWorld,
  home: RegionName,
  task: AuditTask,
  options: RunOptions = {},
): Promise<SimulatedInvocation<AuditReport>> {
  const { environment, audit } = createFunction({ world, home, functionName: 'audit', ...options });
  const timeoutMs = limits.audit.timeoutSeconds * 1_000;
  return environment.invoke(timeoutMs, () => createAudit(audit)({ task }, timeoutMs));
}

/** One run of `ledger`, as its schedule starts it or an operator does. */
export function ledgerOnce(
  world: SimulatedWorld,
  home: RegionName,
  event: unknown,
  options: RunOptions = {},
): Promise<SimulatedInvocation<LedgerReport>> {
  const { environment, ledger } = createFunction({ world, home, functionName: 'ledger', ...options });
  const timeoutMs = limits.ledger.timeoutSeconds * 1_000;
  return environment.invoke(timeoutMs, () => createLedger(ledger)(event, timeoutMs));
}

/** `notify` of one region. */
export function notifyFunction(world: SimulatedWorld, home: RegionName): WarmFunction<unknown, NotifyReport> {
  const timeoutMs = limits.notify.timeoutSeconds * 1_000;
  return warmFunction({ world, home, functionName: 'notify' }, timeoutMs, ({ notify }) => createNotify(notify));
}

/** One run of `notify` in a new environment, as its schedule starts it. */
export function notifyOnce(
  world: SimulatedWorld,
  home: RegionName,
  options: RunOptions = {},
): Promise<SimulatedInvocation<NotifyReport>> {
  return notifyFunction(world, home)({ task: 'notify' }, options);
}
