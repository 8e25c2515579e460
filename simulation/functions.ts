import { limits } from '../core/limits/limits.ts';
import { type AuditReport, type AuditTask, createAudit } from '../lambda/audit/audit.ts';
import { createLedger, type LedgerReport } from '../lambda/ledger/ledger.ts';
import { createReplay, type ReplayReport, type ReplayTask } from '../lambda/replay/replay.ts';
import { createStats } from '../lambda/stats/stats.ts';
import { createStore } from '../lambda/store/store.ts';
import type { Queue } from '../local/model/queue.ts';
import type { Invocation } from './environment.ts';
import { createFunction, type RegionName, type World } from './world.ts';

export interface RunOptions {
  readonly viaQueueOneIn?: number;
  readonly diesAtStep?: number;
  /** Messages that an event source mapping hands over at once. */
  readonly batchSize?: number;
  readonly passBytesMax?: number;
}

/** What the pollers of `store` do once, in one region. */
export async function pollOnce(world: World, home: RegionName, options: RunOptions = {}): Promise<Invocation<unknown>> {
  const { environment, placing } = createFunction({ world, home, functionName: 'store', ...options });
  const { batchSizeMax, timeoutSeconds } = limits.store;
  return poll(world.regions[home].intake, options.batchSize ?? batchSizeMax, (event) =>
    environment.invoke(timeoutSeconds * 1_000, () => createStore(placing)(event)),
  );
}

interface Failures {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Receives, hands over to the function, and deletes what was not reported as failed; nothing when the function died.
 * Pollers have no failures of their own here.
 */
async function poll(
  queue: Queue,
  countMax: number,
  invoke: (event: unknown) => Promise<Invocation<Failures>>,
): Promise<Invocation<unknown>> {
  const received = queue.receive({ countMax });
  const messages = received.kind === 'received' ? received.messages : [];
  if (messages.length === 0) return { kind: 'returned', value: undefined };
  const result = await invoke({ Records: messages.map(({ id, body }) => ({ messageId: id, body })) });
  if (result.kind === 'died') return result;
  const failed = new Set(result.value.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { id, receipt } of messages) if (!failed.has(id)) queue.delete(receipt);
  return result;
}

/** What the pollers of `stats` do once, in one region. */
export async function countOnce(
  world: World,
  home: RegionName,
  options: RunOptions = {},
): Promise<Invocation<unknown>> {
  const { environment, stats } = createFunction({ world, home, functionName: 'stats', ...options });
  const { batchSizeMax, timeoutSeconds } = limits.stats;
  return poll(world.regions[home].stats, options.batchSize ?? batchSizeMax, (event) =>
    environment.invoke(timeoutSeconds * 1_000, () => createStats(stats)(event)),
  );
}

/** One run of `replay`, as its schedule starts it. */
export function replayOnce(
  world: World,
  home: RegionName,
  task: ReplayTask,
  options: RunOptions = {},
): Promise<Invocation<ReplayReport>> {
  const { environment, replay } = createFunction({ world, home, functionName: 'replay', ...options });
  const timeoutMs = limits.replay.timeoutSeconds * 1_000;
  return environment.invoke(timeoutMs, () => createReplay(replay)({ task }, timeoutMs));
}

/** One run of `audit`, as its schedule starts it. */
export function auditOnce(
  world: World,
  home: RegionName,
  task: AuditTask,
  options: RunOptions = {},
): Promise<Invocation<AuditReport>> {
  const { environment, audit } = createFunction({ world, home, functionName: 'audit', ...options });
  const timeoutMs = limits.audit.timeoutSeconds * 1_000;
  return environment.invoke(timeoutMs, () => createAudit(audit)({ task }, timeoutMs));
}

/** One run of `ledger`, as its schedule starts it or an operator does. */
export function ledgerOnce(
  world: World,
  home: RegionName,
  event: unknown,
  options: RunOptions = {},
): Promise<Invocation<LedgerReport>> {
  const { environment, ledger } = createFunction({ world, home, functionName: 'ledger', ...options });
  const timeoutMs = limits.ledger.timeoutSeconds * 1_000;
  return environment.invoke(timeoutMs, () => createLedger(ledger)(event, timeoutMs));
}
