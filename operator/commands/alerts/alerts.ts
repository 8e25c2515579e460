import type { Command } from 'commander';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { listAlerts } from './list-alerts.ts';

export function addAlerts(program: Command, shell: Shell): void {
  const alerts = program
    .command('alerts')
    .description('show what the network is told of, and when it was last told')
    .addHelpText('after', helpNotes(['alerts list']));
  alerts
    .command('list')
    .description("list the catalog's rules of alerts with their present state, and open alerts of caps and postbacks")
    .addHelpText(
      'after',
      helpNotes(
        ['alerts list', 'alerts list --json'],
        `ALERT: out of bounds, and told. ok: within its bound. quiet: the hour tells nothing, and figures says why.
Exit code 1 when a region's copy could not be read.`,
      ),
    )
    .action((_: unknown, command: Command) => listAlerts(command.optsWithGlobals<GlobalOptions>(), shell));
}
