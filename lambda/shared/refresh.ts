import type { Clock } from '../../core/ports.ts';

export interface RefreshParts {
  readonly clock: Clock;
  /** When the first read is due, ms since the epoch. */
  readonly dueAtMs: number;
  /** Gives for how long what it brought is good, ms; brings nothing back itself. */
  readonly read: () => Promise<number>;
}

/**
 * Reads what is due, and never a second time while one read runs; resolves when what was due when it was asked has
 * ended. How old something is counts from when its read *began*: an environment may have been frozen in the middle, and
 * what then comes out is as old as the freeze.
 */
export function createRefresh({ clock, read, ...parts }: RefreshParts): () => Promise<void> {
  let { dueAtMs } = parts;
  let running: Promise<void> | undefined;
  const run = async () => {
    const beganAtMs = clock.nowMs();
    const goodForMs = await read();
    dueAtMs = beganAtMs + goodForMs;
  };
  return async () => {
    if (running !== undefined) await running;
    if (clock.nowMs() < dueAtMs) return;
    running ??= run().finally(() => {
      running = undefined;
    });
    await running;
  };
}
