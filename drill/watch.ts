import type { Clock } from '../core/ports.ts';
import type { CloudState, LocalCloud } from '../local/handle.ts';
import { isDeadLetterQueue } from './queue-role.ts';
import { messagesIn } from './settle.ts';

/** What can only be seen by looking all the time: when the tracking name moved, and when the backlog was gone. */
export interface Watch {
  /** From now on, what is older than now is backlog. */
  healed(): void;
  /** Ends the watching. Both in the model's time: real time times the cloud's speed. */
  stop(): Promise<{ readonly shiftMs: number | null; readonly drainMs: number | null }>;
}

export interface WatchOptions {
  readonly intervalMs: number;
  /** When the first fault begins, ms since the epoch. */
  readonly troubleAtMs: number;
  look?(state: CloudState): void;
}

export function startWatch(cloud: LocalCloud, clock: Clock, { intervalMs, troubleAtMs, look }: WatchOptions): Watch {
  const { nameAnswers: nameAtStart, speed } = cloud.state();
  let stopped = false;
  let shiftedAtMs: number | undefined;
  let healedAtMs: number | undefined;
  let drainedAtMs: number | undefined;

  function observe(): void {
    const state = cloud.state();
    const nowMs = clock.nowMs();
    if (state.nameAnswers !== nameAtStart) shiftedAtMs ??= nowMs;
    if (healedAtMs !== undefined && !holdsBacklog(state, nowMs - healedAtMs)) drainedAtMs ??= nowMs;
    look?.(state);
  }

  const watching = (async () => {
    while (!stopped) {
      observe();
      await clock.sleep(intervalMs);
    }
  })();

  return {
    healed: () => {
      healedAtMs = clock.nowMs();
      drainedAtMs = undefined;
    },
    stop: async () => {
      observe();
      stopped = true;
      await watching;
      return {
        shiftMs: modelMs(troubleAtMs, shiftedAtMs, speed),
        drainMs: modelMs(healedAtMs, drainedAtMs, speed),
      };
    },
  };
}

function holdsBacklog({ regions }: CloudState, sinceHealedMs: number): boolean {
  return regions
    .flatMap(({ queues }) => queues)
    .some((queue) => !isDeadLetterQueue(queue.name) && messagesIn(queue) > 0 && queue.oldestAgeMs >= sinceHealedMs);
}

function modelMs(fromMs: number | undefined, toMs: number | undefined, speed: number): number | null {
  return fromMs === undefined || toMs === undefined ? null : Math.round((toMs - fromMs) * speed);
}
