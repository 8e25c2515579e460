import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { UserError } from './listen.ts';
import { synthesize } from './synthesize.ts';

/** The settings that both releases must share, so that their regions find each other. */
export interface SharedDeployment {
  readonly name: string;
  readonly account: string;
  readonly regions: readonly string[];
}

export interface EarlierRelease {
  readonly projectFolder: string;
  readonly commit: string;
  readonly deployment: SharedDeployment;
  /** The release is unpacked here; nothing may exist at this path. */
  readonly folder: string;
}

const configName = 'keeptrack.config.json';

/**
 * Synthesizes the app of an earlier commit, and returns the folder of the assembly. Code and config come from the
 * commit, except for the names that both regions share. The libraries are the ones that are installed now. Throws a
 * UserError when the commit is missing here.
 */
export async function synthesizeEarlierRelease(release: EarlierRelease): Promise<string> {
  const { projectFolder, folder } = release;
  const sources = path.join(folder, 'sources');
  mkdirSync(sources, { recursive: true });
  await unpack(release, sources);
  symlinkSync(path.join(projectFolder, 'node_modules'), path.join(sources, 'node_modules'), 'dir');
  writeConfig(sources, release.deployment);
  const output = path.join(folder, 'cloud.out');
  await synthesize(sources, path.join(sources, configName), output);
  return output;
}

/** Why this machine cannot run the app of `commit`, in one line; undefined when it can. */
export async function lackOf(commit: string, projectFolder: string): Promise<string | undefined> {
  try {
    await git(projectFolder, ['cat-file', '-e', `${commit}^{commit}`]);
    return undefined;
  } catch {
    return (
      `there is no commit ${commit} here, so the earlier release cannot run: ` +
      'install git and fetch the whole history (git fetch --unshallow)'
    );
  }
}

/** Uses its own index, so that staged and changed files of the project stay as they are. */
async function unpack({ projectFolder, commit, folder }: EarlierRelease, sources: string): Promise<void> {
  const lack = await lackOf(commit, projectFolder);
  if (lack !== undefined) throw new UserError(lack);
  const ownIndex = { GIT_INDEX_FILE: path.join(folder, 'index') };
  await git(projectFolder, ['read-tree', commit], ownIndex);
  await git(projectFolder, ['checkout-index', '--all', `--prefix=${sources}${path.sep}`], ownIndex);
}

function git(folder: string, parameters: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return promisify(execFile)('git', parameters, { cwd: folder, env: { ...process.env, ...environment } });
}

function writeConfig(sources: string, { name, account, regions }: SharedDeployment): void {
  const file = path.join(sources, configName);
  const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...config, name, account, regions }));
}
