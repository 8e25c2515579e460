import type { EnvironmentCount } from '../figures/merge-events.ts';

/**
 * How many events of an environment were lost on the way to a log. Each event carries its environment, its number there,
 * and how many events of that environment and hour a rung confirmed before it. So the last event tells how many there
 * must be. Events that no rung confirmed are not expected.
 *
 * Two losses stay invisible. The last events of an environment in an hour have no later event that tells of them. And an
 * event whose confirmation got lost, but which is in the log, hides the loss of another event.
 */
export interface SequenceGap {
  readonly region: string;
  readonly env: string;
  /** How many events a rung confirmed and the log lacks. */
  readonly missing: number;
}

interface Sum {
  readonly region: string;
  readonly env: string;
  count: number;
  to: number;
  /** How many events there must be, the last one included. */
  expected: number;
}

/** `environments`: of all minutes of one hour, in any order. The largest gaps come first. */
export function sequenceGaps(environments: Iterable<EnvironmentCount>): readonly SequenceGap[] {
  const sums = new Map<string, Sum>();
  for (const { region, env, count, to, capturedBefore } of environments) {
    const name = `${region}#${env}`;
    const sum = sums.get(name) ?? { region, env, count: 0, to: 0, expected: 0 };
    sums.set(name, sum);
    sum.count += count;
    if (to < sum.to || (to === sum.to && capturedBefore < sum.expected)) continue;
    sum.to = to;
    sum.expected = capturedBefore + 1;
  }
  return [...sums]
    .map(([name, { region, env, count, expected }]) => ({ name, region, env, missing: expected - count }))
    .filter(({ missing }) => missing > 0)
    .sort((one, other) => other.missing - one.missing || (one.name < other.name ? -1 : 1))
    .map(({ region, env, missing }) => ({ region, env, missing }));
}
