import type { DrillCheck } from '../evidence/evidence.ts';
import { actionText } from '../faults/steps.ts';

/** A step that failed has not done what the scenario is about. */
export const stepsDone: DrillCheck = ({ steps }) =>
  steps
    .filter(({ outcome }) => outcome.exitCode !== 0)
    .map(
      ({ action, atMs, outcome }) =>
        `drill: "${actionText(action)}" at ${atMs / 1_000} s ended with ${outcome.exitCode}: ${outcome.errors.join('; ')}`,
    );
