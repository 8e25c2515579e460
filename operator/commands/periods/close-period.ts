import { operatorEvent } from '../../../core/conversions/operator-events.ts';
import { encodeLine, type LoggedEvent } from '../../../core/event/event.ts';
import { type ClosedPeriod, nextDay, periodName } from '../../../core/periods/closed-periods.ts';
import { type Statement, type StatementObject, statementObject } from '../../../core/periods/statement.ts';
import { plural } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { sendToBothIntakes } from '../../clients/both-intakes.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { openLogClient } from '../../clients/log-client.ts';
import { type OperatorSigner, openSigner } from '../../clients/operator-signer.ts';
import {
  type KnownPeriods,
  type PeriodBucket,
  PeriodsFailure,
  readPeriods,
  statedPeriods,
  withPeriodBuckets,
} from '../../clients/period-buckets.ts';
import { isAgreed } from '../../conversions/send-events.ts';
import { calendarOf } from '../../figures/calendar.ts';
import { FiguresFailure } from '../../figures/figures-reader.ts';
import { withFigures } from '../../figures/open-figures.ts';
import { type Closing, type PlannedPeriod, planPeriod, whyNotThese } from './plan-period.ts';
import { statementJson, statementTable, totalsOnly } from './statement-text.ts';
import { addPeriod, completeCopies, type WrittenPeriods } from './write-period.ts';

/** As Commander parses them. */
export interface CloseOptions {
  readonly to: string;
  readonly from?: string;
  readonly region?: string;
  readonly note?: string;
  readonly again?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly keyFile?: string;
}

interface CloseTask {
  readonly options: CloseOptions & GlobalOptions;
  readonly deployment: Deployment;
  readonly buckets: readonly PeriodBucket[];
  readonly shell: Shell;
}

export async function closePeriod(options: CloseOptions & GlobalOptions, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const { region } = options;
  if (region !== undefined && !deployment.regions.includes(region))
    return refuse(shell, `--region: ${region} is not one of ${deployment.regions.join(' and ')}`);
  await withPeriodBuckets(deployment, async (buckets) => {
    try {
      await close({ options, deployment, buckets, shell });
    } catch (error) {
      if (!(error instanceof PeriodsFailure || error instanceof FiguresFailure)) throw error;
      shell.error(error.message);
      shell.exitWith(1);
    }
  });
}

async function close(task: CloseTask): Promise<void> {
  const { options, buckets, shell } = task;
  const found = await readPeriods(buckets);
  const unreached = reachProblem(found, options);
  if (unreached !== undefined) return failed(shell, unreached);
  if (options.again) return closeAgain(found, task);
  const known = options.dryRun ? found : await completed(found, task);
  if (!known) return;
  const asked = await askedPeriod(known, task);
  if (!asked) return;
  const signer = options.dryRun ? 'dry-run' : await signerOf(task);
  if (!signer) return;
  const planned = await plan(asked, known, task);
  if (planned.kind === 'refused') return failed(shell, ...planned.problems, 'Nothing was closed.');
  for (const warning of planned.warnings) shell.error(warning);
  const object = statementObject(planned.statement);
  if (signer === 'dry-run') return tell(planned.statement, object, { ...known, dryRun: true }, task);
  const name = periodName(planned.statement);
  if (!(await isAgreed(`${name} is closed for ever: its figures stay as they are now.`, options.yes, shell))) return;
  await write(planned.statement, object, known, signer, task);
}

/** Without `--region` both regions must answer. With it only that one may, so that nobody skips the comparison. */
function reachProblem({ copies, unknown }: KnownPeriods, { region }: CloseOptions): string | undefined {
  const [lost] = unknown;
  if (region === undefined) {
    const other = copies[0]?.region;
    return lost && `${lost.region} cannot be reached (${lost.reason}): if it is dead, say --region ${other}`;
  }
  const answering = copies.find((copy) => copy.region !== region);
  return answering && `${answering.region} answers: leave out --region, so that its figures are compared`;
}

/** The list, after each bucket got what it lacked. Undefined when one of them did not take it. */
async function completed(found: KnownPeriods, { buckets, shell }: CloseTask): Promise<KnownPeriods | undefined> {
  const copied = await completeCopies(buckets, found);
  if (copied.failures.length > 0) return failed(shell, ...failureLines(copied));
  for (const region of copied.done) shell.progress(`${region}: got the closed periods that it lacked`);
  return copied.done.length > 0 ? readPeriods(buckets) : found;
}

type Asked = Omit<Closing, 'regions'>;

async function askedPeriod(
  { periods }: KnownPeriods,
  { options, deployment, buckets, shell }: CloseTask,
): Promise<Asked | undefined> {
  const last = periods.at(-1);
  const from = options.from ?? (last && nextDay(last.to));
  if (from === undefined)
    return refuse(shell, '--from: no period was closed yet, so say on which day the first begins');
  const calendar = calendarOf(deployment.config.reporting.timeZone);
  const asked = { from, to: options.to, calendar, stated: await statedPeriods(periods, buckets) };
  const wrong = whyNotThese(asked, shell.clock.nowMs());
  return wrong === undefined ? asked : refuse(shell, wrong);
}

