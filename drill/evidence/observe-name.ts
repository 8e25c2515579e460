import type { CloudState } from '../../local/handle.ts';

/** The regions that clients of the tracking name may reach from this moment on. */
export interface NameTarget {
  readonly sinceMs: number;
  readonly regions: readonly string[];
}

/** Real time, ms since the epoch; undefined when it never happened. */
interface NameMoments {
  /** The name's answer changed for the first time after the trouble began. */
  readonly shiftedAtMs: number | undefined;
  /** No client held the old answer any more. */
  readonly clientsGoneAtMs: number | undefined;
  /** The name's answer was the first one again, and stayed so. */
  readonly returnedAtMs: number | undefined;
}

export interface NameObserver {
  observe(state: CloudState, nowMs: number): void;
  moments(): NameMoments;
  /** In order of time; each is valid until the next begins. */
  readonly nameTargets: readonly NameTarget[];
}

/** Follows where the tracking name leads: the regions that Route 53 answers, and those that clients still cache. */
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
