import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { UserError } from './listen.ts';
import { synthesize } from './synthesize.ts';

/** What both releases must agree on, or their regions would not find each other. */
export interface SharedDeployment {
  readonly name: string;
  readonly account: string;
  readonly regions: readonly string[];
}

export interface EarlierRelease {
  readonly projectFolder: string;
  readonly commit: string;
  readonly deployment: SharedDeployment;
  /** Where the release is unpacked; nothing stands there yet. */
  readonly folder: string;
}

const configName = 'keeptrack.config.json';

/**
 * Synthesizes the app as it was at a commit of this project's history, and gives the folder of the assembly. Its code
 * and its config are those of the commit, but for the names that both regions share; its libraries are the ones that
 * are installed now. Throws a UserError when there is no such commit here.
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

/** Why the app as it was at `commit` cannot be run here, in one line; undefined when it can. */
export async function lackOf(commit: string, projectFolder: string): Promise<string | undefined> {
  try {
    await git(projectFolder, ['cat-file', '-e', `${commit}^{commit}`]);
    return undefined;
  } catch {
    return (
      `there is no commit ${commit} here, so that the release before this one cannot be run: this needs git and a clone ` +
      'with its whole history (git fetch --unshallow)'
    );
  }
}

/** By an index of its own, so that whatever is staged or changed in the project stays as it is. */
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
