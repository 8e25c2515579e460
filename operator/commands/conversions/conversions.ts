import type { Command } from 'commander';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { addDecide } from './decide.ts';
import { addList } from './list.ts';
import { addShow } from './show.ts';

export function addConversions(program: Command, shell: Shell): void {
  const conversions = program
    .command('conversions')
    .description('list and show conversions, and decide about them')
    .addHelpText(
      'after',
      helpNotes(['conversions list --status pending', 'conversions approve --file approve.csv --dry-run']),
    );
  addList(conversions, shell);
  addShow(conversions, shell);
  for (const verdict of ['approve', 'reject', 'set-amount'] as const) addDecide(conversions, verdict, shell);
}
