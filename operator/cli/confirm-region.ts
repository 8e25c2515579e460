import type { Shell } from './shell.ts';

/**
 * Whether the person means this region: its name is typed, or given by `--confirm`. Otherwise that is said and the exit
 * code is 2.
 */
export async function isConfirmed(
  region: string,
  consequence: string,
  given: string | undefined,
  shell: Shell,
): Promise<boolean> {
  const typed = given ?? (await shell.ask(`${consequence}\nType ${region} to go on: `));
  if (typed === region) return true;
  shell.error(
    typed === ''
      ? `Nothing was done: the region's name was not typed. In a script, give --confirm ${region}.`
      : `Nothing was done: "${typed}" is not ${region}.`,
  );
  shell.exitWith(2);
  return false;
}

/** Whether the deployment has this region; otherwise that is said and the exit code is 2. */
export function isRegion(region: string, regions: readonly string[], shell: Shell): boolean {
  if (regions.includes(region)) return true;
  shell.error(`${region}: not a region of this deployment, which has ${regions.join(' and ')}`);
  shell.exitWith(2);
  return false;
}
