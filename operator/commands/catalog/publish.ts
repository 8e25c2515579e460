import type { Command } from 'commander';
import { answerText, isStored } from '../../../core/call-outcome.ts';
import { catalogKey, catalogVersionKey, makeSnapshot, type Snapshot } from '../../../core/catalog/snapshot.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { openLogClient } from '../../clients/log-client.ts';
import { readCatalogFile } from './validate.ts';

export function addCatalogPublish(parent: Command, shell: Shell): void {
  parent
    .command('publish')
    .description('check a catalog file and publish it in both regions (exit code 1 when one did not take it)')
    .argument('<file>', 'the catalog, in YAML')
    .addHelpText('after', helpNotes(['catalog publish catalog.yaml']))
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const content = readCatalogFile(file, shell);
      const snapshot = content && makeSnapshot(content);
      if (!snapshot || !fits(snapshot, shell)) return;
      const deployment = await openDeployment(options, shell);
      if (deployment) await publish(snapshot, deployment, options, shell);
    });
}

interface Result {
  readonly region: string;
  readonly failure: string | undefined;
}

/** Publishes in both regions independently: a dead region does not hold up the other one. */
async function publish(
  snapshot: Snapshot,
  deployment: Deployment,
  { json }: GlobalOptions,
  shell: Shell,
): Promise<void> {
  const results: readonly Result[] = await Promise.all(
    deployment.regions.map(async (region) => ({ region, failure: await publishTo(region, snapshot, deployment) })),
  );
  if (json) shell.out(JSON.stringify(jsonOf(snapshot, results), null, 2));
  for (const { region, failure } of results) {
    if (failure !== undefined) shell.error(`${region}: not published (${failure}); it keeps the catalog it has`);
    else if (!json) shell.out(`${region}: version ${snapshot.version} published`);
  }
  if (results.every(({ failure }) => failure === undefined)) return;
  shell.error('Run the same command again when the region answers. Publishing twice does no harm.');
  shell.exitWith(1);
}

function jsonOf({ version }: Snapshot, results: readonly Result[]) {
  const regions = results.map(({ region, failure }) => ({ region, published: failure === undefined, failure }));
  return { version, regions };
}

/**
 * Writes the versioned copy first, so that the current catalog always exists under its version. Resolves to the
 * failure.
 */
async function publishTo(region: string, { version, text }: Snapshot, deployment: Deployment) {
  const bucket = openLogClient(deployment, region);
  try {
    for (const key of [catalogVersionKey(version), catalogKey]) {
      const answer = await bucket.put(key, text, limits.operator.publishMs);
      if (!isStored(answer)) return `s3://${bucket.name}/${key}: ${answerText(answer)}`;
    }
    return undefined;
  } finally {
    bucket.close();
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
