import type { Command } from 'commander';
import type { CatalogContent } from '../../../core/catalog/catalog.ts';
import { diffCatalogs } from '../../../core/catalog/diff.ts';
import { mergedPublications, type Publication } from '../../../core/catalog/publications.ts';
import { makeSnapshot, type Snapshot } from '../../../core/catalog/snapshot.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { allPublications, type CatalogCopy, type Published, withCatalogCopies } from '../../clients/catalog-copies.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { changeLines, latestCatalog, notesOn } from './diff.ts';
import { readCatalogFile } from './validate.ts';

interface PublishOptions extends GlobalOptions {
  readonly yes?: true;
  readonly overwrite?: true;
}

export function addCatalogPublish(parent: Command, shell: Shell): void {
  parent
    .command('publish')
    .description('show what changes, ask, and publish in both regions (exit code 1 when one did not take the catalog)')
    .argument('<file>', 'the catalog, in YAML')
    .option('--yes', 'do not ask')
    .option('--overwrite', 'in an emergency: publish even where the present catalog cannot be read or has just changed')
    .addHelpText('after', helpNotes(['catalog publish catalog.yaml', 'catalog publish catalog.yaml --yes']))
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<PublishOptions>();
      const content = readCatalogFile(file, shell);
      const snapshot = content && makeSnapshot(content);
      if (!snapshot || !fits(snapshot, shell)) return;
      const deployment = await openDeployment(options, shell);
      if (!deployment) return;
      await withCatalogCopies(deployment, async (copies, publishTo) => {
        if (!(await isWanted(content, copies, options, shell))) return;
        const publications = publicationsAfter(snapshot, copies, options, shell);
        const results = await publishInTurn(copies, options, snapshot, (copy) =>
          publishTo(copy.region, snapshot, publications, options.overwrite ? undefined : heldOf(copy)),
        );
        tellResults(snapshot, results, options, shell);
      });
    });
}

/** Shows the changes, and asks when there are any to what is published. Without a yes, exit code 2. */
async function isWanted(
  content: CatalogContent,
  copies: readonly CatalogCopy[],
  { yes }: PublishOptions,
  shell: Shell,
): Promise<boolean> {
  for (const note of notesOn(copies)) shell.error(note);
  const published = latestCatalog(copies);
  if (published === undefined) return true;
  const changes = diffCatalogs(published.content, content, shell.clock.nowMs());
  for (const line of changeLines(changes, limits.operator.changesShownMax)) shell.progress(line);
  if (changes.length === 0 || yes) return true;
  const answer = await shell.ask('Publish this? Type yes to go on: ');
  if (answer === 'yes') return true;
  refuse(shell, answer === '' ? 'Nothing was published. In a script, give --yes.' : 'Nothing was published.');
  return false;
}

/** A catalog that was published in one region keeps its entry when a later run brings it to the other. */
function publicationsAfter(
  { version }: Snapshot,
  copies: readonly CatalogCopy[],
  { overwrite }: PublishOptions,
  { clock, userName }: Shell,
): readonly Publication[] {
  const known = allPublications(copies);
  const replaces = latestCatalog(copies)?.version;
  if (known.at(-1)?.version === version && replaces === version) return known;
  const entry = { version, atMs: clock.nowMs(), by: userName, ...(replaces && { replaces }) };
  return mergedPublications([known, [{ ...entry, ...(overwrite && { overwrote: true }) }]]);
}

interface Result {
  readonly region: string;
  readonly published: Published | { readonly kind: 'not-tried' };
}

/**
 * One region after the other, the primary first: of two operators who publish at once, one is then too late in the
 * first region that both reach, and changes nothing in the other one. A dead region does not hold up the other one.
 */
async function publishInTurn(
  copies: readonly CatalogCopy[],
  { overwrite }: PublishOptions,
  { version }: Snapshot,
  publishTo: (copy: CatalogCopy) => Promise<Published>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const copy of copies) {
    const { region } = copy;
    if (results.some(({ published }) => published.kind === 'overtaken'))
      results.push({ region, published: { kind: 'not-tried' } });
    else if (heldOf(copy)?.current?.version === version) results.push({ region, published: { kind: 'published' } });
    else if (copy.kind === 'unreadable' && !overwrite)
      results.push({ region, published: { kind: 'failed', reason: copy.reason } });
    else results.push({ region, published: await publishTo(copy) });
  }
  return results;
}

function heldOf(copy: CatalogCopy) {
  return copy.kind === 'read' ? copy.held : undefined;
}

function tellResults({ version }: Snapshot, results: readonly Result[], { json }: PublishOptions, shell: Shell): void {
  if (json) shell.out(JSON.stringify({ version, regions: results.map(jsonOf) }, null, 2));
  for (const { region, published } of results) {
    if (published.kind !== 'published')
      shell.error(`${region}: ${failureText(published)}; it keeps the catalog it has`);
    else if (!json) shell.out(`${region}: version ${version} published`);
  }
  if (results.every(({ published }) => published.kind === 'published')) return;
  shell.error(
    results.some(({ published }) => published.kind === 'overtaken')
      ? 'Run catalog diff to see what is published now, merge it into the file, and publish again.'
      : 'Run the same command again when the region answers. Publishing twice does no harm.',
  );
  shell.exitWith(1);
}

function jsonOf({ region, published }: Result) {
  const isPublished = published.kind === 'published';
  return { region, published: isPublished, ...(!isPublished && { failure: failureText(published) }) };
}

function failureText(published: Exclude<Result['published'], { kind: 'published' }>): string {
  switch (published.kind) {
    case 'failed':
      return `not published (${published.reason})`;
    case 'overtaken':
      return 'not published (somebody else has published since this command read it)';
    case 'not-tried':
      return 'not tried';
  }
}

function fits({ text }: Snapshot, shell: Shell): boolean {
  if (Buffer.byteLength(text) <= limits.catalog.bytesMax) return true;
  refuse(
    shell,
    `the catalog is larger than ${limits.catalog.bytesMax} bytes: remove offers that no link uses any more`,
  );
  return false;
}
