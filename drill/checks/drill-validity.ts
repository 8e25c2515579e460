import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { faultText } from '../faults/fault-windows.ts';
import { isAcknowledged } from '../load/sent-record.ts';

/** A drill that lost nothing because it tried nothing has not passed. */
export const somethingTried: DrillCheck = (evidence) => [...nothingAcknowledged(evidence), ...nothingStruck(evidence)];

function nothingAcknowledged({ records }: Evidence): string[] {
  if (records.some(isAcknowledged)) return [];
  return [`drill: none of ${records.length} events was acknowledged, so none could be lost`];
}

function nothingStruck({ faults }: Evidence): string[] {
  return faults
    .filter(({ strikes }) => strikes === 0)
    .map(({ fault }) => `drill: a fault struck nothing, so nothing was learnt of it: ${faultText(fault)}`);
}
