import type { Command } from 'commander';
import type { ErasureCriterion } from '../../../core/event/erasure.ts';
import { createRedact, type Redact } from '../../../core/event/redaction.ts';
import { inParallel } from '../../../core/in-parallel.ts';
import { limits } from '../../../core/limits/limits.ts';
import { plural } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { LogFailure, openVersionedLog, type VersionedLog } from '../../clients/versioned-log.ts';
import { eraseFactsOf } from './erase-facts.ts';
import { type EraseOptions, type HourRange, readErasure } from './erase-options.ts';
import { countsByType, notUnderstoodLine, placesLeft, question, scanLines, truncationHint } from './erase-report.ts';
import { eraseFrom } from './erase-segment.ts';
import { type HoldingQueue, holdingQueues } from './holding-queues.ts';
import { type Scan, scanLogs } from './scan-logs.ts';

type Options = EraseOptions & GlobalOptions;

export function addErase(program: Command, shell: Shell): void {
  program
    .command('erase')
    .description(
      'remove from events what identifies a person, in both logs and in every version (docs/security.md says what stays)',
    )
    .option('--transaction <id>', 'the click with this transaction id, and its conversions')
    .option('--event <id>', 'the event with this id')
    .option('--client-address <address>', 'all events with this address, exactly as it is stored')
    .option('--sub-id <name=value...>', 'all events that have each of these values, such as aff_sub=abc')
    .option(
      '--from <hour>',
      'first hour to search, in UTC, such as 2026-11-23T05 (default: as far back as the log goes)',
    )
    .option('--to <hour>', 'last hour to search (default: the current one)')
    .option('--dry-run', 'count the events, and change nothing')
    .option('--confirm <events>', 'erase exactly this number of events, without being asked')
    .addHelpText(
      'after',
      helpNotes([
        'erase --transaction AQFrBDPX4Y6glvYAAAAPAAI2aUvBhGoECVn7 --dry-run',
        'erase --sub-id aff_sub=abc --from 2026-11-01T00',
      ]),
    )
    .action((_: unknown, command: Command) => erase(command.optsWithGlobals<Options>(), shell));
}

interface Task {
  readonly options: Options;
  readonly logs: readonly VersionedLog[];
  readonly criterion: ErasureCriterion;
  readonly range: HourRange;
  readonly queues: readonly HoldingQueue[];
  readonly redact: Redact;
  readonly shell: Shell;
}

async function erase(options: Options, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const { retentionDays, privacy } = deployment.config;
  const read = readErasure(options, shell.clock.nowMs(), retentionDays);
  if (read.kind === 'wrong') return refuse(shell, ...read.problems);
  const queues = await holdingQueues(deployment, shell.clock.nowMs());
  const owing = queues.filter(({ role }) => role === 'failure');
  if (owing.length > 0 && !options.dryRun) return refuseWhileOwing(owing, shell);
  const hint = truncationHint(read.criterion, privacy);
  if (hint !== undefined) shell.error(hint);
  const redact = createRedact(shell.random.bytes(secretBytes));
  await inBothLogs(deployment, shell, (logs) => findAndErase({ ...read, options, logs, queues, redact, shell }));
}

const secretBytes = 32;

async function inBothLogs(
  deployment: Deployment,
  shell: Shell,
  use: (logs: readonly VersionedLog[]) => Promise<void>,
): Promise<void> {
  const logs = deployment.regions.map((region) => openVersionedLog(deployment, region));
  try {
    await use(logs);
  } catch (error) {
    if (!(error instanceof LogFailure)) throw error;
    shell.error(error.message);
    shell.error('The erasure was interrupted. No event is lost. Run the same command again: it continues.');
    shell.exitWith(1);
  } finally {
    for (const log of logs) log.close();
  }
}

async function findAndErase(task: Task): Promise<void> {
  const { options, logs, range, criterion, shell } = task;
  const scan = await scanLogs(logs, range, criterion, shell.progress);
  if (!options.json) for (const line of scanLines(scan)) shell.out(line);
  for (const key of scan.unreadable) shell.error(`${key}: cannot be read, and was not changed`);
  if (scan.notUnderstood.size > 0) shell.error(notUnderstoodLine(scan));
  if (scan.unreadable.length + scan.notUnderstood.size > 0) shell.exitWith(1);
  if (options.dryRun || scan.keys.length === 0) return tell(task, scan, false);
  const typed = options.confirm ?? (await shell.ask(question(scan)));
  if (typed !== String(scan.events.size)) {
    return refuse(shell, `Nothing was erased: type ${scan.events.size}, or give --confirm ${scan.events.size}.`);
  }
  await eraseFound(task, scan);
  tell(task, scan, true);
}

const progressEvery = 50;

async function eraseFound({ logs, criterion, range, redact, shell }: Task, { keys, facts }: Scan): Promise<void> {
  shell.progress('removing what postbacks would say of them');
  // Facts go first, because an interrupted erasure is continued only where segments still have such events.
  await eraseFactsOf(logs, facts);
  let done = 0;
  await inParallel(keys, limits.erasure.segmentsAtOnce, async (key) => {
    await eraseFrom(logs, key, criterion, redact);
    done += 1;
    if (done % progressEvery === 0) shell.progress(`${done} of ${keys.length} segments done`);
  });
  // Meanwhile a fold can have kept facts of segments that it had read before.
  await eraseFactsOf(logs, facts);
  shell.progress('searching again, in every version');
  const after = await scanLogs(logs, range, criterion, () => {});
  if (after.keys.length === 0) return;
  const what =
    after.events.size > 0 ? `${plural(after.events.size, 'event')} came in` : 'another erasure wrote to these segments';
  shell.error(`Meanwhile ${what}. Run the same command again.`);
  shell.exitWith(1);
}

/** Prints the result, and where the person's data may still be. */
function tell({ options, queues, shell }: Task, scan: Scan, erased: boolean): void {
  const elsewhere = placesLeft(queues);
  if (options.json) {
    const { segmentsRead, keys, unreadable } = scan;
    const [events, notUnderstood] = [countsByType(scan.events), countsByType(scan.notUnderstood)];
    const found = { events, notUnderstood, segmentsRead, segments: keys, unreadable };
    shell.out(JSON.stringify({ erased, ...found, elsewhere }));
    return;
  }
  if (erased)
    shell.out(
      `Removed from ${plural(scan.events.size, 'event')} what identifies a person, in both logs and in every version.`,
    );
  shell.out('These places may still hold such events:');
  for (const line of elsewhere) shell.out(`- ${line}`);
}

function refuseWhileOwing(owing: readonly HoldingQueue[], { error, exitWith }: Shell): void {
  for (const { region, name, says } of owing) error(`${region} ${name} ${says}`);
  error('Nothing was erased: owed segments may hold such events too. Run this again when those queues are empty.');
  exitWith(1);
}
