import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../local/synthesize.ts';
import { projectFolder } from './workplace.ts';

/** Front doors: what each adds to the project's own config. */
const additions = {
  'http-api': {},
  // Behind a load balancer only reserved concurrency bounds the rate, so the config asks for it.
  alb: { frontDoor: 'alb', concurrency: { track: 500 } },
  'both doors': { frontDoor: 'alb', secondFrontDoor: 'http-api', concurrency: { track: 500 } },
} as const satisfies Readonly<Record<string, object>>;

export type Door = keyof typeof additions;
export const doors = Object.keys(additions) as readonly Door[];

export interface Synthesized {
  readonly configFile: string;
  /** The folder of the templates and bundles. */
  readonly assembly: string;
  readonly account: string;
  readonly zoneName: string;
  readonly zoneId: string;
}

export const catalogFile = join(projectFolder, 'examples', 'catalog.yaml');

/** Synthesizes the project with this door, once for all steps that share `folder`. */
export async function synthesizeDoor(door: Door, folder: string): Promise<Synthesized> {
  const name = door.replace(' ', '-');
  const configFile = join(folder, `${name}.config.json`);
  const text = readFileSync(join(projectFolder, 'keeptrack.config.json'), 'utf8');
  const config = { ...(JSON.parse(text) as ProjectConfig), ...additions[door], catalog: catalogFile };
  writeFileSync(configFile, JSON.stringify(config));
  const assembly = join(folder, `${name}.cdk.out`);
  await synthesize(projectFolder, configFile, assembly);
  return { configFile, assembly, account: config.account, ...config.domain };
}

interface ProjectConfig {
  readonly account: string;
  readonly domain: { readonly zoneName: string; readonly zoneId: string };
}
