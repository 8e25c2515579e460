import type { LocalCloud } from '../../local/handle.ts';
import type { Operate } from '../operate.ts';
import { ledgerOf } from './region-figures.ts';

/** The outcome of the operator's command for one hour. */
export interface ReconcileOutcome {
  readonly command: string;
  readonly exitCode: number;
  readonly errors: readonly string[];
}

/** Runs `keeptrack reconcile` for these hours, in the regions that make figures. */
export async function reconcile(
  cloud: LocalCloud,
  hours: readonly string[],
  operate: Operate,
): Promise<readonly ReconcileOutcome[]> {
  const regions = cloud.regions.filter((region) => ledgerOf(cloud, region) !== undefined);
  const only = regions.length === cloud.regions.length ? [''] : regions.map((region) => ` --region ${region}`);
  const commands = hours.flatMap((hour) =>
    only.map((place) => `reconcile --from ${hour} --to ${hour} --time-zone UTC${place}`),
  );
  const reconciled: ReconcileOutcome[] = [];
  for (const command of commands) {
    const { exitCode, errors } = await operate([...command.split(' '), '--local', cloud.urls.console]);
    reconciled.push({ command, exitCode, errors });
  }
  return reconciled;
}
