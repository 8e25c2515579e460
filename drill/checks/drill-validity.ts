import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { faultText } from '../faults/fault-windows.ts';
import { actionText } from '../faults/steps.ts';
import { isAcknowledged } from '../load/sent-record.ts';

/** A drill proves nothing when no event could be lost, when a fault had no effect, or when a step failed. */
export const drillValidity: DrillCheck = (evidence) => [
  ...nothingAcknowledged(evidence),
  ...faultsWithoutEffect(evidence),
  ...failedSteps(evidence),
];

function nothingAcknowledged({ records }: Evidence): string[] {
  if (records.some(isAcknowledged)) return [];
  return [`drill: none of ${records.length} events was acknowledged, so none could be lost`];
}

function faultsWithoutEffect({ faults }: Evidence): string[] {
  return faults
    .filter(({ strikes }) => strikes === 0)
    .map(({ fault }) => `drill: a fault struck nothing, so it proves nothing: ${faultText(fault)}`);
}

function failedSteps({ steps }: Evidence): string[] {
  return steps
    .filter(({ outcome }) => outcome.exitCode !== 0)
    .map(
      ({ action, atMs, outcome }) =>
        `drill: "${actionText(action)}" at ${atMs / 1_000} s ended with ${outcome.exitCode}: ${outcome.errors.join('; ')}`,
    );
}
