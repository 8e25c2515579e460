import { type Command, InvalidArgumentError } from 'commander';
import type { Catalog } from '../../../core/catalog/catalog.ts';
import { isRegion } from '../../cli/confirm-region.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { tableLines } from '../../cli/text-table.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { type Chosen, choose } from './choose-offer.ts';
import { currentCatalog } from './current-catalog.ts';
import { type SmokeRun, smoke } from './run-checks.ts';

interface Options extends GlobalOptions {
  readonly offer?: number;
  readonly affiliate?: number;
  readonly log?: string;
}

export function addSmoke(program: Command, shell: Shell): void {
  program
    .command('smoke')
    .description('send every kind of link to a region, and look for the acknowledged events in both logs')
    .argument('<url-or-region>', 'a region, or the https://… of a region or of the tracking name')
    .option('--offer <id>', 'the offer of the links (default: the first that takes clicks)', wholeNumber)
    .option('--affiliate <id>', 'the affiliate of the links (default: the first active one)', wholeNumber)
    .option('--log <region>', 'look only in the log of this region, while the other is not deployed yet')
    .addHelpText(
      'after',
      helpNotes(
        ['smoke us-west-2 --offer 15 --affiliate 2'],
        'The events have source keeptrack-smoke. Conversions are tests and count nowhere.\nClicks and impressions count: name an affiliate of your own.',
      ),
    )
    .action(async (target: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      const deployment = await openDeployment(options, shell);
      if (!deployment) return;
      const url = originOf(target, deployment, shell);
      if (url === undefined || (options.log !== undefined && !isRegion(options.log, deployment.regions, shell))) return;
      const catalog = await currentCatalog(deployment, options.config, shell);
      const chosen = catalog && chosenIn(catalog, options, shell);
      if (chosen) await runSmoke(url, chosen, deployment, options, shell);
    });
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1.');
}

function originOf(target: string, { regions, regionUrl }: Deployment, shell: Shell): string | undefined {
  const url = regions.includes(target) ? regionUrl(target) : target;
  if (url !== undefined && /^https?:\/\/[^/]+\/?$/.test(url) && URL.canParse(url)) return new URL(url).origin;
  return refuse(
    shell,
    url === undefined
      ? `${target}: has no name, because the config has no domain: give the URL that the deploy printed`
      : `${target}: is neither ${regions.join(' nor ')}, nor an http or https URL without a path`,
  );
}

function chosenIn(catalog: Catalog, options: Options, shell: Shell): Chosen | undefined {
  const wish = {
    ...(options.offer !== undefined && { offerId: options.offer }),
    ...(options.affiliate !== undefined && { affiliateId: options.affiliate }),
  };
  const choice = choose(catalog, wish, shell.clock.nowMs());
  if (choice.kind === 'chosen') return choice.chosen;
  return refuse(shell, choice.reason);
}

async function runSmoke(
  url: string,
  chosen: Chosen,
  deployment: Deployment,
  { json, log }: Options,
  shell: Shell,
): Promise<void> {
  const run = `smoke-${shell.clock.nowMs().toString(36)}`;
  const logs = log === undefined ? deployment.regions : [log];
  const smoked = await smoke({ url, chosen, run, logs }, deployment, shell);
  if (smoked.kind === 'no-answer') {
    shell.error(`${url}: ${smoked.reason}; nothing was sent`);
    shell.exitWith(1);
    return;
  }
  const result = {
    ...smoked.smoke,
    offer: chosen.offer.id,
    affiliate: chosen.affiliate.id,
    catalog: chosen.catalog.version,
  };
  if (json) shell.out(JSON.stringify(result, null, 2));
  else for (const line of linesOf(smoked.smoke, chosen)) shell.out(line);
  if (smoked.smoke.outcomes.some(({ problems }) => problems.length > 0)) shell.exitWith(1);
}

function linesOf(
  { url, region, run, logs, outcomes }: SmokeRun,
  { offer, affiliate, deepLink }: Chosen,
): readonly string[] {
  const inLogs = logs.length > 1 ? 'in both logs' : `in the log of ${logs.join()}`;
  const failed = outcomes.filter(({ problems }) => problems.length > 0);
  return [
    ...tableLines(
      outcomes.map(({ name, status, captured, problems }) => [
        problems.length > 0 ? 'FAILED' : 'ok',
        name,
        `${status}`,
        captured === '' ? '' : `${captured}${problems.length > 0 ? '' : `, ${inLogs}`}`,
      ]),
    ),
    ...(deepLink === undefined ? ['Deep links were not tried: no active offer allows them.'] : []),
    ...failed.flatMap(({ name, problems }) => problems.map((problem) => `FAILED ${name}: ${problem}`)),
    `${outcomes.length - failed.length} of ${outcomes.length} checks passed at ${url} (${region}); offer ${offer.id}, affiliate ${affiliate.id}, source keeptrack-smoke, aff_sub ${run}`,
  ];
}
