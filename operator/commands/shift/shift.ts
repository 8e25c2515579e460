import { type Command, Option } from 'commander';
import { isShiftedAway, type ShiftSwitch } from '../../../core/capture/switches.ts';
import { isConfirmed, isRegion } from '../../cli/confirm-region.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { tellWritten, whoAndWhen } from '../../cli/switch-text.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { askHealth } from '../../clients/health-pages.ts';
import { readSwitch, type WrittenCopies, writeSwitch } from '../../clients/switch-copies.ts';
import { type Followed, followShift } from './follow-shift.ts';

interface Options extends GlobalOptions {
  readonly away?: true;
  readonly back?: true;
  readonly confirm?: string;
  readonly by?: string;
  readonly force?: true;
}

export function addShift(program: Command, shell: Shell): void {
  program
    .command('shift')
    .description('move traffic away from a region, or let it come back; works while that region is dead')
    .argument('<region>', 'the region to leave, or to come back to')
    .addOption(new Option('--away', 'send all traffic to the other region').conflicts('back'))
    .option('--back', 'let DNS follow the health of the region again')
    .option('--confirm <region>', "the region's name again, instead of being asked for it")
    .option('--by <who>', 'name to record with the switch (default: your user name)')
    .option('--force', 'go on although the other region is drained or not well')
    .addHelpText('after', helpNotes(['shift us-east-1 --away', 'shift us-east-1 --back']))
    .action(async (region: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      if (!options.away && !options.back) command.error('say --away or --back');
      const deployment = await openDeployment(options, shell);
      if (deployment && isRegion(region, deployment.regions, shell)) await shift(region, options, deployment, shell);
    });
}

async function shift(region: string, options: Options, deployment: Deployment, shell: Shell): Promise<void> {
  const set = options.away ? 'away' : 'back';
  if (set === 'away' && !options.force && !(await canTakeAll(region, deployment, shell))) return;
  const consequence = consequenceOf(set, region, deployment.peerOf(region));
  if (!(await isConfirmed(region, consequence, options.confirm, shell))) return;
  const by = options.by ?? shell.userName;
  const value: ShiftSwitch = { switch: 'shift', region, set, by, at: shell.clock.nowMs() };
  const written = await writeSwitch(deployment, value);
  if (!tellWritten(written, value, deployment, shell)) return;
  const followed = await followShift(value, deployment, shell);
  tell(value, written, followed, options, shell);
}

function consequenceOf(set: ShiftSwitch['set'], region: string, peer: string): string {
  return set === 'away'
    ? `${peer} will take all traffic of ${region}, until somebody shifts it back.`
    : `DNS will lead to ${region} again as soon as it is healthy.`;
}

/** Whether the other region can take the traffic. If not, prints why and sets exit code 2. */
async function canTakeAll(region: string, deployment: Deployment, shell: Shell): Promise<boolean> {
  const peer = deployment.peerOf(region);
  const origin = deployment.regionUrl(peer);
  const [{ holds }, health] = await Promise.all([
    readSwitch(deployment, 'shift', peer),
    origin === undefined ? undefined : askHealth(shell.http, origin),
  ]);
  const problems = [
    ...(holds && isShiftedAway(holds)
      ? [`${peer} is drained already (${whoAndWhen(holds)}): both regions would be drained`]
      : []),
    ...(health?.kind === 'ill' ? [`${peer}, which would take the traffic, is not well: /health ${health.reason}`] : []),
  ];
  if (problems.length === 0) return true;
  refuse(shell, ...problems, `Nothing was done. Give --force to drain ${region} anyway.`);
  return false;
}

function tell(value: ShiftSwitch, written: WrittenCopies, followed: Followed, { json }: Options, shell: Shell): void {
  if (json) shell.out(JSON.stringify({ ...value, ...written, ...followed.result }, null, 2));
  else for (const line of followed.lines) shell.out(line);
  for (const problem of followed.problems) shell.error(problem);
  if (followed.problems.length > 0) shell.exitWith(1);
}
