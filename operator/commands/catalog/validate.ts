import type { Command } from 'commander';
import type { CatalogContent } from '../../../core/catalog/catalog.ts';
import { locateProblems } from '../../../core/catalog/locate.ts';
import { makeSnapshot } from '../../../core/catalog/snapshot.ts';
import { validateCatalog } from '../../../core/catalog/validate.ts';
import { plural } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { readUserFile } from '../../cli/read-user-file.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';

export function addCatalogValidate(parent: Command, shell: Shell): void {
  parent
    .command('validate')
    .description('check a catalog file and print every problem (exit code 2 when there is one)')
    .argument('<file>', 'the catalog, in YAML')
    .addHelpText('after', helpNotes(['catalog validate catalog.yaml']))
    .action((file: string, _options: unknown, command: Command) => {
      const content = readCatalogFile(file, shell);
      if (!content) return;
      const { version } = makeSnapshot(content);
      if (command.optsWithGlobals<GlobalOptions>().json) shell.out(JSON.stringify({ file, version }, null, 2));
      else shell.out(`${file}: valid, version ${version}, ${summary(content)}`);
    });
}

function summary({ offers, affiliates, advertisers, creatives }: CatalogContent): string {
  return [
    plural(offers.length, 'offer'),
    plural(affiliates.length, 'affiliate'),
    plural(advertisers.length, 'advertiser'),
    plural(creatives.length, 'creative'),
  ].join(', ');
}

/**
 * The content of a catalog file. When it is not valid, prints every problem, sets exit code 2 and returns undefined.
 */
export function readCatalogFile(file: string, shell: Shell): CatalogContent | undefined {
  const text = readUserFile(file, shell);
  if (text === undefined) return undefined;
  const validated = validateCatalog(text);
  if (validated.kind === 'valid') return validated.content;
  const problems = locateProblems(text, validated.problems);
  return refuse(shell, ...problems, `${file}: ${plural(validated.problems.length, 'problem')}`);
}
