import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { stackName } from '../../../core/config/resource-names.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { readUserFile } from '../../cli/read-user-file.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { examine, examineAccount } from './examine.ts';
import { parseExpectations, type RegionExpectations } from './expectations.ts';
import { type Finding, findingLine } from './finding.ts';

interface Options extends GlobalOptions {
  readonly templates: string;
  readonly clicksPerSecond: number;
  readonly beforeDeploy?: true;
}

export function addDoctor(program: Command, shell: Shell): void {
  program
    .command('doctor')
    .description(
      'look in both regions for what would fail in an outage or at the peak (exit code 1 when something is found)',
    )
    .option('--templates <folder>', 'folder of the templates to compare the deployment with', 'cdk.out')
    .option(
      '--before-deploy',
      'check only what a deploy needs: quotas, keys, certificates, names that are taken, records, and what stands there now',
    )
    .option(
      '--clicks-per-second <number>',
      'all traffic at its peak, which one region must carry alone',
      whole,
      limits.doctor.clicksPerSecondDefault,
    )
    .addHelpText('after', helpNotes(['doctor --clicks-per-second 2000', 'doctor --before-deploy']))
    .action((_options: unknown, command: Command) => doctor(command.optsWithGlobals<Options>(), shell));
}

function whole(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1 to 9999999.');
}

async function doctor(options: Options, shell: Shell): Promise<void> {
  const { clicksPerSecond, beforeDeploy, local } = options;
  if (beforeDeploy && local !== undefined) {
    return refuse(
      shell,
      '--before-deploy looks into an AWS account, which a local cloud does not have: leave out --local',
    );
  }
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  if (beforeDeploy) {
    const { findings, notes } = await examineAccount(deployment, clicksPerSecond, shell);
    return tell(findings, deployment, options, shell, notes);
  }
  const expected = readTemplates(deployment, options, shell);
  if (expected) tell(await examine(deployment, expected, clicksPerSecond, shell), deployment, options, shell);
}

function tell(
  findings: readonly Finding[],
  deployment: Deployment,
  { json }: Options,
  shell: Shell,
  notes?: readonly string[],
): void {
  if (json) shell.out(JSON.stringify({ healthy: findings.length === 0, findings, notes }, null, 2));
  else for (const line of [...report(findings, deployment), ...(notes ?? [])]) shell.out(line);
  if (findings.length > 0) shell.exitWith(1);
}

function report(findings: readonly Finding[], { regions }: Deployment): readonly string[] {
  if (findings.length === 0) return [`nothing found in ${regions.join(' and ')}`];
  return findings.map(findingLine);
}

/** When a template is missing, prints which one, sets exit code 2 and returns undefined. */
function readTemplates(
  { config, regions }: Deployment,
  { templates }: Options,
  shell: Shell,
): ReadonlyMap<string, RegionExpectations> | undefined {
  const read = regions.map((region) => [region, readTemplate(stackName(config, region), templates, shell)] as const);
  const known = read.flatMap(([region, expected]) => (expected ? [[region, expected] as const] : []));
  if (known.length === regions.length) return new Map(known);
  return refuse(shell, 'run npm run synth first, or name the folder that it wrote with --templates');
}

function readTemplate(stack: string, folder: string, shell: Shell): RegionExpectations | undefined {
  const file = path.join(folder, `${stack}.template.json`);
  const text = readUserFile(file, shell);
  const expected = text === undefined ? undefined : parseExpectations(text);
  if (text !== undefined && !expected) shell.error(`${file}: is no template of this release`);
  return expected;
}
