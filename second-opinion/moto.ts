import { createServer } from 'node:http';
import { join } from 'node:path';
import { anyPort, listen } from '../local/listen.ts';
import { run, runWell, start } from './processes.ts';
import { awsEnvironment, type Workplace } from './workplace.ts';

/** moto's server, which models AWS in memory. */
export interface Moto {
  readonly url: string;
  /** What the models in server/ could not hand to moto, and errors inside the server. One line each, no line twice. */
  complaints(): readonly string[];
  /** Runs the AWS CLI, and returns what it prints. */
  aws(...args: readonly string[]): Promise<string>;
  stop(): void;
}

export interface MotoAccount {
  readonly account: string;
  /** The id of the hosted zone that is made there. */
  readonly zoneId: string;
}

const startMsMax = 60_000;
const pauseMs = 200;

/** Listens on a free port of 127.0.0.1. */
export async function startMoto(workplace: Workplace, { account, zoneId }: MotoAccount): Promise<Moto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lines: string[] = [];
  const server = start(
    {
      file: join(workplace.pythonPrograms, 'python'),
      args: [join(import.meta.dirname, 'server', 'serve.py'), `${port}`, zoneId],
      folder: workplace.folder,
      env: { ...awsEnvironment(workplace.folder, url), MOTO_ACCOUNT_ID: account, PYTHONDONTWRITEBYTECODE: '1' },
    },
    (text) => lines.push(text),
  );
  const moto: Moto = {
    url,
    complaints: () => complaintsIn(lines.join('')),
    async aws(...args) {
      const file = join(workplace.pythonPrograms, 'aws');
      const env = awsEnvironment(workplace.folder, url);
      const { stdout } = await runWell({ file, args, folder: workplace.folder, env, limitMs: 60_000 });
      return stdout.trim();
    },
    stop: () => void server.kill('SIGKILL'),
  };
  const deadlineMs = Date.now() + startMsMax;
  while (!(await answers(url))) {
    if (server.exitCode !== null || Date.now() > deadlineMs) throw new Error(`moto did not start:\n${lines.join('')}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return moto;
}

async function freePort(): Promise<number> {
  const { url, close } = await listen(createServer(), anyPort);
  await close();
  return Number(new URL(url).port);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/moto-api/`)).ok;
  } catch {
    return false;
  }
}

/** From the server's output: what it left out, and the last line of each Python traceback. */
export function complaintsIn(output: string): readonly string[] {
  const leftOut = [...output.matchAll(/^left out: (.*)$/gm)].map(([line]) => line);
  const errors = [...output.matchAll(/^Traceback [\s\S]*?\n(?=\S)(.*)$/gm)].map(
    ([, line = '']) => `error in moto: ${line}`,
  );
  return [...new Set([...leftOut, ...errors])];
}

/** A bucket of versions, as CloudFormation makes it for the log. */
export async function makeBucket(moto: Moto, name: string, region: string): Promise<void> {
  const place = region === 'us-east-1' ? [] : ['--create-bucket-configuration', `LocationConstraint=${region}`];
  await moto.aws('s3api', 'create-bucket', '--region', region, '--bucket', name, ...place);
  const versioned = ['--versioning-configuration', 'Status=Enabled'];
  await moto.aws('s3api', 'put-bucket-versioning', '--region', region, '--bucket', name, ...versioned);
}

/** That the Python files of this folder can be compiled. Throws with the compiler's words. */
export async function checkPython(workplace: Workplace): Promise<void> {
  const file = join(workplace.pythonPrograms, 'python');
  const env = { ...process.env, PYTHONPYCACHEPREFIX: join(workplace.folder, 'compiled') };
  const args = ['-m', 'compileall', '-q', import.meta.dirname];
  const { code, stdout } = await run({ file, args, folder: workplace.folder, env, limitMs: 60_000 });
  if (code !== 0) throw new Error(`a Python file cannot be compiled:\n${stdout}`);
}
