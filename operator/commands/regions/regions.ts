import type { Command } from 'commander';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { type ReplaceOptions, replaceRegion } from './replace.ts';

export function addRegions(program: Command, shell: Shell): void {
  const regions = program
    .command('regions')
    .description('fill a new region that takes the place of a lost one')
    .addHelpText('after', helpNotes(['regions replace us-east-2']));
  regions
    .command('replace')
    .description('copy the log, the figures and the conversion index of the other region into a new one')
    .argument('<region>', 'the new region, which is deployed and empty')
    .option('--confirm <region>', "the new region's name again, instead of being asked for it")
    .addHelpText(
      'after',
      helpNotes(
        ['regions replace us-east-2', 'regions replace us-east-2 --confirm us-east-2 --json'],
        `Use it when a region never comes back. docs/runbook.md, "A region that never comes back", has all steps.
S3 copies the objects itself: they do not come to this machine. Run it near the new region all the same, because
each copy is a call. The command can be interrupted, and run again: it goes on where it was.`,
        'Exit code 0 says that the region may carry traffic. 1 says why it should not yet.',
      ),
    )
    .action((region: string, _: unknown, command: Command) =>
      replaceRegion(region, command.optsWithGlobals<ReplaceOptions>(), shell),
    );
}
