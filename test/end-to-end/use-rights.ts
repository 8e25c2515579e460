import { grantRows, nameOf } from '../../drill/grants.ts';
import type { Fault } from '../../local/fault/fault.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { click, eventually, send } from './cloud-under-test.ts';

/** Which rights of the functions were used in a cloud, and load until they are. */

/** Rights that nothing has used yet, as `track s3:PutObject home's log/*`. */
export function unusedRights(cloud: LocalCloud): readonly string[] {
  return grantRows(cloud.grants(), cloud.regions)
    .filter(({ used }) => used === 0)
    .map(nameOf);
}

/** As long as `load` takes. */
export async function during(cloud: LocalCloud, faults: readonly Fault[], load: () => Promise<void>): Promise<void> {
  const ids = faults.map((fault) => cloud.addFault(fault).id);
  await load();
  for (const id of ids) cloud.removeFault(id);
}

export async function loadUntilUsed(cloud: LocalCloud, rights: RegExp): Promise<void> {
  await eventually(`${rights} is used`, async () => {
    await load(cloud);
    return areUsed(cloud, rights);
  });
}

export function areUsed(cloud: LocalCloud, rights: RegExp): boolean {
  return !unusedRights(cloud).some((name) => rights.test(name));
}

/** A click and a conversion of nobody's in each region. */
export async function load(cloud: LocalCloud): Promise<void> {
  for (const region of cloud.regions) {
    await click(cloud.urls.region[region] ?? '');
    await send(`${cloud.urls.region[region]}/aff_lsr?transaction_id=unknown`);
  }
}
