import { encodeLine, type LoggedEvent } from '../../core/event/event.ts';
import { plural } from '../cli/format.ts';
import { refuse } from '../cli/refuse.ts';
import type { Shell } from '../cli/shell.ts';
import { type SentLines, sendToBothIntakes } from '../clients/both-intakes.ts';
import type { Deployment } from '../clients/deployment.ts';
import type { OperatorSigner } from '../clients/operator-signer.ts';

/** Whether the operator agreed, by `--yes` or at the terminal. If not, prints that and sets exit code 2. */
export async function isAgreed(question: string, yes: true | undefined, shell: Shell): Promise<boolean> {
  if (yes || /^y(es)?$/i.test(await shell.ask(`${question} Type yes to go on: `))) return true;
  refuse(shell, 'Nothing was sent: nobody said yes. In a script, give --yes.');
  return false;
}

/**
 * Signs the events and sends them to both regions. Prints which region did not take all. Sets exit code 1 when an event
 * was taken by no region.
 */
export async function sendEvents(
  events: readonly LoggedEvent[],
  signer: OperatorSigner,
  deployment: Deployment,
  shell: Shell,
): Promise<SentLines> {
  const lines = events.map((event) => encodeLine(signer.sign(event)));
  const sent = await sendToBothIntakes(deployment, lines, (taken) =>
    shell.progress(`${taken} of ${plural(lines.length, 'event')} sent`),
  );
  for (const { region, taken, failure } of sent.regions) {
    if (failure === undefined) continue;
    shell.error(`${region}: its intake queue took ${taken} of ${plural(lines.length, 'event')} (${failure})`);
  }
  if (sent.taken < lines.length) {
    shell.error(
      `${plural(lines.length - sent.taken, 'event')} in no region: run the same command again. What was sent counts once.`,
    );
    shell.exitWith(1);
  } else if (sent.regions.some(({ failure }) => failure !== undefined)) {
    shell.error('The other region has all of them, and brings them to both logs.');
  }
  return sent;
}
