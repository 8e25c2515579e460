import { readFileSync } from 'node:fs';
import { parseDeployConfig } from '../core/config/deploy-config.ts';
import type { DataFolder } from './data-folder.ts';
import { leaveOutFigures } from './earlier-figures.ts';
import { type SharedDeployment, synthesizeEarlierRelease } from './earlier-release.ts';
import { UserError } from './listen.ts';
import { readAssembly } from './template/read-assembly.ts';
import type { RegionTemplate } from './template/region-template.ts';
import type { ResolveSecret } from './template/stack.ts';

export interface MixedReleases {
  /** Maps a region to the commit of its release. All other regions run the present release. */
  readonly releases: Readonly<Record<string, string>>;
  readonly projectFolder: string;
  readonly configFile: string;
  readonly folder: DataFolder;
  readonly secret: ResolveSecret;
  readonly onProgress: (step: string) => void;
}

/** Returns `present`, with the templates of earlier releases in the regions that run one. */
export async function mixReleases(
  present: readonly RegionTemplate[],
  mixed: MixedReleases,
): Promise<readonly RegionTemplate[]> {
  const templates = new Map(present.map((template) => [template.region, template]));
  for (const [region, commit] of Object.entries(mixed.releases)) {
    templates.set(region, await earlierTemplate(region, commit, mixed));
  }
  return [...templates.values()];
}

async function earlierTemplate(region: string, commit: string, mixed: MixedReleases): Promise<RegionTemplate> {
  mixed.onProgress(`synthesizing the release of ${commit.slice(0, 12)} for ${region}`);
  const assembly = await synthesizeEarlierRelease({
    projectFolder: mixed.projectFolder,
    commit,
    deployment: deploymentIn(mixed.configFile),
    folder: mixed.folder.releaseFolder(`${region}-${commit}`),
  });
  leaveOutFigures(assembly);
  const template = readAssembly(assembly, mixed.secret).find((one) => one.region === region);
  if (template === undefined) throw new UserError(`the release of ${commit} has no stack for ${region}`);
  return template;
}

function deploymentIn(configFile: string): SharedDeployment {
  const parsed = parseDeployConfig(readFileSync(configFile, 'utf8'));
  if (parsed.kind === 'invalid') throw new UserError(parsed.problems.map((one) => `${configFile}: ${one}`).join('\n'));
  return parsed.config;
}
