import { limits } from '../../core/limits/limits.ts';
import type { Clock } from '../../core/ports.ts';
import type { CloudState, LocalCloud, QueueState } from '../../local/handle.ts';
import { isDeadLetterQueue } from './queue-role.ts';

/** The keys of each region's log at the moment when the waiting ended. */
type KeysByRegion = Readonly<Record<string, readonly string[]>>;

interface Rest {
  readonly keys: KeysByRegion;
  /**
   * Keys that some log lacked when the queues were first empty: nobody owed them any more, and only repair would bring
   * them. Empty when the queues never were.
   */
  readonly leftToRepair: readonly string[];
}

export type Settlement =
  | (Rest & { readonly kind: 'settled'; readonly afterMs: number })
  /** `problems`: what still moves or differs, one line each. */
  | (Rest & { readonly kind: 'unsettled'; readonly problems: readonly string[] });

const lookIntervalMs = 100;

/**
 * Waits until nothing is on its way any more: no fault active, every queue empty with nothing in flight, both logs with
 * the same keys. What stood in a queue when the waiting began must be gone within `patienceMs` of real time. When only
 * the logs differ, repair can still help, so the longer of its intervals is waited for too (health checks go on meanwhile,
 * and their probes come and go).
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

/** How much longer to wait because of repair: not at all when something is stuck that repair does not move. */
function repairMs(state: CloudState, waitedMs: number): number {
  const isStuck = state.faults.length > 0 || queueLines(state, waitedMs).length > 0;
  return isStuck ? 0 : (limits.repair.intervalSeconds * 1_000) / state.speed;
}

function activeFaults(state: CloudState): string[] {
  return state.faults.map(({ id, service, effect }) => `the fault ${id} (${service} ${effect}) is still active`);
}

/** Queues that hold a message at least so old. */
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
