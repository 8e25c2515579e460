import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readAssembly } from '../local/template/read-assembly.ts';
import type { RegionTemplate } from '../local/template/region-template.ts';
import { type Door, type Synthesized, synthesizeDoor } from './doors.ts';
import { type Moto, startMoto } from './moto.ts';
import { runWell } from './processes.ts';
import { awsEnvironment, projectFolder, type Workplace } from './workplace.ts';

/** Both regions' stacks in a moto of their own. */
export interface Deployment {
  readonly moto: Moto;
  readonly synthesized: Synthesized;
  /** The templates as the local cloud reads them. */
  readonly templates: readonly RegionTemplate[];
}

const cdk = createRequire(join(projectFolder, 'package.json')).resolve('aws-cdk/bin/cdk');
/** Both regions have the same keys, as `keeptrack keys create` makes them. */
const signingKeys = { signing: '1'.repeat(64), accepted: '2'.repeat(64) };

/** A server of its own with both stacks in it. */
export async function deployDoor(door: Door, workplace: Workplace): Promise<Deployment> {
  workplace.progress(`${door}: synthesizing`);
  const synthesized = await synthesizeDoor(door, workplace.folder);
  const templates = readAssembly(synthesized.assembly, (_name, key) => keyNamed(key));
  const moto = await startMoto(workplace, synthesized);
  workplace.progress(`${door}: preparing the account in moto`);
  await prepare(moto, synthesized, templates, workplace);
  workplace.progress(`${door}: cdk deploy`);
  const options = ['--app', synthesized.assembly, '--all', '--method', 'direct', '--require-approval', 'never'];
  await runCdk(['deploy', ...options], moto, workplace);
  return { moto, synthesized, templates };
}

function keyNamed(key: string): string {
  const found = Object.entries(signingKeys).find(([name]) => name === key);
  if (!found) throw new Error(`a template asks for a signing key named ${key}`);
  return found[1];
}

/** What docs/deploy.md has an operator do before the first deploy. */
async function prepare(
  moto: Moto,
  { account, zoneName }: Synthesized,
  templates: readonly RegionTemplate[],
  workplace: Workplace,
): Promise<void> {
  await moto.aws('route53', 'create-hosted-zone', '--name', zoneName, '--caller-reference', 'second-opinion');
  for (const { region } of templates) {
    const secret = ['--name', 'keeptrack/signing-keys', '--secret-string', JSON.stringify(signingKeys)];
    await moto.aws('secretsmanager', 'create-secret', '--region', region, ...secret);
  }
  await runCdk(['bootstrap', ...templates.map(({ region }) => `aws://${account}/${region}`)], moto, workplace);
}

/** In an empty folder: in the project's folder, `bootstrap` would synthesize the app again. */
async function runCdk(args: readonly string[], moto: Moto, workplace: Workplace): Promise<void> {
  const folder = join(workplace.folder, 'empty');
  mkdirSync(folder, { recursive: true });
  const env = { ...awsEnvironment(workplace.folder, moto.url), CI: 'true' };
  const quiet = ['--no-notices', '--no-version-reporting'];
  try {
    await runWell({ file: process.execPath, args: [cdk, ...args, ...quiet], folder, env, limitMs: 300_000 });
  } catch (error) {
    throw new Error([(error as Error).message, ...moto.complaints()].join('\n'));
  }
}
