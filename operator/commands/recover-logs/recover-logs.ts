import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDurationMs } from '../../../core/config/duration.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { type IntakeSender, openIntakeSender } from '../../clients/intake-sender.ts';
import { type LogReader, openLogReader, type TimeRange, unconfirmedLogs } from '../../clients/log-reader.ts';
import { type Recovery, recoverPage } from './recover-page.ts';

interface Options extends GlobalOptions {
  /** ms */
  readonly since: number;
  readonly region?: string;
  readonly dryRun?: true;
}

const dayMs = 86_400_000;

/** Refused conversions stay in the log: their senders know it, and send them again. */
export function addRecoverLogs(program: Command, shell: Shell): void {
  program
    .command('recover-logs')
    .description('bring in unconfirmed events, which are only in the function logs of track and notify')
    .addOption(
      new Option('--since <duration>', 'how far back to look, such as 90m or 24h')
        .argParser(duration)
        .default(dayMs, '24h'),
    )
    .option('--region <region>', 'only the log of this region')
    .option('--dry-run', 'count the events, and bring nothing in')
    .addHelpText(
      'after',
      helpNotes(
        ['recover-logs --since 6h --dry-run', 'recover-logs --since 6h'],
        'Events keep their ids, so an event that is brought in twice counts once.\nRefused conversions are not brought in: their senders send them again.',
      ),
    )
    .action((_options: unknown, command: Command) => recoverLogs(command.optsWithGlobals<Options>(), shell));
}

function duration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms > 0 && ms <= limits.logs.retentionDays * dayMs) return ms;
  throw new InvalidArgumentError(`Give a duration such as 90m or 24h, at most ${limits.logs.retentionDays * 24}h.`);
}

async function recoverLogs(options: Options, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  const regions = deployment && regionsAsked(deployment, options, shell);
  if (!regions) return;
  const toMs = shell.clock.nowMs();
  const range = { fromMs: toMs - options.since, toMs };
  const sender = options.dryRun ? undefined : openIntakeSender(deployment);
  const recoveries: Recovery[] = [];
  try {
    // One region after the other: the sender finds out once which intake queue is alive.
    for (const region of regions) recoveries.push(await recoverRegion(region, range, sender, deployment, shell));
  } finally {
    sender?.close();
  }
  tell(recoveries, options, shell);
}

function regionsAsked({ regions }: Deployment, { region }: Options, shell: Shell): readonly string[] | undefined {
  if (region === undefined) return regions;
  if (regions.includes(region)) return [region];
  return refuse(shell, `--region: ${region} is not one of ${regions.join(' and ')}`);
}

async function recoverRegion(
  region: string,
  range: TimeRange,
  sender: IntakeSender | undefined,
  deployment: Deployment,
  shell: Shell,
): Promise<Recovery> {
  let recovery: Recovery = { region, found: 0, recovered: 0, bad: {} };
  for (const part of unconfirmedLogs) {
    const reader = openLogReader(deployment, region, part);
    recovery = await recoverLog(recovery, reader, range, sender, shell);
    reader.close();
    if (recovery.failure !== undefined) return recovery;
  }
  return recovery;
}

async function recoverLog(
  before: Recovery,
  reader: LogReader,
  range: TimeRange,
  sender: IntakeSender | undefined,
  shell: Shell,
): Promise<Recovery> {
  let recovery = before;
  let next: string | undefined;
  do {
    const page = await reader.page(range, next);
    if (page.kind === 'failed') return { ...recovery, failure: `its log cannot be read (${page.reason})` };
    recovery = await recoverPage(recovery, page.value.texts, sender);
    if (page.value.texts.length > 0) shell.progress(`${recovery.region}: ${summary(recovery, sender === undefined)} …`);
    next = page.value.next;
  } while (next !== undefined && recovery.failure === undefined);
  return recovery;
}

function tell(recoveries: readonly Recovery[], { json, dryRun }: Options, shell: Shell): void {
  if (json) shell.out(JSON.stringify({ dryRun: dryRun ?? false, regions: recoveries }, null, 2));
  for (const recovery of recoveries) {
    if (!json) shell.out(`${recovery.region}: ${summary(recovery, dryRun ?? false)}`);
    if (recovery.failure !== undefined) shell.error(`${recovery.region}: ${recovery.failure}`);
  }
  if (recoveries.every(({ failure }) => failure === undefined)) return;
  shell.error('Run the same command again when that is repaired: an event that is brought in twice counts once.');
  shell.exitWith(1);
}

function summary({ found, recovered, bad }: Recovery, isDryRun: boolean): string {
  const bads = Object.entries(bad).map(([reason, count]) => `, ${count} unreadable (${reason})`);
  return `${found} unconfirmed events${isDryRun ? '' : `, ${recovered} brought in`}${bads.join('')}`;
}
