import { keeptrack } from './keeptrack.ts';
import { processShell } from './process-shell.ts';
import type { ExitCode } from './shell.ts';

/** Runs a command without a person to ask. Returns the exit code and the errors that the command printed. */
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
