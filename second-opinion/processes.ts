import { type ChildProcess, spawn } from 'node:child_process';

/** Programs of this command. Each has a process group of its own, so that ending it ends what it started. */

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Written to its standard input. */
  readonly input?: string;
  readonly limitMs: number;
}

export interface Ended {
  /** null = a signal or the time limit ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const groups = new Set<number>();

/** Ends every program that still runs, at once. The command calls it at its own end, also after Ctrl-C. */
export function endPrograms(): void {
  for (const pid of groups) endGroup(pid);
}

/** Runs a program to its end, or to its time limit. Rejects when it cannot be started. */
export async function run(program: Program): Promise<Ended> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const child = start(program, (text, stream) => (stream === 'stdout' ? stdout : stderr).push(text));
  const timer = setTimeout(() => child.pid && endGroup(child.pid), program.limitMs);
  try {
    const code = await endOf(child);
    return { code, stdout: stdout.join(''), stderr: stderr.join('') };
  } finally {
    clearTimeout(timer);
  }
}

/** The same, for programs that have to succeed: throws an error with the end of what the program said. */
export async function runWell(program: Program): Promise<Ended> {
  const ended = await run(program);
  if (ended.code === 0) return ended;
  const why = ended.code === null ? 'was ended, or ran into its time limit' : `ended with ${ended.code}`;
  const said = `${ended.stdout}\n${ended.stderr}`.trim().split('\n').slice(-15).join('\n');
  throw new Error(`${[program.file, ...program.args].join(' ')} ${why}:\n${said}`);
}

export function start(
  { file, args, folder, env, input }: Omit<Program, 'limitMs'>,
  onOutput: (text: string, stream: 'stdout' | 'stderr') => void,
): ChildProcess {
  const child = spawn(file, args, { cwd: folder, env, detached: true, stdio: 'pipe' });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  child.on('exit', () => pid !== undefined && groups.delete(pid));
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => onOutput(text, stream));
  }
  // A program may end before it has read everything.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return child;
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}
