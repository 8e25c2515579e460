import { keeptrack } from './keeptrack.ts';
import { processShell } from './process-shell.ts';
import type { ExitCode } from './shell.ts';

/** The command as a program runs it, with nobody there to be asked: what it said was wrong comes back beside the exit code. */
export async function runUnattended(
  args: readonly string[],
): Promise<{ readonly exitCode: ExitCode; readonly errors: readonly string[] }> {
  const errors: string[] = [];
  const exitCode = await keeptrack(args, {
    ...processShell,
    out: () => {},
    progress: () => {},
    error: (line) => errors.push(line),
    ask: async () => '',
  });
  return { exitCode, errors };
}
