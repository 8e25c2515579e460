import type { Command } from 'commander';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { addAdd } from './add.ts';
import { addList } from './list.ts';

export function addAdjustments(program: Command, shell: Shell): void {
  const adjustments = program
    .command('adjustments')
    .description('add or take money that no conversion stands for')
    .addHelpText(
      'after',
      helpNotes(['adjustments add --file adjustments.csv --dry-run', 'adjustments list --from 30d']),
    );
  addAdd(adjustments, shell);
  addList(adjustments, shell);
}
