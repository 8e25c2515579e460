import { refuse } from './refuse.ts';
import type { Shell } from './shell.ts';

/**
 * Whether the operator typed the region's name, or gave it by `--confirm`. If not, prints that and sets exit code 2.
 */
export async function isConfirmed(
  region: string,
  consequence: string,
  given: string | undefined,
  shell: Shell,
): Promise<boolean> {
  const typed = given ?? (await shell.ask(`${consequence}\nType ${region} to go on: `));
  if (typed === region) return true;
  refuse(
    shell,
    typed === ''
      ? `Nothing was done: the region's name was not typed. In a script, give --confirm ${region}.`
      : `Nothing was done: "${typed}" is not ${region}.`,
  );
  return false;
}

/** Whether the deployment has this region. If not, prints that and sets exit code 2. */
export function isRegion(region: string, regions: readonly string[], shell: Shell): boolean {
  if (regions.includes(region)) return true;
  refuse(shell, `${region}: not a region of this deployment, which has ${regions.join(' and ')}`);
  return false;
}
