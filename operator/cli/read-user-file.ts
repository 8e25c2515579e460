import { refuse } from './refuse.ts';
import type { Shell } from './shell.ts';

/** The text of a file. When it cannot be read, prints the reason, sets exit code 2 and returns undefined. */
export function readUserFile(file: string, shell: Shell): string | undefined {
  try {
    return shell.readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return refuse(shell, `${file}: cannot be read (${code ?? message})`);
  }
}
