import type { CatalogContent } from '../../../core/catalog/catalog.ts';
import { locateProblems } from '../../../core/catalog/locate.ts';
import { validateCatalog } from '../../../core/catalog/validate.ts';
import { counted } from '../../cli/counted.ts';
import type { Shell } from '../../cli/shell.ts';
import { readUserFile } from '../../cli/user-file.ts';

/** A valid catalog file's content; undefined after every problem was printed and the exit code set to 2. */
export function readCatalogFile(file: string, shell: Shell): CatalogContent | undefined {
  const text = readUserFile(file, shell);
  if (text === undefined) return undefined;
  const validated = validateCatalog(text);
  if (validated.kind === 'valid') return validated.content;
  for (const problem of locateProblems(text, validated.problems)) shell.error(problem);
  shell.error(`${file}: ${counted(validated.problems.length, 'problem')}`);
  shell.exitWith(2);
  return undefined;
}
