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
import { openDeployment } from '../../clients/deployment.ts';
import { keyWarnings } from './check-keys.ts';

interface ValidateOptions extends GlobalOptions {
  readonly strict?: true;
  readonly keys?: true;
}

export function addCatalogValidate(parent: Command, shell: Shell): void {
  parent
    .command('validate')
    .description('check a catalog file and print every problem (exit code 2) and every warning (exit code 0)')
    .argument('<file>', 'the catalog, in YAML')
    .option('--strict', 'a warning is a problem too')
    .option('--keys', 'also ask the deployment whether a signing key was retired before the longest session was over')
    .addHelpText('after', helpNotes(['catalog validate catalog.yaml', 'catalog validate catalog.yaml --strict']))
    .action((file: string, _options: unknown, command: Command) =>
      validate(file, command.optsWithGlobals<ValidateOptions>(), shell),
    );
}

async function validate(file: string, options: ValidateOptions, shell: Shell): Promise<void> {
  const read = readCatalog(file, shell);
  const deployment = read && options.keys && (await openDeployment(options, shell));
  if (!read || (options.keys && !deployment)) return;
  const { content } = read;
  const warnings = [...read.warnings, ...(deployment ? await keyWarnings(content, deployment, shell) : [])];
  if (options.strict && warnings.length > 0) {
    refuse(shell, ...warnings, `${file}: ${plural(warnings.length, 'warning')}`);
    return;
  }
  tellWarnings(warnings, shell);
  const { version } = makeSnapshot(content);
  if (options.json) shell.out(JSON.stringify({ file, version, warnings }, null, 2));
  else shell.out(`${file}: valid, version ${version}, ${summary(content)}`);
}

function summary(content: CatalogContent): string {
  const { offers, affiliates, advertisers, creatives } = content;
  const { affiliate_terms: terms = [], postbacks = [], alerts = [] } = content;
  return [
    plural(offers.length, 'offer'),
    plural(affiliates.length, 'affiliate'),
    plural(advertisers.length, 'advertiser'),
    plural(creatives.length, 'creative'),
    ...(terms.length > 0 ? [`${terms.length} terms of affiliates`] : []),
    ...(postbacks.length > 0 ? [plural(postbacks.length, 'postback')] : []),
    ...(alerts.length > 0 ? [plural(alerts.length, 'alert')] : []),
  ].join(', ');
}

/**
 * The content of a catalog file, after its warnings. When it is not valid, prints every problem, sets exit code 2 and
 * returns undefined.
 */
export function readCatalogFile(file: string, shell: Shell): CatalogContent | undefined {
  const read = readCatalog(file, shell);
  tellWarnings(read?.warnings ?? [], shell);
  return read?.content;
}

function tellWarnings(warnings: readonly string[], shell: Shell): void {
  for (const warning of warnings) shell.error(`warning: ${warning}`);
}

function readCatalog(file: string, shell: Shell) {
  const text = readUserFile(file, shell);
  if (text === undefined) return undefined;
  const validated = validateCatalog(text);
  if (validated.kind === 'valid')
    return { content: validated.content, warnings: locateProblems(text, validated.warnings) };
  const problems = locateProblems(text, validated.problems);
  return refuse(shell, ...problems, `${file}: ${plural(validated.problems.length, 'problem')}`);
}
