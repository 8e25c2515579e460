import type { Clock } from '../../core/ports.ts';
import type { CloudState, LocalCloud } from '../../local/handle.ts';
import { type NameTarget, observeName } from './observe-name.ts';
import { isDeadLetterQueue, isIntakeQueue } from './queue-role.ts';
import { messagesIn } from './settle.ts';

/**
 * Looks at the cloud several times a second, to see where the tracking name leads, how much piles up, and when the
 * backlog is gone.
 */
export interface CloudObserver {
  readonly nameTargets: readonly NameTarget[];
  /** From now on, messages that are older than this moment are the backlog. */
  healed(): void;
  /** Ends the observation. */
  stop(): Promise<Observed>;
}

/** Durations are in model time: real time multiplied by the cloud's speed. `null` when it never happened. */
export interface Observed {
  readonly shiftMs: number | null;
  readonly clientsShiftMs: number | null;
  readonly returnMs: number | null;
  readonly drainMs: number | null;
  /** The most messages of one intake queue at one look, in flight or not. */
  readonly intakeMessagesMax: number;
}

export interface ObserverOptions {
  readonly intervalMs: number;
  /** When the first fault begins, ms since the epoch. */
  readonly troubleAtMs: number;
  look?(state: CloudState): void;
}

export function observeCloud(cloud: LocalCloud, clock: Clock, options: ObserverOptions): CloudObserver {
  const { intervalMs, troubleAtMs, look } = options;
  const before = cloud.state();
  const name = observeName(before, troubleAtMs);
  let stopped = false;
  let healedAtMs: number | undefined;
  let drainedAtMs: number | undefined;
  let intakeMessagesMax = 0;

  function observe(): void {
    const state = cloud.state();
    const nowMs = clock.nowMs();
    name.observe(state, nowMs);
    if (healedAtMs !== undefined && !holdsBacklog(state, nowMs - healedAtMs)) drainedAtMs ??= nowMs;
    intakeMessagesMax = Math.max(intakeMessagesMax, ...intakeMessages(state));
    look?.(state);
  }

  const observing = (async () => {
    while (!stopped) {
      observe();
      await clock.sleep(intervalMs);
    }
  })();

  return {
    nameTargets: name.nameTargets,
    healed: () => {
      healedAtMs = clock.nowMs();
      drainedAtMs = undefined;
    },
    stop: async () => {
      observe();
      stopped = true;
      await observing;
      const { shiftedAtMs, clientsGoneAtMs, returnedAtMs } = name.moments();
      const modelMs = (fromMs: number | undefined, toMs: number | undefined) =>
        fromMs === undefined || toMs === undefined ? null : Math.round((toMs - fromMs) * before.speed);
      return {
        shiftMs: modelMs(troubleAtMs, shiftedAtMs),
        clientsShiftMs: modelMs(troubleAtMs, clientsGoneAtMs),
        returnMs: modelMs(healedAtMs, returnedAtMs),
        drainMs: modelMs(healedAtMs, drainedAtMs),
        intakeMessagesMax,
      };
    },
  };
}

function intakeMessages({ regions }: CloudState): readonly number[] {
  return regions.flatMap(({ queues }) => queues.filter(({ name }) => isIntakeQueue(name)).map(messagesIn));
}

function holdsBacklog({ regions }: CloudState, sinceHealedMs: number): boolean {
  return regions
    .flatMap(({ queues }) => queues)
    .some((queue) => !isDeadLetterQueue(queue.name) && messagesIn(queue) > 0 && queue.oldestAgeMs >= sinceHealedMs);
}
