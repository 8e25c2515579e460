import type { Command } from 'commander';
import { utcText } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { tableLines } from '../../cli/text-table.ts';
import { allPublications, type CatalogCopy, withCatalogCopies } from '../../clients/catalog-copies.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { notesOn } from './diff.ts';

export function addCatalogHistory(parent: Command, shell: Shell): void {
  parent
    .command('history')
    .description('show who published which catalog, and when (exit code 1 when a region could not be read)')
    .addHelpText('after', helpNotes(['catalog history']))
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const deployment = await openDeployment(options, shell);
      if (!deployment) return;
      await withCatalogCopies(deployment, async (copies) => tell(copies, options, shell));
    });
}

function tell(copies: readonly CatalogCopy[], { json }: GlobalOptions, shell: Shell): void {
  const publications = allPublications(copies).toReversed();
  const inForce = copies.map((copy) => ({
    region: copy.region,
    version: copy.kind === 'read' ? (copy.held.current?.version ?? null) : null,
  }));
  for (const note of notesOn(copies)) shell.error(note);
  if (copies.some(({ kind }) => kind === 'unreadable')) shell.exitWith(1);
  if (json) {
    shell.out(JSON.stringify({ inForce, publications }, null, 2));
    return;
  }
  for (const { region, version } of inForce)
    shell.out(`${region}: ${version ? `version ${version}` : 'nothing is known'}`);
  if (publications.length === 0) return;
  const rows = publications.map(({ atMs, by, version, replaces = '', overwrote }) => [
    ...[utcText(atMs), by, version, replaces],
    overwrote ? 'overwritten unseen' : '',
  ]);
  for (const line of tableLines([['published', 'by', 'version', 'replaced', ''], ...rows])) shell.out(line);
}
