import type { DrillCheck } from '../evidence/evidence.ts';

/** I5, as operators find out about it: the command that compares figures with the log has nothing to say. */
export const reconcileAgrees: DrillCheck = ({ reconciled }) =>
  reconciled
    .filter(({ exitCode }) => exitCode !== 0)
    .map(({ command, exitCode, errors }) =>
      [`I5: "keeptrack ${command}" ended with ${exitCode}`, ...errors].join('; '),
    );
