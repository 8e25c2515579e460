import { type Command, InvalidArgumentError } from 'commander';
import { isSwitchInForce, type StorageSwitch } from '../../../core/capture/switches.ts';
import { parseDurationMs } from '../../../core/config/duration.ts';
import { logBucketName } from '../../../core/config/resource-names.ts';
import { limits } from '../../../core/limits/limits.ts';
import { minuteMs } from '../../../core/log/log-key.ts';
import { isConfirmed, isRegion } from '../../cli/confirm-region.ts';
import { utcText } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { tellWritten, whoAndWhen } from '../../cli/switch-text.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { readSwitch, writeSwitch } from '../../clients/switch-copies.ts';

type Side = 'home' | 'peer';

interface Options extends GlobalOptions {
  readonly skip?: readonly Side[];
  readonly auto?: true;
  readonly for?: number;
  readonly confirm?: string;
  readonly by?: string;
}

const { skipMinutesDefault } = limits.operator;
const { skipHoursMax } = limits.switches;
const hourMs = 60 * minuteMs;

export function addStorage(program: Command, shell: Shell): void {
  program
    .command('storage')
    .description('tell a region to skip one of the two buckets for a time; its segments wait in the failure queues')
    .argument('<region>', 'the region whose functions skip the bucket')
    .option('--skip <bucket>', "home: the region's own bucket; peer: the other region's", side)
    .option('--auto', 'write to both buckets again')
    .option(
      '--for <duration>',
      `with --skip: how long, such as 30m or 2h, at most ${skipHoursMax}h (default: ${skipMinutesDefault}m)`,
      duration,
    )
    .option('--confirm <region>', "the region's name again, instead of being asked for it")
    .option('--by <who>', 'name to record with the switch (default: your user name)')
    .addHelpText('after', helpNotes(['storage us-east-1 --skip home --for 30m', 'storage us-east-1 --auto']))
    .action(async (region: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const mistake = mistakeIn(options);
      if (mistake !== undefined) command.error(mistake);
      const deployment = await openDeployment(options, shell);
      if (deployment && isRegion(region, deployment.regions, shell))
        await switchStorage(region, options, deployment, shell);
    });
}

function side(text: string, others: readonly Side[] = []): readonly Side[] {
  if (text === 'home' || text === 'peer') return [...others, text];
  throw new InvalidArgumentError('Say home or peer.');
}

function duration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms > 0 && ms <= skipHoursMax * hourMs) return ms;
  throw new InvalidArgumentError(`Give a duration such as 30m or 2h, at most ${skipHoursMax}h.`);
}

function mistakeIn({ skip, auto, for: forMs }: Options): string | undefined {
  if ((skip === undefined) === (auto === undefined)) return 'say --skip home, --skip peer or --auto';
  if (skip !== undefined && new Set(skip).size > 1)
    return 'a region that skips both buckets would store nothing anywhere';
  return auto && forMs !== undefined ? '--for goes with --skip: --auto has no end' : undefined;
}

async function switchStorage(region: string, options: Options, deployment: Deployment, shell: Shell): Promise<void> {
  const { by = shell.userName, for: forMs = skipMinutesDefault * minuteMs } = options;
  const [skipped] = options.skip ?? [];
  const at = shell.clock.nowMs();
  const marks = { switch: 'storage', region, by, at } as const;
  const value: StorageSwitch =
    skipped === undefined ? { ...marks, set: 'auto' } : { ...marks, set: `skip-${skipped}`, until: at + forMs };
  if (value.set !== 'auto') {
    const consequence = `The functions of ${region} will ${effectOf(value, deployment)}`;
    if (!(await isConfirmed(region, consequence, options.confirm, shell))) return;
  }
  const before = await readSwitch(deployment, 'storage', region);
  const written = await writeSwitch(deployment, value);
  if (!tellWritten(written, value, deployment, shell)) return;
  const { holds } = await readSwitch(deployment, 'storage', region);
  const isHeld = holds?.at === value.at && holds.set === value.set;
  if (options.json) shell.out(JSON.stringify({ ...value, ...written, readBack: isHeld }, null, 2));
  else for (const line of linesOf(value, before.holds, isHeld, deployment)) shell.out(line);
  if (isHeld) return;
  shell.error(
    `The switch does not hold: functions read ${holds ? `${holds.set}, ${whoAndWhen(holds)}` : 'no switch'}.`,
  );
  shell.error('Run the same command again when the log that refused the switch can be written.');
  shell.exitWith(1);
}

function linesOf(
  value: StorageSwitch,
  before: StorageSwitch | undefined,
  isHeld: boolean,
  deployment: Deployment,
): readonly string[] {
  const { region, by, at } = value;
  return [
    `${region}: ${value.set}, recorded for ${by} at ${utcText(at)}`,
    ...(before && isSwitchInForce(before, at)
      ? [`before: ${before.set} until ${untilOf(before)}, ${whoAndWhen(before)}`]
      : []),
    ...(isHeld
      ? [
          `Read back. The functions of ${region} ${effectOf(value, deployment)}`,
          'Each function reads the switch when it next runs, within 10 s. The metric SwitchInForce counts those that act on it, a minute or two later.',
        ]
      : []),
  ];
}

function untilOf(value: StorageSwitch): string {
  return 'until' in value ? utcText(value.until) : 'for ever';
}

function effectOf(value: StorageSwitch, { config, peerOf }: Deployment): string {
  if (value.set === 'auto') return 'write to both buckets.';
  const bucket = logBucketName(config, value.set === 'skip-home' ? value.region : peerOf(value.region));
  return `skip ${bucket} until ${utcText(value.until)}. Its segments wait in the failure queues.`;
}
