import type { Command } from 'commander';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { expiresWithinSeconds } from '../../clients/queue-facts.ts';
import { capsJson } from './caps-table.ts';
import { gatherFacts } from './gather-facts.ts';
import { owedTo, type StatusFacts } from './status-facts.ts';
import { problemsIn, switchesIn } from './status-problems.ts';
import { statusLines } from './status-table.ts';

export function addStatus(program: Command, shell: Shell): void {
  program
    .command('status')
    .description('show how both regions are (exit code 1 when something is not well)')
    .option('--caps', 'show all caps, not only closed ones and the fullest')
    .addHelpText('after', helpNotes(['status', 'status --local']))
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { readonly caps?: true }>();
      const deployment = await openDeployment(options, shell);
      if (!deployment) return;
      const facts = await gatherFacts(deployment, shell);
      if (options.json) shell.out(JSON.stringify(jsonOf(facts), null, 2));
      else for (const line of statusLines(facts, options.caps)) shell.out(line);
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
      caps: one.caps.kind === 'known' && one.caps.value ? capsJson(one.caps.value, facts) : one.caps,
      queues: one.queues.map((queue) => ({ ...queue, expiresWithinSeconds: expiresWithinSeconds(queue) })),
    })),
  };
}
