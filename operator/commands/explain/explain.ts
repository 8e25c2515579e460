import { type Command, InvalidArgumentError } from 'commander';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs } from '../../../core/log/log-key.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { publishedKeys, readKeyLists, tellUnread } from '../../clients/operator-key-lists.ts';
import { anyPublishedCatalog } from '../../clients/published-catalog.ts';
import { historyJson } from '../conversions/show.ts';
import { deliveryLines } from '../postbacks/delivery-lines.ts';
import { identify } from './checked-identity.ts';
import { explainTransaction } from './explain-transaction.ts';
import { type ExplainedPostbacks, explainPostbacks } from './explained-postbacks.ts';
import type { Explanation } from './explanation.ts';
import { explanationLines } from './explanation-text.ts';
import { unconfirmedIn } from './find-unconfirmed.ts';

interface Options extends GlobalOptions {
  readonly days: number;
}

const { daysDefault, daysMax } = limits.explain;

export function addExplain(program: Command, shell: Shell): void {
  program
    .command('explain')
    .description('show what became of one transaction: its click, its conversions, and where they are counted')
    .argument('<transaction-id>', 'the id that the click handed out')
    .option('--days <days>', 'how many days after the click to search', wholeDays, daysDefault)
    .addHelpText(
      'after',
      helpNotes(
        ['explain AQFrBDPX4Y6glvYAAAAPAAI2aUvBhGoECVn7'],
        `A conversion is found however late it came, by the conversion index, and so are the later reports and decisions about
it. Refused conversions, tests, and conversions with an id of the advertiser's own are found only within --days.
Exit code 1 when the click was not found.`,
      ),
    )
    .action(async (transactionId: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const deployment = await openDeployment(options, shell);
      if (deployment) await explain(transactionId, deployment, options, shell);
    });
}

function wholeDays(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= daysMax) return Number(text);
  throw new InvalidArgumentError(`Give a whole number of days, at most ${daysMax}.`);
}

async function explain(
  transactionId: string,
  deployment: Deployment,
  { days, json }: Options,
  shell: Shell,
): Promise<void> {
  const identity = await identify(transactionId, deployment);
  if (identity === undefined) {
    return refuse(
      shell,
      `${transactionId}: is no transaction id of Keeptrack, which has 36 letters, digits, - and _; conversions with it are rejected as transaction-foreign`,
    );
  }
  if (identity.clickedAtMs > shell.clock.nowMs() + hourMs) {
    return refuse(shell, `${transactionId}: names a click in the future; Keeptrack did not make it`);
  }
  const catalog = await anyPublishedCatalog(deployment);
  const lists = await readKeyLists(deployment);
  const keys = publishedKeys(lists);
  // A transaction can be explained without its decisions, but not silently.
  if (!lists.some(({ kind }) => kind === 'known')) {
    tellUnread(lists, shell);
    shell.exitWith(1);
  }
  const explanation = await explainTransaction({ transactionId, identity, catalog, days }, keys, deployment, shell);
  const postbacks = await explainPostbacks(explanation, deployment);
  if (json) shell.out(explanationJson(explanation, postbacks));
  else for (const line of [...explanationLines(explanation, keys), ...postbackLines(postbacks)]) shell.out(line);
  await tellMissingClick(explanation, deployment, shell);
}

function explanationJson(explanation: Explanation, { deliveries }: ExplainedPostbacks): string {
  const conversions = explanation.conversions.map(historyJson);
  return JSON.stringify({ ...explanation, conversions, postbacks: deliveries }, null, 2);
}

function postbackLines({ deliveries, unread }: ExplainedPostbacks): readonly string[] {
  if (unread !== undefined) return ['', `postbacks: unknown: ${unread}`];
  return deliveries.length === 0 ? [] : ['', 'postbacks', ...deliveryLines(deliveries)];
}

/** A click that no rung took is in no event log. */
async function tellMissingClick(
  { events, searched, identity, transactionId }: Explanation,
  deployment: Deployment,
  shell: Shell,
): Promise<void> {
  if (events.some(({ event }) => event.type === 'click' || event.type === 'preview')) return;
  shell.exitWith(1);
  const regions = await unconfirmedIn(transactionId, identity, deployment);
  if (regions.length > 0) {
    shell.error(
      `no rung took the click: its event is in the function log of ${regions.join(' and ')}; run keeptrack recover-logs to bring it in`,
    );
  } else if (searched.unreachable.length > 0 || searched.unfinished.length > 0) {
    shell.error('the click was not found, but not everything could be searched: ask again when both regions answer');
  } else {
    shell.error('the click is in no log: it waits in an intake queue (see keeptrack status), or was never captured');
  }
}
