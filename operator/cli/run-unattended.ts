import { keeptrack } from './keeptrack.ts';
import { processShell } from './process-shell.ts';
import type { ExitCode, Shell } from './shell.ts';

/** Runs a command without a person to ask, at the time of `clock`. Returns the exit code and the lines that the command printed. */
export async function runUnattended(
  args: readonly string[],
  clock: Shell['clock'] = processShell.clock,
): Promise<{ readonly exitCode: ExitCode; readonly output: readonly string[]; readonly errors: readonly string[] }> {
  const output: string[] = [];
  const errors: string[] = [];
  const exitCode = await keeptrack(args, {
    ...processShell,
    clock,
    out: (line) => output.push(line),
    progress: () => {},
    error: (line) => errors.push(line),
    ask: async () => '',
  });
  return { exitCode, output, errors };
}
