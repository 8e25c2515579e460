import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../local/listen.ts';
import { type Ended, runWell } from './processes.ts';

/** What the steps share: folders, the Python programs, and a place to say how far they are. */
export interface Workplace {
  /** Removed at the end. */
  readonly folder: string;
  /** Where the virtual environment has its programs. */
  readonly pythonPrograms: string;
  readonly dynamodbLocal: string | undefined;
  readonly progress: (text: string) => void;
}

export const projectFolder = join(import.meta.dirname, '..');
/** Ignored by git. It is kept from run to run, because an installation takes half a minute. */
const pythonFolder = join(projectFolder, '.keeptrack', 'second-opinion', 'python');
const requirements = join(import.meta.dirname, 'requirements.txt');
const minuteMs = 60_000;

export function openFolder(): string {
  return mkdtempSync(join(tmpdir(), 'keeptrack-second-opinion-'));
}

/** Installs the pinned programs, unless the same ones are installed. Returns the folder with the programs. */
export async function installPython(python: string, progress: (text: string) => void): Promise<string> {
  const programs = join(pythonFolder, 'bin');
  const stamp = join(pythonFolder, 'installed');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return programs;
  progress(`installing ${requirements} into ${pythonFolder}`);
  rmSync(pythonFolder, { recursive: true, force: true });
  mkdirSync(pythonFolder, { recursive: true });
  const common = { folder: projectFolder, env: process.env };
  await makeEnvironment({ ...common, file: python, args: ['-m', 'venv', pythonFolder], limitMs: 2 * minuteMs });
  const args = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--requirement', requirements];
  await runWell({ ...common, file: join(programs, 'python'), args, limitMs: 10 * minuteMs });
  writeFileSync(stamp, wanted);
  return programs;
}

async function makeEnvironment(program: Parameters<typeof runWell>[0]): Promise<Ended> {
  try {
    return await runWell(program);
  } catch (error) {
    throw new UserError(
      `no virtual environment: ${(error as Error).message}\nPython 3.11 or newer is needed, with venv`,
    );
  }
}

/**
 * The variables of programs that call AWS. Nothing of the user's own settings is left, so no program can reach an
 * account. Without `endpoint` a call leads to a port on which nobody listens.
 */
export function awsEnvironment(workFolder: string, endpoint = 'http://127.0.0.1:9'): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK|CONTRACT|KEEPTRACK)_/.test(name));
  return {
    ...Object.fromEntries(own),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'second-opinion',
    AWS_SECRET_ACCESS_KEY: 'second-opinion',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: join(workFolder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(workFolder, 'no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    NODE_NO_WARNINGS: '1',
  };
}
