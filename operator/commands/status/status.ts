import type { Command } from 'commander';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { expiresWithinSeconds } from '../../clients/queue-facts.ts';
import { gatherFacts } from './gather-facts.ts';
import { owedTo, type StatusFacts } from './status-facts.ts';
import { problemsIn, switchesIn } from './status-problems.ts';
import { statusLines } from './status-table.ts';

export function addStatus(program: Command, shell: Shell): void {
  program
    .command('status')
    .description('show how both regions are (exit code 1 when something is not well)')
    .addHelpText('after', helpNotes(['status', 'status --local']))
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const deployment = await openDeployment(options, shell);
      if (!deployment) return;
      const facts = await gatherFacts(deployment, shell);
      if (options.json) shell.out(JSON.stringify(jsonOf(facts), null, 2));
      else for (const line of statusLines(facts)) shell.out(line);
      if (problemsIn(facts).length > 0) shell.exitWith(1);
    });
}

/** The facts and what follows from them. docs/operations.md describes the shape. */
function jsonOf(facts: StatusFacts) {
  const problems = problemsIn(facts);
  return {
    well: problems.length === 0,
    problems,
    switched: switchesIn(facts),
    ...facts,
    regions: facts.regions.map((one) => ({
      ...one,
      owed: owedTo(one.region, facts.regions),
      queues: one.queues.map((queue) => ({ ...queue, expiresWithinSeconds: expiresWithinSeconds(queue) })),
    })),
  };
}