function signerOf({ options, deployment, shell }: CloseTask): Promise<OperatorSigner | undefined> {
  return openSigner(deployment, options.keyFile ?? shell.operatorKeyFile(deployment.config.name), shell);
}

function plan(asked: Asked, { copies }: KnownPeriods, { deployment, shell }: CloseTask): Promise<PlannedPeriod> {
  const regions = copies.map(({ region }) => region);
  return withFigures(deployment, regions, shell, async (readers) => {
    const logs = regions.map((region) => openLogClient(deployment, region));
    try {
      const opened = readers.flatMap((reader, index) => {
        const log = logs[index];
        return log ? [{ reader, log }] : [];
      });
      const [first, ...others] = opened;
      if (first === undefined) throw new PeriodsFailure('no region can be reached');
      return await planPeriod({ ...asked, regions: [first, ...others] }, shell);
    } finally {
      for (const log of logs) log.close();
    }
  });
}

async function write(
  statement: Statement,
  object: StatementObject,
  known: KnownPeriods,
  signer: OperatorSigner,
  task: CloseTask,
): Promise<void> {
  const { buckets, shell, options } = task;
  const { from, to, timeZone } = statement;
  const nowMs = shell.clock.nowMs();
  const { note } = options;
  const fields = { from, to, time_zone: timeZone, statement: object.digest, ...(note !== undefined && { note }) };
  const event = signer.sign(operatorEvent({ type: 'period', fields }, nowMs, shell.random.bytes(10)));
  const period: ClosedPeriod = { from, to, timeZone, statement: object.digest, closedAtMs: nowMs, event };
  const written = await addPeriod(buckets, known, period, object.gzip);
  if (written.done.length === 0) return failed(shell, ...failureLines(written), 'Nothing was closed.');
  const sent = await send(event, task);
  tell(statement, object, { ...known, writtenTo: written.done, sentTo: sent.done }, task);
  const failures = [...failureLines(written), ...failureLines(sent)];
  if (failures.length > 0) failed(shell, ...failures, `${periodName(period)} is closed. ${againHint}`);
}

const againHint = 'When the region answers again, keeptrack periods close --again completes what is missing.';

/** Copies what a bucket lacks, and sends the event of the last period again. Twice is harmless: it has one id. */
async function closeAgain(found: KnownPeriods, task: CloseTask): Promise<void> {
  const { options, shell } = task;
  const last = found.periods.at(-1);
  if (last?.to !== options.to) return refuse(shell, `--again: the last closed day is ${last?.to ?? 'none'}`);
  if (!(await completed(found, task))) return;
  const sent = await send(last.event, task);
  if (options.json)
    shell.out(JSON.stringify({ period: periodName(last), statement: last.statement, sentTo: sent.done }));
  else
    shell.out(`${periodName(last)} was closed already; its event is in the intake queue of ${sent.done.join(' and ')}`);
  if (sent.failures.length > 0) failed(shell, ...failureLines(sent), againHint);
}

async function send(event: LoggedEvent, { deployment }: CloseTask): Promise<WrittenPeriods> {
  const { regions } = await sendToBothIntakes(deployment, [encodeLine(event)], () => {});
  return {
    done: regions.flatMap(({ region, failure }) => (failure === undefined ? [region] : [])),
    failures: regions.flatMap(({ region, failure }) =>
      failure === undefined ? [] : [{ region, reason: `its intake queue did not take the event (${failure})` }],
    ),
  };
}

interface Outcome extends Pick<KnownPeriods, 'periods'> {
  readonly dryRun?: true;
  /** Regions whose bucket has the statement and the list. */
  readonly writtenTo?: readonly string[];
  /** Regions whose intake queue took the event. */
  readonly sentTo?: readonly string[];
}

function tell(
  statement: Statement,
  { digest }: StatementObject,
  outcome: Outcome,
  { options, shell }: CloseTask,
): void {
  const { from, to, timeZone, days } = statement;
  const { dryRun = false, writtenTo = [], sentTo = [], periods } = outcome;
  const view = { ...totalsOnly, periods };
  if (options.json) {
    const period = { period: periodName({ from, to }), from, to, timeZone, statement: digest };
    shell.out(JSON.stringify({ ...period, dryRun, writtenTo, sentTo, totals: statementJson(statement, view) }));
    return;
  }
  const earlier = days.filter(({ day }) => day < from).length;
  shell.out(
    `${periodName({ from, to })} (${timeZone}): ${plural(days.length - earlier, 'day')}, and ${plural(earlier, 'earlier day')} that changed`,
  );
  for (const line of statementTable(statement, view, shell.widthColumns)) shell.out(line);
  const ending = dryRun
    ? ['Nothing was written: a dry run.']
    : [
        `statement ${digest} is in the bucket of ${writtenTo.join(' and ')}`,
        `its event is in the intake queue of ${sentTo.join(' and ') || 'no region'}`,
      ];
  for (const line of ending) shell.out(line);
}

function failureLines({ failures }: WrittenPeriods): readonly string[] {
  return failures.map(({ region, reason }) => `${region}: ${reason}`);
}

function failed({ error, exitWith }: Shell, ...problems: readonly string[]): undefined {
  for (const problem of problems) error(problem);
  exitWith(1);
  return undefined;
}
