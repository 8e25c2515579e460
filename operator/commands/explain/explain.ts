import { type Command, InvalidArgumentError } from 'commander';
import type { Catalog } from '../../../core/catalog/catalog.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs } from '../../../core/log/log-key.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import type { Shell } from '../../cli/shell.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { publishedCatalog } from '../../clients/published-catalog.ts';
import { identify } from './checked-identity.ts';
import { explainTransaction } from './explain-transaction.ts';
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
    .description('what became of one transaction: its click, its conversions, their way and their place in the figures')
    .argument('<transaction-id>', 'as a click handed it out')
    .option('--days <days>', 'how far after the click to look through the log', wholeDays, daysDefault)
    .addHelpText(
      'after',
      `
Conversions that the index knows of are found however late they came; rejected ones, tests, and those with an
id of the advertiser's own only within --days. Exit code 1 when the click was not found.`,
    )
    .action(async (transactionId: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const deployment = await openDeployment(options, shell);
      if (deployment) await explain(transactionId, deployment, options, shell);
    });
}

function wholeDays(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) <= daysMax) return Number(text);
  throw new InvalidArgumentError(`It is a whole number of days, at most ${daysMax}.`);
}

async function explain(
  transactionId: string,
  deployment: Deployment,
  { days, json }: Options,
  shell: Shell,
): Promise<void> {
  const identity = await identify(transactionId, deployment);
  if (identity === undefined) {
    shell.error(
      `${transactionId}: is no transaction id of Keeptrack's (36 letters, digits, - and _); conversions that bring it are rejected as transaction-foreign`,
    );
    shell.exitWith(2);
    return;
  }
  if (identity.clickedAtMs > shell.clock.nowMs() + hourMs) {
    shell.error(`${transactionId}: speaks of a click in the future; it was not made here`);
    shell.exitWith(2);
    return;
  }
  const catalog = await publishedOne(deployment);
  const explanation = await explainTransaction({ transactionId, identity, catalog, days }, deployment, shell);
  if (json) shell.out(JSON.stringify(explanation, jsonValue, 2));
  else for (const line of explanationLines(explanation)) shell.out(line);
  await tellMissingClick(explanation, deployment, shell);
}

async function publishedOne(deployment: Deployment): Promise<Catalog | undefined> {
  for (const region of deployment.regions) {
    const published = await publishedCatalog(deployment, region);
    if (published.kind === 'catalog') return published.catalog;
  }
  return undefined;
}

/** JSON knows no sets and no bigints. */
function jsonValue(_name: string, value: unknown): unknown {
  if (value instanceof Set) return [...value];
  return typeof value === 'bigint' ? Number(value) : value;
}

/** A click that no rung took is in no log of events. */
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
      `no rung took the click: it stands in the function log of ${regions.join(' and ')}, and keeptrack recover-logs brings it in`,
    );
  } else if (searched.unreachable.length > 0 || searched.unfinished.length > 0) {
    shell.error(
      'the click was not found, and not everything could be looked through: ask again when both regions answer',
    );
  } else {
    shell.error(
      'the click is in no log: it waits in an intake queue (keeptrack status says how much does), or was never captured',
    );
  }
}
