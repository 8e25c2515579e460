import type { Clock } from '../../core/ports.ts';

export interface RefreshParts {
  readonly clock: Clock;
  /** When the first read is due, in ms since the epoch. */
  readonly dueAtMs: number;
  /** Reads, and gives for how many ms the result is good. The result itself stays with the caller. */
  readonly read: () => Promise<number>;
}

/**
 * Reads when a read is due, and never twice at once. Resolves when the read that was due has ended. Age counts from the
 * *beginning* of a read: the environment may freeze in the middle, and the result is then as old as the freeze.
 */
export function createRefresh({ clock, read, ...parts }: RefreshParts): () => Promise<void> {
  let { dueAtMs } = parts;
  let running: Promise<void> | undefined;
  const run = async () => {
    const beganAtMs = clock.nowMs();
    const goodForMs = await read();
    dueAtMs = beganAtMs + goodForMs;
  };
  const refresh = async () => {
    if (running !== undefined) await running;
    if (clock.nowMs() < dueAtMs) return;
    running ??= run().finally(() => {
      running = undefined;
    });
    await running;
  };
  // Nearly every click comes when no read is due.
  return () => (running === undefined && clock.nowMs() < dueAtMs ? done : refresh());
}

const done = Promise.resolve();
