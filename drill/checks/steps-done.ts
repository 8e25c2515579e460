import type { Check } from '../evidence.ts';

/** An operator whose command failed has not done what the scenario is about. */
export const stepsDone: Check = ({ steps }) =>
  steps
    .filter(({ outcome }) => outcome.exitCode !== 0)
    .map(
      ({ command, atMs, outcome }) =>
        `drill: "${command}" at ${atMs / 1_000} s ended with ${outcome.exitCode}: ${outcome.errors.join('; ')}`,
    );
