import path from 'node:path';
import type { FrontDoorKind } from '../core/config/front-doors.ts';
import { startAwsEndpoint } from './aws-endpoint.ts';
import { writeChangedConfig } from './changed-config.ts';
import { Closers } from './closers.ts';
import { cloudHandle } from './cloud-handle.ts';
import { startConsole } from './console/server.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import type { CloudUrls, LocalCloud } from './handle.ts';
import { demoLabel, Partners } from './internet/partners.ts';
import { createLocalWorld } from './local-world.ts';
import { mixReleases } from './mixed-releases.ts';
import { type RunningName, startName } from './name/running-name.ts';
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
  /** A folder that `cdk synth` wrote. Absent = the app is synthesized now, from `configFile`. */
  readonly assembly?: string;
  /** Absent = the project's keeptrack.config.json. */
  readonly configFile?: string;
  /** Absent = that of the config. */
  readonly frontDoor?: FrontDoorKind;
  /** The path of the catalog. Absent = that of the config. */
  readonly catalog?: string;
  /** The commit of an earlier release, by the region that runs it. Absent = every region runs the present one. */
  readonly releases?: Readonly<Record<string, string>>;
  /** Absent = a temporary folder, which is removed at the end. */
  readonly dataFolder?: string;
  /** True = the cloud continues with the data of the last run in `dataFolder`. */
  readonly keep?: boolean;
  /** How many times faster schedules and health checks run. */
  readonly speed?: number;
  /** Of random choices, such as which calls a fault strikes. Absent = another seed at each start. */
  readonly seed?: number;
  /** Absent = free ports. */
  readonly ports?: LocalPorts;
  /** Called when a step of the start begins. */
  readonly onProgress?: (step: string) => void;
  /** Called for a defect of the local cloud itself. Absent = defects go to stderr. */
  readonly onSurprise?: (error: unknown) => void;
}

const projectFolder = path.dirname(import.meta.dirname);
const defaultConfigFile = path.join(projectFolder, 'keeptrack.config.json');

/**
 * Starts the app's templates on this machine. Rejects with a UserError (a port is taken, or the app cannot be synthesized)
 * or with a TemplateRefused. After a rejection nothing stays open.
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

  const configFile = configFileOf(options, folder);
  const assembly = options.assembly ?? (await newAssembly(configFile, folder, onProgress));
  onProgress('reading the templates');
  const templates = primaryFirst(await readTemplates(assembly, { ...options, configFile }, folder, secrets.resolve));
  const stores = templates.map((template) => openStores(template, world, folder));
  // The queues have taken over the saved messages. The folder forgets them now, so that a run after a crash does not deliver
  // them a second time. Items of tables stay in the folder: reading them twice does no harm.
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
    const own = {
      main: ports.regions[index] ?? ports.regions[0],
      overHttp: ports.overHttp.regions[index] ?? ports.overHttp.regions[0],
    };
    regions.push(await startRegion({ world, stores: one, endpoint, ports: own }));
  }
  const name = await startName({
    world,
    speed,
    regions: regions.map(({ stores: { template }, doors }) => ({ template, doors })),
    ports: { main: ports.name, overHttp: ports.overHttp.name },
  });
  closers.add(name.close);
  const partners = new Partners(world);
  closers.add(() => partners.close());
  await partners.open(demoLabel);
  // The console needs the cloud, and the cloud needs the console's URL. So the URL is filled in last.
  const urls = { ...urlsOf(name, regions), endpoint: endpoint.url, console: '' };
  const parts = {
    world,
    startedAtMs,
    speed,
    regions,
    tally: endpoint.tally,
    grants: endpoint.grants,
    name,
    partners,
    urls,
  };
  const cloud = cloudHandle(parts, () => closers.closeAll());
  const page = await startConsole(cloud, ports.console);
  closers.add(page.close);
  urls.console = page.url;
  return cloud;
}

function urlsOf(name: RunningName, regions: readonly RunningRegion[]): Omit<CloudUrls, 'endpoint' | 'console'> {
  const byRegion = (urlIn: (region: RunningRegion) => string | undefined) =>
    Object.fromEntries(regions.map((one) => [one.region, urlIn(one)] as const).filter(isServed));
  const secondDoor = byRegion(({ doors: [, second] }) => second?.url);
  return {
    name: name.url,
    region: byRegion(({ doors: [main] }) => main.url),
    ...(name.overHttpUrl !== undefined && {
      overHttp: { name: name.overHttpUrl, region: byRegion(({ doors: [main] }) => main.overHttpUrl) },
    }),
    ...(Object.keys(secondDoor).length > 0 && { secondDoor }),
  };
}

function isServed(entry: readonly [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

async function stopAll(regions: readonly RunningRegion[]): Promise<void> {
  await Promise.all(regions.map((region) => region.stop()));
}

function configFileOf(
  { configFile = defaultConfigFile, frontDoor, catalog }: LocalCloudOptions,
  folder: DataFolder,
): string {
  if (frontDoor === undefined && catalog === undefined) return configFile;
  const changes = { ...(frontDoor && { frontDoor }), ...(catalog !== undefined && { catalog }) };
  return writeChangedConfig(configFile, changes, folder.changedConfig);
}

async function newAssembly(
  configFile: string,
  { assembly }: DataFolder,
  onProgress: (step: string) => void,
): Promise<string> {
  onProgress('synthesizing the app');
  await synthesize(projectFolder, configFile, assembly);
  return assembly;
}

function readTemplates(
  assembly: string,
  { configFile, releases = {}, onProgress = () => {} }: LocalCloudOptions & { readonly configFile: string },
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

/** An output of each stack says whether its region is the primary one. */
function primaryFirst(templates: readonly RegionTemplate[]): readonly RegionTemplate[] {
  const isPrimary = ({ outputs }: RegionTemplate): boolean => outputs['Routing'] === 'primary';
  return [...templates.filter(isPrimary), ...templates.filter((template) => !isPrimary(template))];
}
