import { periodName } from '../../../core/periods/closed-periods.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { PeriodsFailure, readPeriods, statedPeriods, withPeriodBuckets } from '../../clients/period-buckets.ts';
import { noNames, readNames } from '../report/catalog-names.ts';
import { type StatementView, statementCsv, statementJson, statementTable } from './statement-text.ts';

/** As Commander parses them. */
export interface ShowOptions {
  readonly csv?: true;
}

/** `name`: of a closed period, or one of its days. */
export async function showPeriod(name: string, options: ShowOptions & GlobalOptions, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  if (options.csv && options.json) return refuse(shell, 'say --csv or --json, not both');
  try {
    const found = await withPeriodBuckets(deployment, async (buckets) => {
      const { periods } = await readPeriods(buckets);
      const period = periods.find((one) => periodName(one) === name || (name >= one.from && name <= one.to));
      if (period === undefined) return undefined;
      const [stated] = await statedPeriods([period], buckets);
      return stated && { ...stated, periods };
    });
    if (found === undefined) return refuse(shell, `${name}: no such period was closed (keeptrack periods list)`);
    const named = await readNames(deployment);
    const names = named.kind === 'names' ? named.names : noNames;
    if (named.kind === 'unknown') shell.error(`no names are shown: ${named.reason}`);
    tell(found, { groups: ['offer', 'affiliate'], names, periods: found.periods }, options, shell);
  } catch (error) {
    if (!(error instanceof PeriodsFailure)) throw error;
    shell.error(error.message);
    shell.exitWith(1);
  }
}

type Shown = Awaited<ReturnType<typeof statedPeriods>>[number];

function tell(
  { period, statement }: Shown,
  view: StatementView,
  { csv, json }: ShowOptions & GlobalOptions,
  shell: Shell,
) {
  const { from, to, timeZone, statement: digest } = period;
  if (json) {
    const head = { period: periodName(period), from, to, timeZone, statement: digest };
    return shell.out(JSON.stringify({ ...head, rows: statementJson(statement, view) }, null, 2));
  }
  if (!csv) shell.out(`${from} to ${to} (${timeZone}), statement ${digest}`);
  const lines = csv ? statementCsv(statement, view) : statementTable(statement, view, shell.widthColumns);
  for (const line of lines) shell.out(line);
}
