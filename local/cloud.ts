import path from 'node:path';
import { startAwsEndpoint } from './aws-endpoint.ts';
import { Closers } from './closers.ts';
import { cloudHandle } from './cloud-handle.ts';
import { startConsole } from './console/server.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import type { LocalCloud } from './handle.ts';
import { createLocalWorld } from './local-world.ts';
import { mixReleases } from './mixed-releases.ts';
import { startName } from './name/running-name.ts';
import { checkPorts, freePorts, type LocalPorts, type PortUses, portUses } from './ports.ts';
import { publishCatalog } from './publish-catalog.ts';
import { closeQueues, openStores, tableItems } from './region-stores.ts';
import { type RunningRegion, startRegion } from './running-region.ts';
import { openSecrets } from './secrets.ts';
import { synthesize } from './synthesize.ts';
import { readAssembly } from './template/read-assembly.ts';
import type { RegionTemplate } from './template/region-template.ts';
import type { ResolveSecret } from './template/stack.ts';

export interface LocalCloudOptions {
  /** A folder that `cdk synth` wrote; absent = it is written now, from `configFile`. */
  readonly assembly?: string;
  /** Absent = the project's keeptrack.config.json. */
  readonly configFile?: string;
  /** Regions that run an earlier release of the app: region to a commit of the project's history. Absent = none. */
  readonly releases?: Readonly<Record<string, string>>;
  /** Absent = a temporary one, removed at the end. */
  readonly dataFolder?: string;
  /** Goes on with the data of the last run in `dataFolder`. */
  readonly keep?: boolean;
  /** Schedules, batch windows and health checks run so many times faster. */
  readonly speed?: number;
  /** For what chance decides: which calls a fault strikes, message ids. Absent = another one each time. */
  readonly seed?: number;
  /** Absent = free ones. */
  readonly ports?: LocalPorts;
  /** Told when each step of the start begins. */
  readonly onProgress?: (step: string) => void;
  /** Told of defects of the local cloud itself; absent = they go to stderr. */
  readonly onSurprise?: (error: unknown) => void;
}

const projectFolder = path.dirname(import.meta.dirname);
const defaultConfigFile = path.join(projectFolder, 'keeptrack.config.json');

/**
 * Starts the deployed templates on this machine. Rejects with a UserError (a port is taken, the app cannot be
 * synthesized) or a TemplateRefused, and then leaves nothing open.
 */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const ports = portUses(options.ports ?? freePorts);
  await checkPorts(ports);
  const closers = new Closers();
  try {
    return await start(options, ports, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

async function start(options: LocalCloudOptions, ports: PortUses, closers: Closers): Promise<LocalCloud> {
  const { speed = 1, onProgress = () => {}, onSurprise = console.error } = options;
  const world = createLocalWorld(speed, options.seed);
  const startedAtMs = world.time.nowMs();
  closers.add(() => world.time.stop());
  const folder = openDataFolder(options.dataFolder, options.keep ?? false);
  closers.add(folder.close);
  const secrets = openSecrets(world, folder.kept?.secrets);

  const assembly = options.assembly ?? (await newAssembly(options, folder, onProgress));
  onProgress('reading the templates');
  const templates = primaryFirst(await readTemplates(assembly, options, folder, secrets.resolve));
  const stores = templates.map((template) => openStores(template, world, folder));
  // What the queues held is theirs now: if this run dies, the next one must not take it up a second time. Tables stay as
  // they were: their items can be read twice.
  folder.save({ secrets: secrets.snapshot(), queues: {}, tables: tableItems(stores) });
  closers.add(() =>
    folder.save({ secrets: secrets.snapshot(), queues: closeQueues(stores), tables: tableItems(stores) }),
  );
  publishCatalog(stores, assembly);

  onProgress('starting the AWS endpoint, the regions and the tracking name');
  const regions: RunningRegion[] = [];
  const endpoint = await startAwsEndpoint({ world, stores, secrets, regions, port: ports.endpoint, onSurprise });
  closers.add(endpoint.close);
  closers.add(() => stopAll(regions));
  for (const [index, one] of stores.entries()) {
    regions.push(await startRegion({ world, stores: one, endpoint, port: ports.regions[index] ?? ports.regions[0] }));
  }
  const name = await startName({
    world,
    speed,
    regions: regions.map(({ stores: { template }, url }) => ({ template, url })),
    port: ports.name,
  });
  closers.add(name.close);
  // The console needs the cloud, and the cloud says where its console is.
  const urls = { name: name.url, endpoint: endpoint.url, region: urlsOf(regions), console: '' };
  const parts = { world, startedAtMs, speed, regions, tally: endpoint.tally, grants: endpoint.grants, name, urls };
  const cloud = cloudHandle(parts, () => closers.closeAll());
  const page = await startConsole(cloud, ports.console);
  closers.add(page.close);
  urls.console = page.url;
  return cloud;
}

function urlsOf(regions: readonly RunningRegion[]): Record<string, string> {
  return Object.fromEntries(regions.map(({ region, url }) => [region, url]));
}

async function stopAll(regions: readonly RunningRegion[]): Promise<void> {
  await Promise.all(regions.map((region) => region.stop()));
}

async function newAssembly(
  { configFile = defaultConfigFile }: LocalCloudOptions,
  { assembly }: DataFolder,
  onProgress: (step: string) => void,
): Promise<string> {
  onProgress('synthesizing the app');
  await synthesize(projectFolder, configFile, assembly);
  return assembly;
}

function readTemplates(
  assembly: string,
  { configFile = defaultConfigFile, releases = {}, onProgress = () => {} }: LocalCloudOptions,
  folder: DataFolder,
  secret: ResolveSecret,
): Promise<readonly RegionTemplate[]> {
  return mixReleases(readAssembly(assembly, secret), {
    releases,
    projectFolder,
    configFile,
    folder,
    secret,
    onProgress,
  });
}

/** A stack says itself whether its region is the primary one. */
function primaryFirst(templates: readonly RegionTemplate[]): readonly RegionTemplate[] {
  const isPrimary = ({ outputs }: RegionTemplate): boolean => outputs['Routing'] === 'primary';
  return [...templates.filter(isPrimary), ...templates.filter((template) => !isPrimary(template))];
}
