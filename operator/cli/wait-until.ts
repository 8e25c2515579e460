import { limits } from '../../core/limits/limits.ts';
import type { Shell } from './shell.ts';

export type Observation =
  | { readonly kind: 'reached' }
  /** `now` says in words what is observed instead. */
  | { readonly kind: 'not-yet'; readonly now: string };

export type Waited =
  | { readonly kind: 'reached'; readonly afterMs: number }
  | { readonly kind: 'gave-up'; readonly afterMs: number; readonly now: string };

const tellEveryMs = 10_000;

/** Calls `look`, at least once, until the goal is reached or `budgetMs` have passed. Prints progress now and then. */
export async function waitUntil(
  what: string,
  look: () => Promise<Observation>,
  budgetMs: number,
  { clock, progress }: Pick<Shell, 'clock' | 'progress'>,
): Promise<Waited> {
  const startMs = clock.nowMs();
  let toldAtMs = Number.NEGATIVE_INFINITY;
  for (;;) {
    const seen = await look();
    const nowMs = clock.nowMs();
    const afterMs = nowMs - startMs;
    if (seen.kind === 'reached') return { kind: 'reached', afterMs };
    if (afterMs >= budgetMs) return { kind: 'gave-up', afterMs, now: seen.now };
    if (nowMs - toldAtMs >= tellEveryMs) {
      progress(
        `  waiting until ${what}: ${seen.now} (${Math.round(afterMs / 1_000)} of at most ${budgetMs / 1_000} s)`,
      );
      toldAtMs = nowMs;
    }
    await clock.sleep(Math.min(limits.operator.pollMs, budgetMs - afterMs));
  }
}
