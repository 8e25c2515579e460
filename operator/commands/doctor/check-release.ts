import { functionName, stackName } from '../../../core/config/resource-names.ts';
import { type FunctionPart, functionSettings } from '../../../core/config/settings.ts';
import { limits } from '../../../core/limits/limits.ts';
import { readStack } from '../../clients/deployed-stack.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { readFunctionConfiguration } from '../../clients/function-configuration.ts';
import type { Finding } from './finding.ts';

/** What runs in a region. */
export interface Release {
  readonly region: string;
  readonly updatedAtMs: number;
  /**
   * The hash of a function's code. One release has the same code in both regions: the CDK's CLI zips a folder with fixed
   * dates.
   */
  readonly code: ReadonlyMap<FunctionPart, string>;
}

export interface Releases {
  /** Of the regions that are deployed. */
  readonly known: readonly Release[];
  /** Regions whose stack could not be read, so that nobody knows whether they are deployed. Other checks report them. */
  readonly unread: readonly string[];
}

export async function readReleases(deployment: Deployment): Promise<Releases> {
  const all = await Promise.all(deployment.regions.map((region) => readRelease(deployment, region)));
  return {
    known: all.flatMap((release) => (release === undefined || release === 'unread' ? [] : release)),
    unread: deployment.regions.filter((_, index) => all[index] === 'unread'),
  };
}

async function readRelease(deployment: Deployment, region: string): Promise<Release | 'unread' | undefined> {
  const stack = await readStack(deployment, region, stackName(deployment.config, region));
  if (stack.kind === 'failed') return 'unread';
  if (stack.value === undefined) return undefined;
  const parts = Object.keys(functionSettings) as FunctionPart[];
  const code = await Promise.all(
    parts.map(async (part) => {
      const answer = await readFunctionConfiguration(deployment, region, functionName(deployment.config, part));
      return answer.kind === 'ok' ? [[part, answer.value.codeHash] as const] : [];
    }),
  );
  return { region, updatedAtMs: stack.value.updatedAtMs, code: new Map(code.flat()) };
}

const hourMs = 3_600_000;

/** Two releases side by side are normal during a deploy, and forgotten after it. */
export function judgeReleases(releases: readonly Release[], nowMs: number): readonly Finding[] {
  const [one, other] = releases.toSorted((left, right) => left.updatedAtMs - right.updatedAtMs);
  if (!one || !other) return [];
  const differing = [...one.code]
    .filter(([part, hash]) => (other.code.get(part) ?? hash) !== hash)
    .map(([part]) => part);
  const sinceMs = nowMs - other.updatedAtMs;
  if (differing.length === 0 || sinceMs <= limits.doctor.releasesApartHoursMax * hourMs) return [];
  const found = `other code of ${differing.join(', ')}: ${[one, other].map((release) => releaseLine(release, nowMs)).join('; ')}`;
  const todo = `deploy ${one.region}, or the release before in ${other.region}`;
  return [{ region: 'both', what: 'release', expected: 'the same code in both regions', found, todo }];
}

/** For example `us-east-1 was deployed on 2026-11-19, 12 days ago`. */
export function releaseLine({ region, updatedAtMs }: Pick<Release, 'region' | 'updatedAtMs'>, nowMs: number): string {
  const days = Math.floor((nowMs - updatedAtMs) / (24 * hourMs));
  const ago = days === 1 ? '1 day' : `${days} days`;
  return `${region} was deployed on ${new Date(updatedAtMs).toISOString().slice(0, 10)}, ${ago} ago`;
}
