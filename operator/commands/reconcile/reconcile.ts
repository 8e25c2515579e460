import type { Command } from 'commander';
import { utcHour } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { askLedger } from '../../clients/ask-ledger.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { openLogClient } from '../../clients/log-client.ts';
import { askedHours } from '../../figures/asked-hours.ts';
import { FiguresFailure } from '../../figures/figures-reader.ts';
import { withFigures } from '../../figures/open-figures.ts';
import { addRangeOptions, type RangeOptions } from '../../figures/quarter-range.ts';
import { closedHours } from '../rebuild/closed-hours.ts';
import { makeFinal } from '../rebuild/make-final.ts';
import type { RegionLog } from './reconcile-hour.ts';
import { agrees, type ComparedHour, reconcileHours } from './reconcile-hours.ts';
import { reconcileJson } from './reconcile-json.ts';
import { reconcileLines } from './reconcile-text.ts';

interface Options extends RangeOptions, GlobalOptions {
  readonly region?: string;
  readonly fix?: true;
}

export function addReconcile(program: Command, shell: Shell): void {
  addRangeOptions(
    program
      .command('reconcile')
      .description('compare the figures with the log, event by event, in both regions (exit code 1 when they differ)'),
    'the last hour that is over',
  )
    .option('--region <region>', 'only in this region')
    .option('--fix', 'make hours that differ final again, and compare again')
    .addHelpText('after', helpNotes(['reconcile --from yesterday --to yesterday', 'reconcile --from 24h --fix']))
    .action((_: unknown, command: Command) => reconcile(command.optsWithGlobals<Options>(), shell));
}

async function reconcile(options: Options, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const asked = askedHours(options, deployment, 'what-is-over', shell);
  if (!asked) return;
  const { hours, regions } = asked;
  const found = await withLogs(deployment, regions, shell, async (logs) => {
    const compared = await reconcileHours(hours, logs, shell.progress);
    if (!options.fix || compared.every(agrees)) return compared;
    return fixed(compared, deployment, logs, shell);
  });
  if (options.json) shell.out(JSON.stringify(reconcileJson(found), null, 2));
  else for (const line of reconcileLines(found, regions)) shell.out(line);
  if (!found.every(agrees)) shell.exitWith(1);
}

/** Opens figures and log of each region, and the log of its peer. */
async function withLogs<T>(
  deployment: Deployment,
  regions: readonly string[],
  shell: Shell,
  use: (logs: readonly RegionLog[]) => Promise<T>,
): Promise<T> {
  return withFigures(deployment, regions, shell, async (readers) => {
    const logs = readers.map((reader) => ({
      reader,
      log: openLogClient(deployment, reader.region),
      otherLog: openLogClient(deployment, deployment.peerOf(reader.region)),
    }));
    try {
      return await use(logs);
    } finally {
      for (const client of logs.flatMap(({ log, otherLog }) => [log, otherLog])) client.close();
    }
  });
}

/** Makes differing hours final again in the regions where they differ, and compares them again. */
async function fixed(
  compared: readonly ComparedHour[],
  deployment: Deployment,
  logs: readonly RegionLog[],
  shell: Shell,
): Promise<readonly ComparedHour[]> {
  const closed = closedHours(
    compared.filter((one) => !agrees(one)).map(({ hour }) => hour),
    shell,
  );
  const differing = compared.filter(({ hour }) => closed.includes(hour));
  for (const one of differing) {
    await Promise.all(
      logs.filter((log) => isToBeFixed(one, log)).map((log) => fixHour(one.hour, deployment, log, shell)),
    );
  }
  const again = await reconcileHours(closed, logs, shell.progress);
  return compared.map((one) => again.find(({ hour }) => hour === one.hour) ?? one);
}

function isToBeFixed({ regions, regionsDiffer }: ComparedHour, { reader }: RegionLog): boolean {
  const found = regions.find(({ region }) => region === reader.region);
  return found !== undefined && (regionsDiffer || found.differences.length > 0);
}

async function fixHour(hour: string, deployment: Deployment, { reader, log }: RegionLog, shell: Shell): Promise<void> {
  const { region } = reader;
  const ask = () => askLedger(deployment, region, hour, 'reconcile');
  try {
    const made = await makeFinal(hour, { reader, log, ask, clock: shell.clock });
    if (made.kind === 'left') shell.error(`${region} ${utcHour(hour)}: ${made.reason}`);
    else shell.progress(`${region} ${utcHour(hour)}: made final anew, revision ${made.after.revision}`);
  } catch (error) {
    if (!(error instanceof FiguresFailure)) throw error;
    shell.error(error.message);
  }
}
