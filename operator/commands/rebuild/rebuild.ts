import type { Command } from 'commander';
import { utcHour } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { askLedger } from '../../clients/ask-ledger.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { openLogClient } from '../../clients/log-client.ts';
import { askedHours } from '../../figures/asked-hours.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';
import { withFigures } from '../../figures/open-figures.ts';
import { addRangeOptions, type RangeOptions } from '../../figures/quarter-range.ts';
import { closedHours } from './closed-hours.ts';
import { hourText, type RebuiltRegion, rebuildRegion } from './rebuild-region.ts';

interface Options extends RangeOptions, GlobalOptions {
  readonly region?: string;
  readonly dryRun?: true;
}

export function addRebuild(program: Command, shell: Shell): void {
  addRangeOptions(
    program.command('rebuild').description('make figures anew from the log, hour by hour, in both regions'),
    'the last hour that is over',
  )
    .option('--region <region>', 'only in this region')
    .option('--dry-run', 'list the hours, and change nothing')
    .addHelpText(
      'after',
      helpNotes(
        ['rebuild --from yesterday --to yesterday --dry-run', 'rebuild --from 2026-11-23T05 --to 2026-11-23T07'],
        `An hour is left out until 10 minutes after its end, because its events still come in. Figures stay in
force until new ones are made. The command can be interrupted, and run again from any hour.`,
      ),
    )
    .action((_: unknown, command: Command) => rebuild(command.optsWithGlobals<Options>(), shell));
}

async function rebuild(options: Options, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const asked = askedHours(options, deployment, 'what-is-over', shell);
  if (!asked) return;
  const { regions } = asked;
  const hours = closedHours(asked.hours, shell);
  if (hours.length === 0) return shell.exitWith(2);
  const rebuilt = await withFigures(deployment, regions, shell, (readers) =>
    Promise.all(readers.map((reader) => inRegion(reader, hours, deployment, options, shell))),
  );
  if (options.json) shell.out(JSON.stringify(rebuildJson(rebuilt, options.dryRun ?? false), null, 2));
  else for (const one of rebuilt) tellRegion(one, hours.length, options.dryRun ?? false, shell);
  tellLeft(rebuilt, shell);
}

async function inRegion(
  reader: FiguresReader,
  hours: readonly string[],
  deployment: Deployment,
  { dryRun }: Options,
  shell: Shell,
): Promise<RebuiltRegion> {
  const { region } = reader;
  const log = openLogClient(deployment, region);
  try {
    const ask = (hour: string) => askLedger(deployment, region, hour, 'rebuild');
    const ports = { reader, log, ask, clock: shell.clock };
    return await rebuildRegion(region, hours, dryRun === true, ports, shell.progress);
  } finally {
    log.close();
  }
}

function tellRegion({ region, done }: RebuiltRegion, hourCount: number, isDryRun: boolean, { out }: Shell): void {
  if (isDryRun) for (const one of done) out(`${region} ${utcHour(one.hour)}: ${hourText(one)}`);
  out(`${region}: ${done.length} of ${hourCount} hours ${isDryRun ? 'would be made anew' : 'made anew'}`);
}

function tellLeft(rebuilt: readonly RebuiltRegion[], shell: Shell): void {
  const left = rebuilt.flatMap((one) => one.left.map((hour) => ({ region: one.region, ...hour })));
  for (const { region, hour, reason } of left) shell.error(`${region} ${utcHour(hour)}: ${reason}`);
  const [first] = left.map(({ hour }) => hour).sort();
  if (first === undefined) return;
  shell.error(
    `Not every hour is done. Run the command again with --from ${utcHour(first)}: hours that are done already come out the same.`,
  );
  shell.exitWith(1);
}

/** docs/operations.md describes the shape. */
export function rebuildJson(rebuilt: readonly RebuiltRegion[], dryRun: boolean) {
  return {
    dryRun,
    regions: rebuilt.map(({ region, done, left }) => ({ region, done: done.map(inUtc), left: left.map(inUtc) })),
  };
}

function inUtc<T extends { readonly hour: string }>(one: T): T {
  return { ...one, hour: utcHour(one.hour) };
}
