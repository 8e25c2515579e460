import { limits } from '../core/limits.ts';
import { createReplay, type ReplayReport, type ReplayTask } from '../lambda/replay.ts';
import { createStore } from '../lambda/store.ts';
import type { Invocation } from './environment.ts';
import { createFunction, type RegionName, type World } from './world.ts';

export interface RunOptions {
  readonly viaQueueOneIn?: number;
  readonly diesAtStep?: number;
  /** Messages that an event source mapping hands over at once. */
  readonly batchSize?: number;
}

/**
 * What the pollers of one region's event source mapping do once: receive, hand over to `store`, and delete what was not
 * reported as failed. Nothing is deleted when the function died. The pollers have no failures of their own here.
 */
export async function pollOnce(world: World, home: RegionName, options: RunOptions = {}): Promise<Invocation<unknown>> {
  const { intake } = world.regions[home];
  const received = intake.receive({ countMax: options.batchSize ?? limits.store.batchSizeMax });
  const messages = received.kind === 'received' ? received.messages : [];
  if (messages.length === 0) return { kind: 'returned', value: undefined };
  const { environment, placing } = createFunction({ world, home, functionName: 'store', ...options });
  const event = { Records: messages.map(({ id, body }) => ({ messageId: id, body })) };
  const result = await environment.invoke(limits.store.timeoutSeconds * 1_000, () => createStore(placing)(event));
  if (result.kind === 'died') return result;
  const failed = new Set(result.value.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { id, receipt } of messages) if (!failed.has(id)) intake.delete(receipt);
  return result;
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
