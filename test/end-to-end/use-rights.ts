import { grantName, grantRows } from '../../drill/evidence/grants.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { click, eventually, send } from './cloud-under-test.ts';

/** Which rights of the functions were used in a cloud. */

/** Rights that nothing has used yet, as `track s3:PutObject home's log/*`. */
export function unusedRights(cloud: LocalCloud): readonly string[] {
  return grantRows(cloud.grants(), cloud.regions)
    .filter(({ used }) => used === 0)
    .map(grantName);
}

/** As long as the work takes. */
export async function during(cloud: LocalCloud, faults: readonly Fault[], work: () => Promise<void>): Promise<void> {
  const ids = faults.map((fault) => cloud.addFault(fault).id);
  await work();
  for (const id of ids) cloud.removeFault(id);
}

/** Throws, naming those that are left, unless all of these rights are used by now. */
export function assertUsed(cloud: LocalCloud, rights: RegExp): void {
  const left = unusedRights(cloud).filter((name) => rights.test(name));
  if (left.length > 0) throw new Error(`still not used: ${left.join(', ')}`);
}

/** For what an environment does by the clock: how often it reads a switch, how long it leaves a rung alone. */
export async function untilUsed(cloud: LocalCloud, rights: RegExp, work: () => Promise<void>): Promise<void> {
  await eventually(`${rights} is used`, async () => {
    await work();
    return !unusedRights(cloud).some((name) => rights.test(name));
  });
}

/** A click and a conversion of nobody's in each region. */
export async function load(cloud: LocalCloud): Promise<void> {
  for (const region of cloud.regions) {
    await click(cloud.urls.region[region] ?? '');
    await send(`${cloud.urls.region[region]}/aff_lsr?transaction_id=unknown`);
  }
}
