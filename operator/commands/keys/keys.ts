import type { Command } from 'commander';
import { uuidV7 } from '../../../core/event/uuid.ts';
import {
  type FreshKey,
  type KeyPlan,
  keysStateOf,
  planCreation,
  planRotation,
  type RegionKeys,
} from '../../../core/keys/key-plan.ts';
import { nextStep, rotationSteps } from '../../../core/keys/key-rotation.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { type BothVaults, openBothVaults } from '../../clients/both-vaults.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { allRunVersion } from '../../clients/running-keys.ts';
import { writeKeysVersion } from './write-keys-version.ts';

interface RotateOptions extends GlobalOptions {
  readonly accept?: true;
  readonly sign?: true;
  readonly retire?: true;
}

export function addKeys(program: Command, shell: Shell): void {
  const keys = program
    .command('keys')
    .description('create and rotate the keys that sign transaction ids')
    .addHelpText('after', helpNotes(['keys create', 'keys rotate']));
  keys
    .command('create')
    .description('create the keys in both regions, before the first deploy')
    .addHelpText('after', helpNotes(['keys create']))
    .action((_options: unknown, command: Command) => create(command.optsWithGlobals<GlobalOptions>(), shell));
  keys
    .command('rotate')
    .description('take one step of a key rotation; without an option, print the next step')
    .option('--accept', 'step 1: accept a new key, which does not sign yet')
    .option('--sign', 'step 2: sign with the new key, and still accept the old one')
    .option('--retire', 'step 3: no longer accept the old key, nor any transaction id that it signed')
    .addHelpText(
      'after',
      helpNotes(
        ['keys rotate', 'keys rotate --accept'],
        'Deploy both regions after each step: the next step is refused until they run with it.',
      ),
    )
    .action((_options: unknown, command: Command) => rotate(command.optsWithGlobals<RotateOptions>(), shell));
}

async function create(options: GlobalOptions, shell: Shell): Promise<void> {
  await withVaults(options, shell, async (vaults, deployment) => {
    const both = await vaults.read();
    if (!both) return;
    const plan = planCreation(both, deployment.config.signingKeysVersion, freshKey(shell));
    await carryOut(plan, vaults, deployment, options, shell);
  });
}

async function rotate(options: RotateOptions, shell: Shell): Promise<void> {
  const [step, ...others] = rotationSteps.filter((one) => options[one]);
  if (others.length > 0) return refuse(shell, 'take one step at a time, and deploy both regions after each');
  await withVaults(options, shell, async (vaults, deployment) => {
    const both = await vaults.read();
    if (!both) return;
    if (step === undefined) return tellNextStep(both, options, shell);
    const version = deployment.config.signingKeysVersion;
    const plan = planRotation(both, step, version, freshKey(shell));
    // A run that completes an earlier step does not check again what the functions run with.
    const isNew = plan.kind === 'write' && plan.to.length === both.length;
    if (isNew && step !== 'accept' && !(await allRunVersion(deployment, both, shell))) return;
    await carryOut(plan, vaults, deployment, options, shell);
  });
}

function tellNextStep(both: readonly [RegionKeys, RegionKeys], { json }: GlobalOptions, shell: Shell): void {
  const state = keysStateOf(both);
  if (state.kind === 'refused') {
    refuse(shell, state.reason);
    return;
  }
  const { versionId, secret } = state;
  const next = nextStep(secret);
  if (json) shell.out(JSON.stringify({ versionId, lastStep: secret.step ?? null, nextStep: next }));
  else shell.out(`version ${versionId}: the next step is keys rotate --${next}`);
}

async function carryOut(
  plan: KeyPlan,
  vaults: BothVaults,
  { regions, isLocal }: Deployment,
  { config, json }: GlobalOptions,
  shell: Shell,
): Promise<void> {
  if (plan.kind === 'refused') return refuse(shell, plan.reason);
  if (!(await vaults.write(plan)) || !writeKeysVersion(config, plan.versionId, shell)) return shell.exitWith(1);
  const { versionId } = plan;
  if (json) return shell.out(JSON.stringify({ versionId, writtenTo: plan.to.map(({ region }) => region) }));
  shell.out(`version ${versionId} is in both regions, and ${config} names it`);
  const [primary, standby] = regions;
  if (isLocal) shell.out('start the local cloud again with --keep, so that its functions get it');
  else shell.out(`now deploy ${standby}, then ${primary} (docs/deploy.md)`);
}

async function withVaults(
  options: GlobalOptions,
  shell: Shell,
  work: (vaults: BothVaults, deployment: Deployment) => Promise<void>,
): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const vaults = openBothVaults(deployment, shell);
  try {
    await work(vaults, deployment);
  } finally {
    vaults.close();
  }
}

/** Nobody sees the key: it goes directly into both secrets. */
function freshKey({ random, clock }: Shell): FreshKey {
  return {
    key: Buffer.from(random.bytes(keyBytes)).toString('hex'),
    versionId: uuidV7(clock.nowMs(), random.bytes(10)),
  };
}

/** As long as the output of the hash. */
const keyBytes = 32;
