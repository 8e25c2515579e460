import type { Shell } from './shell.ts';

/** Prints the user's mistakes, one line each, and sets exit code 2. Callers may return the result. */
export function refuse(
  { error, exitWith }: Pick<Shell, 'error' | 'exitWith'>,
  ...problems: readonly string[]
): undefined {
  for (const problem of problems) error(problem);
  exitWith(2);
  return undefined;
}
