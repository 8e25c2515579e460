import { spawn } from 'node:child_process';
import path from 'node:path';
import type { CommandOutcome, Operate } from './operate.ts';

/** `run`: runs a command in this process. One that is to be killed gets a process of its own. */
export function operateWith(config: string, run: (args: readonly string[]) => ReturnType<Operate>): Operate {
  return (args, killing) => {
    const withConfig = [...args, '--config', config];
    return killing ? runUntilKilled(withConfig, killing) : run(withConfig);
  };
}

/**
 * Runs `keeptrack` in a process of its own until it ends or `signal` kills it. A process that was killed can end nothing
 * well, as on a machine that loses its power.
 */
function runUntilKilled(
  args: readonly string[],
  signal: AbortSignal,
): Promise<CommandOutcome & { readonly output: readonly string[] }> {
  const script = path.resolve(import.meta.dirname, '../bin/keeptrack.ts');
  const child = spawn(process.execPath, [...process.execArgv, script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  const texts: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, by) => {
      signal.removeEventListener('abort', kill);
      const [output, errors] = [linesOf(texts.stdout), linesOf(texts.stderr)];
      resolve({ exitCode: by === 'SIGKILL' ? killedExitCode : (code ?? 1), output, errors });
    });
  });
}

/** Shells report this code for a program that SIGKILL ended: 128 plus the signal's number. */
export const killedExitCode = 137;

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
