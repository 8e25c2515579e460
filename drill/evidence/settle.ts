import { limits } from '../../core/limits/limits.ts';
import type { Clock } from '../../core/ports.ts';
import type { CloudState, LocalCloud, QueueState } from '../../local/handle.ts';
import { isDeadLetterQueue } from './queue-role.ts';

/** The keys of each region's log when the waiting ended. */
type KeysByRegion = Readonly<Record<string, readonly string[]>>;

interface Rest {
  readonly keys: KeysByRegion;
  /**
   * Keys that a log lacked when the queues were first empty. No queue owed them any more, so only repair would copy
   * them. Empty when the queues were never empty.
   */
  readonly leftToRepair: readonly string[];
}

export type Settlement =
  | (Rest & { readonly kind: 'settled'; readonly afterMs: number })
  /** `problems`: one line for each thing that still moves or differs. */
  | (Rest & { readonly kind: 'unsettled'; readonly problems: readonly string[] });

const lookIntervalMs = 100;

/**
 * Waits until no fault is active, every queue is empty with nothing in flight, and both logs have the same keys.
 * Messages that are in a queue at the beginning must be gone within `patienceMs` of real time. Messages of health
 * checks come and go meanwhile. When only the logs differ, repair can still help, so the wait lasts one interval of
 * repair longer.
 */
export async function settle(cloud: LocalCloud, clock: Clock, patienceMs: number): Promise<Settlement> {
  const startMs = clock.nowMs();
  let leftToRepair: readonly string[] | undefined;
  for (;;) {
    const state = cloud.state();
    const waitedMs = clock.nowMs() - startMs;
    const moving = [...activeFaults(state), ...queueLines(state, 0)];
    if (moving.length === 0) leftToRepair ??= keysNotEverywhere(logKeys(cloud));
    const rest = () => ({ keys: logKeys(cloud), leftToRepair: leftToRepair ?? [] });
    const problems = moving.length > 0 ? moving : logDifferences(logKeys(cloud));
    if (problems.length === 0) return { kind: 'settled', afterMs: waitedMs, ...rest() };
    if (waitedMs > patienceMs + repairMs(state, waitedMs)) return { kind: 'unsettled', problems, ...rest() };
    await clock.sleep(lookIntervalMs);
  }
}

/** How much longer to wait for repair; 0 when something is stuck that repair does not move. */
function repairMs(state: CloudState, waitedMs: number): number {
  const isStuck = state.faults.length > 0 || queueLines(state, waitedMs).length > 0;
  return isStuck ? 0 : (limits.repair.intervalSeconds * 1_000) / state.speed;
}

function activeFaults(state: CloudState): string[] {
  return state.faults.map(({ id, service, effect }) => `the fault ${id} (${service} ${effect}) is still active`);
}

/** One line for each queue that holds a message of at least this age. */
function queueLines(state: CloudState, ageMs: number): string[] {
  return state.regions.flatMap(({ region, queues }) =>
    queues
      .filter((queue) => messagesIn(queue) > 0 && queue.oldestAgeMs >= ageMs && !isDeadLetterQueue(queue.name))
      .map(
        (queue) =>
          `${region} ${queue.name} holds ${messagesIn(queue)} (${queue.inFlight} in flight), ` +
          `the oldest for ${Math.round(queue.oldestAgeMs / 1_000)} s`,
      ),
  );
}

export function messagesIn({ visible, inFlight, delayed }: QueueState): number {
  return visible + inFlight + delayed;
}

function logKeys(cloud: LocalCloud): KeysByRegion {
  return Object.fromEntries(cloud.regions.map((region) => [region, cloud.logKeys(region)]));
}

function keysNotEverywhere(keys: KeysByRegion): readonly string[] {
  const logs = Object.values(keys).map((own) => new Set(own));
  return [...new Set(Object.values(keys).flat())].filter((key) => !logs.every((log) => log.has(key)));
}

function logDifferences(keys: KeysByRegion): string[] {
  const everywhere = new Set(Object.values(keys).flat());
  return Object.entries(keys).flatMap(([region, own]) => {
    const missing = everywhere.size - new Set(own).size;
    return missing === 0 ? [] : [`${region}'s log lacks ${missing} of ${everywhere.size} segments`];
  });
}
