import type { Command } from 'commander';
import { catalogKey, catalogVersionKey, makeSnapshot, type Snapshot } from '../core/catalog/snapshot.ts';
import { type DeployConfig, parseDeployConfig } from '../core/deploy-config.ts';
import { limits } from '../core/limits.ts';
import { logBucketName } from '../core/resource-names.ts';
import { readCatalogFile, readUserFile } from './catalog-file.ts';
import { openPublisher } from './publisher.ts';
import type { Shell } from './shell.ts';

interface Options {
  readonly config: string;
  readonly endpointUrl?: string;
}

export function addCatalogPublish(parent: Command, shell: Shell): void {
  parent
    .command('publish')
    .description('check a catalog file and bring it to both regions (exit code 1 when one did not take it)')
    .argument('<file>', 'catalog in YAML')
    .option('--config <file>', 'which deployment', 'keeptrack.config.json')
    .option('--endpoint-url <url>', 'instead of AWS, for example http://127.0.0.1:4566 for the local cloud')
    .action(async (file: string, options: Options) => {
      const content = readCatalogFile(file, shell);
      const config = content && readConfig(options.config, shell);
      if (!content || !config || !isEndpoint(options.endpointUrl, shell)) return;
      const snapshot = makeSnapshot(content);
      if (fits(snapshot, shell)) await publish(snapshot, config, options, shell);
    });
}

/** Both regions at once, each for itself: one that is down keeps the other from nothing. */
async function publish(snapshot: Snapshot, config: DeployConfig, options: Options, shell: Shell): Promise<void> {
  const results = await Promise.all(
    config.regions.map(async (region) => ({ region, failure: await publishTo(region, snapshot, config, options) })),
  );
  for (const { region, failure } of results) {
    if (failure === undefined) shell.out(`${region}: version ${snapshot.version} published`);
    else shell.error(`${region}: not published (${failure}); it goes on with the catalog it has`);
  }
  if (results.every(({ failure }) => failure === undefined)) return;
  shell.error('Run the same command again when the region answers: publishing twice does no harm.');
  shell.exitWith(1);
}

/** The versioned copy first: what is current can then always be found under its version. Resolves to the failure. */
async function publishTo(region: string, { version, text }: Snapshot, config: DeployConfig, options: Options) {
  const publisher = openPublisher(region, logBucketName(config, region), options.endpointUrl);
  try {
    return (await publisher.put(catalogVersionKey(version), text)) ?? (await publisher.put(catalogKey, text));
  } finally {
    publisher.close();
  }
}

function readConfig(file: string, shell: Shell): DeployConfig | undefined {
  const text = readUserFile(file, shell);
  if (text === undefined) return undefined;
  const parsed = parseDeployConfig(text);
  if (parsed.kind === 'valid') return parsed.config;
  for (const problem of parsed.problems) shell.error(`${file}: ${problem}`);
  shell.exitWith(2);
  return undefined;
}

function isEndpoint(url: string | undefined, shell: Shell): boolean {
  if (url === undefined || /^https?:\/\/[^/]/.test(url)) return true;
  shell.error(`--endpoint-url: ${url} is not an http or https URL`);
  shell.exitWith(2);
  return false;
}

function fits({ text }: Snapshot, shell: Shell): boolean {
  if (Buffer.byteLength(text) <= limits.catalog.bytesMax) return true;
  shell.error(`the catalog is larger than ${limits.catalog.bytesMax} bytes: remove offers that no link uses any more`);
  shell.exitWith(2);
  return false;
}
