import { Command, CommanderError } from 'commander';
import { addAdjustments } from '../commands/adjustments/adjustments.ts';
import { addAdvertisers } from '../commands/advertisers/key.ts';
import { addAlerts } from '../commands/alerts/alerts.ts';
import { addCatalogDiff } from '../commands/catalog/diff.ts';
import { addCatalogHistory } from '../commands/catalog/history.ts';
import { addCatalogPublish } from '../commands/catalog/publish.ts';
import { addCatalogValidate } from '../commands/catalog/validate.ts';
import { addConversions } from '../commands/conversions/conversions.ts';
import { addDoctor } from '../commands/doctor/doctor.ts';
import { addErase } from '../commands/erase/erase.ts';
import { addExplain } from '../commands/explain/explain.ts';
import { addKeys } from '../commands/keys/keys.ts';
import { addOperators } from '../commands/operators/operators.ts';
import { addPeriods } from '../commands/periods/periods.ts';
import { addPostbacks } from '../commands/postbacks/postbacks.ts';
import { addQuery } from '../commands/query/query.ts';
import { addRebuild } from '../commands/rebuild/rebuild.ts';
import { addReconcile } from '../commands/reconcile/reconcile.ts';
import { addRecoverLogs } from '../commands/recover-logs/recover-logs.ts';
import { addRegions } from '../commands/regions/regions.ts';
import { addReport } from '../commands/report/report.ts';
import { addShift } from '../commands/shift/shift.ts';
import { addSmoke } from '../commands/smoke/smoke.ts';
import { addStatus } from '../commands/status/status.ts';
import { addStorage } from '../commands/storage/storage.ts';
import { addGlobalOptions, withConsoleAddress } from './global-options.ts';
import { helpNotes } from './help-notes.ts';
import type { ExitCode, Shell } from './shell.ts';
import { visible, visibleInLine } from './visible-text.ts';

/** Runs one command. `args` have neither node nor the script. Never throws and never ends the process. */
export async function keeptrack(args: readonly string[], output: Omit<Shell, 'exitWith'>): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const exitWith = (code: ExitCode) => {
    exitCode = code;
  };
  const program = createProgram({ ...output, ...withVisibleText(output), exitWith }, output);
  try {
    await program.parseAsync(withConsoleAddress(args), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // Without a subcommand Commander has printed the whole help instead.
      if (error.code !== 'commander.help') output.error(visibleInLine(usageError(error, program, args)));
      return 2;
    }
    output.error(visibleInLine(`keeptrack: ${(error as Error).message}`));
    return 1;
  }
}

/** One line: the mistake, and the help of the command that was meant. */
function usageError({ message }: CommanderError, program: Command, args: readonly string[]): string {
  const path = [program];
  const withoutOptions = args.filter(
    (argument, index) => !argument.startsWith('-') && !takesValue(program, args[index - 1]),
  );
  for (const argument of withoutOptions) {
    const next = path.at(-1)?.commands.find((command) => command.name() === argument);
    if (next === undefined) break;
    path.push(next);
  }
  const name = path.map((command) => command.name()).join(' ');
  return `${name}: ${message.replace(/^error: /, '')} (${name} --help explains)`;
}

/** Whether the argument is one of the options that all commands have, and the next argument is its value. */
function takesValue(program: Command, argument = ''): boolean {
  return program.options.some(({ long, required }) => required && argument === long);
}

/** Everything that a command prints may contain text of strangers. */
function withVisibleText({ out, error, progress, ask }: Omit<Shell, 'exitWith'>) {
  return {
    out: (line: string) => out(visible(line)),
    error: (line: string) => error(visibleInLine(line)),
    progress: (line: string) => progress(visible(line)),
    ask: (question: string) => ask(visible(question)),
  };
}

/** `output`: where a whole help goes, which has several lines. */
function createProgram(shell: Shell, output: Pick<Shell, 'error'>): Command {
  const program = new Command('keeptrack')
    .description('Operates a Keeptrack deployment in AWS or in the local cloud.')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      helpNotes(
        ['status', 'report --from yesterday', 'report --help'],
        'Exit codes: 0 done; 1 tried and failed, or something is not well; 2 nothing was tried: correct the command.',
      ),
    )
    .configureOutput({
      writeOut: (text) => shell.out(text.trimEnd()),
      writeErr: (text) => output.error(visible(text.trimEnd())),
      // `keeptrack` prints the error when it catches it.
      outputError: () => {},
    });
  addGlobalOptions(program);
  const catalog = program
    .command('catalog')
    .description('check, compare and publish the catalog of offers, affiliates, advertisers and creatives')
    .addHelpText('after', helpNotes(['catalog validate catalog.yaml', 'catalog publish catalog.yaml']));
  addCatalogValidate(catalog, shell);
  addCatalogDiff(catalog, shell);
  addCatalogPublish(catalog, shell);
  addCatalogHistory(catalog, shell);
  addStatus(program, shell);
  addAlerts(program, shell);
  addReport(program, shell);
  addPeriods(program, shell);
  addReconcile(program, shell);
  addRebuild(program, shell);
  addExplain(program, shell);
  addQuery(program, shell);
  addShift(program, shell);
  addStorage(program, shell);
  addSmoke(program, shell);
  addConversions(program, shell);
  addAdjustments(program, shell);
  addPostbacks(program, shell);
  addKeys(program, shell);
  addOperators(program, shell);
  addAdvertisers(program, shell);
  addRecoverLogs(program, shell);
  addDoctor(program, shell);
  addRegions(program, shell);
  addErase(program, shell);
  return program;
}
