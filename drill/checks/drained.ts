import type { DrillCheck } from '../evidence/evidence.ts';

/** I4: after healing every queue drains to zero and both logs become equal. */
export const drained: DrillCheck = ({ settlement }) =>
  settlement.kind === 'settled' ? [] : settlement.problems.map((problem) => `I4: it did not settle: ${problem}`);
