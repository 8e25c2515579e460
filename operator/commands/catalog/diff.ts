import type { Command } from 'commander';
import type { CatalogContent } from '../../../core/catalog/catalog.ts';
import { type CatalogChange, changeText, diffCatalogs } from '../../../core/catalog/diff.ts';
import { makeSnapshot } from '../../../core/catalog/snapshot.ts';
import { plural, utcText } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { visibleInLine } from '../../cli/visible-text.ts';
import {
  allPublications,
  type CatalogCopy,
  type HeldCatalog,
  withCatalogCopies,
} from '../../clients/catalog-copies.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { readCatalogFile } from './validate.ts';

export function addCatalogDiff(parent: Command, shell: Shell): void {
  parent
    .command('diff')
    .description('say what publishing a catalog file would change (exit code 1 when no region could be read)')
    .argument('<file>', 'the catalog, in YAML')
    .addHelpText('after', helpNotes(['catalog diff catalog.yaml']))
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const content = readCatalogFile(file, shell);
      const deployment = content && (await openDeployment(options, shell));
      if (!content || !deployment) return;
      await withCatalogCopies(deployment, async (copies) => tellChanges(file, content, copies, options, shell));
    });
}

function tellChanges(
  file: string,
  content: CatalogContent,
  copies: readonly CatalogCopy[],
  { json }: GlobalOptions,
  shell: Shell,
): void {
  for (const note of notesOn(copies)) shell.error(note);
  if (copies.every(({ kind }) => kind === 'unreadable')) {
    shell.exitWith(1);
    return;
  }
  const published = latestCatalog(copies);
  const changes = diffCatalogs(published?.content, content, shell.clock.nowMs());
  const { version } = makeSnapshot(content);
  if (json) {
    shell.out(JSON.stringify({ published: published?.version ?? null, version, changes }, null, 2));
    return;
  }
  shell.out(
    `${published ? `version ${published.version} is published` : 'nothing is published yet'}; ${file} is version ${version}`,
  );
  for (const line of changeLines(changes)) shell.out(line);
}

/** `countMax`: further changes are only counted. */
export function changeLines(changes: readonly CatalogChange[], countMax = Number.POSITIVE_INFINITY): readonly string[] {
  if (changes.length === 0) return ['nothing would change'];
  const more = changes.length - countMax;
  return [
    ...changes.slice(0, countMax).map((change) => visibleInLine(changeText(change))),
    ...(more > 0 ? [`and ${plural(more, 'more change')}: catalog diff shows all`] : []),
  ];
}

/** The catalog that was published last. The regions differ when one was down. Undefined when there is none. */
export function latestCatalog(copies: readonly CatalogCopy[]): HeldCatalog['current'] {
  const currents = copies.flatMap((copy) => (copy.kind === 'read' && copy.held.current) || []);
  const publications = allPublications(copies);
  const placeOf = (version: string) => publications.findLastIndex((one) => one.version === version);
  return currents.toSorted((one, other) => placeOf(other.version) - placeOf(one.version))[0];
}

/** What an operator should know about the copies before a catalog is published. */
export function notesOn(copies: readonly CatalogCopy[]): readonly string[] {
  const publications = allPublications(copies);
  const versions = copies.map((copy) => (copy.kind === 'read' ? copy.held.current?.version : undefined));
  const differ = new Set(versions.filter((version) => version !== undefined)).size > 1;
  return copies.flatMap((copy, index) => {
    if (copy.kind === 'unreadable') return [`${copy.region}: its catalog cannot be read (${copy.reason})`];
    const version = versions[index];
    if (version === undefined && copy.held.catalogEtag !== undefined)
      return [`${copy.region}: its published catalog is damaged; publishing replaces it`];
    if (!differ || version === undefined) return [];
    const last = publications.findLast((one) => one.version === version);
    const who = last ? `, published by ${last.by} at ${utcText(last.atMs)}` : '';
    return [`${copy.region}: has version ${version}${who}; the regions differ`];
  });
}
