import type { Deployment } from '../deployment.ts';
import type { Shell } from '../shell.ts';
import { checkBuckets } from './bucket.ts';
import { judgeCatalogs, readCatalogVersion } from './catalog.ts';
import { checkCertificates } from './certificates.ts';
import { judgeClock } from './clock.ts';
import { judgeConcurrency } from './concurrency.ts';
import type { RegionExpectations } from './expectations.ts';
import { type Finding, unreadable } from './finding.ts';
import { checkFunctions } from './functions.ts';
import { checkKeys, judgeBothKeys, readKeys } from './keys.ts';
import { checkQueues } from './queues.ts';
import { reach } from './reach.ts';
import type { Subject } from './subject.ts';
import { checkTables } from './tables.ts';

const checks = [checkFunctions, checkQueues, checkBuckets, checkTables, checkCertificates, checkKeys];

/** Both regions, each for itself, and then what they must have in common. Findings of the primary come first. */
export async function examine(
  deployment: Deployment,
  expected: ReadonlyMap<string, RegionExpectations>,
  clicksPerSecond: number,
  shell: Shell,
): Promise<readonly Finding[]> {
  const own = await Promise.all(
    [...expected].map(([region, one]) => examineRegion({ deployment, region, expected: one, clicksPerSecond, shell })),
  );
  const common = await examineBoth(
    deployment,
    own.filter(({ isSilent }) => !isSilent).map(({ region }) => region),
  );
  return [...own.flatMap(({ findings }) => findings), ...common];
}

interface Examined {
  readonly region: string;
  readonly isSilent: boolean;
  readonly findings: readonly Finding[];
}

/** A region that does not answer is one finding, not one for each look. */
async function examineRegion(subject: Subject): Promise<Examined> {
  const { deployment, region, clicksPerSecond, shell } = subject;
  const reached = await reach(deployment, region);
  if (reached.kind === 'failed') {
    return { region, isSilent: true, findings: [unreadable(region, 'AWS', reached.reason)] };
  }
  const nowMs = shell.clock.nowMs();
  const found = await Promise.all(checks.map((check) => check(subject)));
  const { theirsMs = nowMs, unreserved } = reached.value;
  const first = [...judgeClock(region, theirsMs, nowMs), ...judgeConcurrency(region, unreserved, clicksPerSecond)];
  return { region, isSilent: false, findings: [...first, ...found.flat()] };
}

async function examineBoth(deployment: Deployment, regions: readonly string[]): Promise<readonly Finding[]> {
  const [catalogs, keys] = await Promise.all([
    Promise.all(regions.map((region) => readCatalogVersion(deployment, region))),
    Promise.all(regions.map((region) => readKeys(deployment, region))),
  ]);
  const held = keys.flatMap((answer) => (answer.kind === 'ok' ? [answer.value] : []));
  return [...judgeCatalogs(catalogs), ...judgeBothKeys(held)];
}
