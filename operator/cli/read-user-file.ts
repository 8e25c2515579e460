import type { Shell } from './shell.ts';

/** The text of a file. When it cannot be read, prints the reason, sets exit code 2 and returns undefined. */
export function readUserFile(file: string, shell: Shell): string | undefined {
  try {
    return shell.readFile(file);
  } catch (error) {
    shell.error(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
    shell.exitWith(2);
    return undefined;
  }
}
