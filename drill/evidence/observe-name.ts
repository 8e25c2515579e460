import type { CloudState } from '../../local/handle.ts';

/** To which regions some client of the tracking name may have gone, from a moment on. */
export interface NameTarget {
  readonly sinceMs: number;
  readonly regions: readonly string[];
}

/** Real time, ms since the epoch; undefined = it never happened. */
interface NameMoments {
  /** New queries led elsewhere for the first time after the trouble began. */
  readonly shiftedAtMs: number | undefined;
  /** From then on no client held the old answer any more. */
  readonly clientsGoneAtMs: number | undefined;
  /** New queries led back to where they led in the beginning, for good. */
  readonly returnedAtMs: number | undefined;
}

export interface NameObserver {
  observe(state: CloudState, nowMs: number): void;
  moments(): NameMoments;
  /** In order; each holds until the next begins. */
  readonly nameTargets: readonly NameTarget[];
}

/** Follows where the tracking name nameTargets: by what Route 53 answers, and by the answers that clients still hold. */
export function observeName(before: CloudState, troubleAtMs: number): NameObserver {
  const home = before.nameAnswers;
  const nameTargets: NameTarget[] = [];
  let shiftedAtMs: number | undefined;
  let clientsGoneAtMs: number | undefined;
  let returnedAtMs: number | undefined;

  function observe(state: CloudState, nowMs: number): void {
    const regions = regionsLedTo(state);
    if (regions.join() !== nameTargets.at(-1)?.regions.join()) nameTargets.push({ sinceMs: nowMs, regions });
    if (nowMs < troubleAtMs) return;
    if (state.nameAnswers !== home) {
      shiftedAtMs ??= nowMs;
      returnedAtMs = undefined;
      if (!regions.includes(home)) clientsGoneAtMs ??= nowMs;
    } else if (shiftedAtMs !== undefined) {
      returnedAtMs ??= nowMs;
    }
  }

  return { observe, moments: () => ({ shiftedAtMs, clientsGoneAtMs, returnedAtMs }), nameTargets };
}

function regionsLedTo({ name: { answers, clients } }: CloudState): string[] {
  const held = Object.keys(clients.holding).filter((region) => (clients.holding[region] ?? 0) > 0);
  return [...new Set([...answers.map(({ region }) => region), ...held])].sort();
}
