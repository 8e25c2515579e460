import type { Shell } from './shell.ts';

/** A file's text; undefined after the reason was printed and the exit code set to 2. */
export function readUserFile(file: string, shell: Shell): string | undefined {
  try {
    return shell.readFile(file);
  } catch (error) {
    shell.error(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
    shell.exitWith(2);
    return undefined;
  }
}
