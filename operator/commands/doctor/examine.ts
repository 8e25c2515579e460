import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { checkBuckets } from './check-buckets.ts';
import { judgeCatalogs, readCatalogVersion } from './check-catalogs.ts';
import { checkCertificates, checkEarlierCertificates, checkGivenCertificates } from './check-certificates.ts';
import { judgeClock } from './check-clock.ts';
import { judgeConcurrency } from './check-concurrency.ts';
import { checkDoors, checkSecondDoor } from './check-doors.ts';
import { checkFunctions } from './check-functions.ts';
import { checkKeys, checkKeysHeld, judgeBothKeys, readKeys } from './check-keys.ts';
import { checkQueues } from './check-queues.ts';
import { checkQuotas, unreadLines } from './check-quotas.ts';
import { checkRecords } from './check-records.ts';
import { judgeReleases, readReleases, releaseLine } from './check-release.ts';
import { judgeReserved, readReserved } from './check-reserved.ts';
import { checkStacks } from './check-stacks.ts';
import { checkTables } from './check-tables.ts';
import { checkTaken } from './check-taken.ts';
import { checkRequestQuota, checkStage, checkStarts } from './check-throttle.ts';
import { checkTokens } from './check-tokens.ts';
import type { RegionExpectations } from './expectations.ts';
import { type Finding, unreadable } from './finding.ts';
import { type Reached, reach } from './reach-region.ts';
import type { AccountSubject, RegionCheck } from './region-check.ts';

const deployedChecks: readonly RegionCheck[] = [
  ...[checkFunctions, checkQueues, checkBuckets, checkTables, checkKeys],
  ...[checkCertificates, checkGivenCertificates],
  ...[checkStage, checkRequestQuota, checkStarts, checkTokens, checkSecondDoor],
];
const accountChecks = [
  ...[checkStacks, checkTaken, checkDoors, checkSecondDoor, checkKeysHeld],
  ...[checkEarlierCertificates, checkGivenCertificates],
  ...[checkRequestQuota, checkStarts, checkQuotas],
];

/** Examines each region, and then what both must have in common. Findings of the primary come first. */
export async function examine(
  deployment: Deployment,
  expected: ReadonlyMap<string, RegionExpectations>,
  clicksPerSecond: number,
  shell: Shell,
): Promise<readonly Finding[]> {
  const own = await Promise.all(
    [...expected].map(([region, one]) => {
      const subject = { deployment, region, clicksPerSecond, shell, expected: one };
      return examineRegion(subject, one.functions, () => deployedChecks.map((check) => check(subject)));
    }),
  );
  const [catalogs, keys] = await Promise.all([
    Promise.all(answering(own).map((region) => readCatalogVersion(deployment, region))),
    bothKeys(deployment, answering(own)),
  ]);
  return [...own.flatMap(({ findings }) => findings), ...judgeCatalogs(catalogs), ...keys];
}

/** What stands in the account before a deploy. */
export interface AccountReport {
  readonly findings: readonly Finding[];
  /** Facts that nobody has to correct: the age of the release, and what could not be read. */
  readonly notes: readonly string[];
}

/** Examines the account in both regions before a deploy: what the deploy needs and would change. */
export async function examineAccount(
  deployment: Deployment,
  clicksPerSecond: number,
  shell: Shell,
): Promise<AccountReport> {
  const own = await Promise.all(
    deployment.regions.map((region) => {
      const subject = { deployment, region, clicksPerSecond, shell };
      return examineRegion(subject, [], () => accountChecks.map((check) => check(subject)));
    }),
  );
  const { known: releases, unread } = await readReleases(deployment);
  const nowMs = shell.clock.nowMs();
  const deployed = [...releases.map(({ region }) => region), ...unread];
  const [keys, records] = await Promise.all([bothKeys(deployment, answering(own)), checkRecords(deployment, deployed)]);
  return {
    findings: [...own.flatMap(({ findings }) => findings), ...judgeReleases(releases, nowMs), ...keys, ...records],
    notes: [...releases.map((release) => releaseLine(release, nowMs)), ...unreadLines({ deployment })],
  };
}

interface Examined {
  readonly region: string;
  readonly isSilent: boolean;
  readonly findings: readonly Finding[];
}

/**
 * A region that does not answer is one finding, not one for each check. `functions` are those that should be deployed.
 */
async function examineRegion(
  subject: AccountSubject,
  functions: RegionExpectations['functions'],
  look: () => readonly Promise<readonly Finding[]>[],
): Promise<Examined> {
  const { deployment, region } = subject;
  const reached = await reach(deployment, region);
  if (reached.kind === 'failed') {
    return { region, isSilent: true, findings: [unreadable(region, 'AWS', reached.reason)] };
  }
  const first = judgeReached(subject, functions, reached.value);
  const found = await Promise.all([first, ...look()]);
  return { region, isSilent: false, findings: found.flat() };
}

async function judgeReached(
  subject: AccountSubject,
  functions: RegionExpectations['functions'],
  { theirsMs, ...lambda }: Reached,
): Promise<readonly Finding[]> {
  const { deployment, region, clicksPerSecond, shell } = subject;
  const nowMs = shell.clock.nowMs();
  const reserved = await readReserved(deployment, region);
  const facts = { ...lambda, reserved };
  return [
    ...judgeClock(region, theirsMs ?? nowMs, nowMs),
    ...judgeConcurrency(region, deployment.config, facts, clicksPerSecond),
    ...(reserved.kind === 'ok' ? judgeReserved(region, functions, reserved.value) : []),
  ];
}

function answering(examined: readonly Examined[]): readonly string[] {
  return examined.filter(({ isSilent }) => !isSilent).map(({ region }) => region);
}

async function bothKeys(deployment: Deployment, regions: readonly string[]): Promise<readonly Finding[]> {
  const keys = await Promise.all(regions.map((region) => readKeys(deployment, region)));
  return judgeBothKeys(keys.flatMap((answer) => (answer.kind === 'ok' ? [answer.value] : [])));
}
