import type { Command } from 'commander';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { type CloseOptions, closePeriod } from './close-period.ts';
import { listPeriods } from './list-periods.ts';
import { type ShowOptions, showPeriod } from './show-period.ts';

export function addPeriods(program: Command, shell: Shell): void {
  const periods = program
    .command('periods')
    .description('close periods that were invoiced, and show their statements')
    .addHelpText(
      'after',
      helpNotes(['periods close --to 2026-10-31 --dry-run', 'periods list', 'periods show 2026-10']),
    );
  addClose(periods, shell);
  periods
    .command('list')
    .description('list the closed periods')
    .addHelpText('after', helpNotes(['periods list']))
    .action((_: unknown, command: Command) => listPeriods(command.optsWithGlobals<GlobalOptions>(), shell));
  periods
    .command('show')
    .description('show the statement of a closed period, by offer and affiliate')
    .argument('<period>', 'its name in the list, or one of its days')
    .option('--csv', 'print CSV')
    .addHelpText('after', helpNotes(['periods show 2026-10', 'periods show 2026-10-15 --csv']))
    .action((name: string, _: unknown, command: Command) =>
      showPeriod(name, command.optsWithGlobals<ShowOptions & GlobalOptions>(), shell),
    );
}

function addClose(periods: Command, shell: Shell): void {
  periods
    .command('close')
    .description('keep the final figures of some days for ever, as their statement')
    .requiredOption('--to <day>', 'the last day, in the time zone of the network: 2026-10-31')
    .option('--from <day>', 'the first day (default: the day after the last closed one)')
    .option('--region <region>', 'only this region can be reached: its figures are not compared with the other one’s')
    .option('--note <text>', 'why, or for which invoices; kept in the log')
    .option('--again', 'complete the last close, which broke off: its copies and its event')
    .option('--dry-run', 'show the statement and write nothing')
    .option('--yes', 'close without asking')
    .option('--key-file <file>', "your operator's key (default: ~/.keeptrack/<name>-operator.json)")
    .addHelpText(
      'after',
      helpNotes(
        ['periods close --to 2026-10-31 --dry-run', 'periods close --from 2026-10-01 --to 2026-10-31'],
        `A closed period cannot be opened again. What changes in its days afterwards counts in the next period, as
"corrections of" the closed one.`,
      ),
    )
    .action((_: unknown, command: Command) =>
      closePeriod(command.optsWithGlobals<CloseOptions & GlobalOptions>(), shell),
    );
}
