import { type Command, Option } from 'commander';
import { limits } from '../../../core/limits/limits.ts';
import { plural } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import { readUserFile } from '../../cli/read-user-file.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import type { SentLines } from '../../clients/both-intakes.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { askPublishedKeys } from '../../clients/operator-key-lists.ts';
import { type OperatorSigner, openSigner } from '../../clients/operator-signer.ts';
import type { ConversionsPlace } from '../../conversions/find-conversions.ts';
import { withConversions } from '../../conversions/open-conversions.ts';
import { isAgreed, sendEvents } from '../../conversions/send-events.ts';
import { calendarOf } from '../../figures/calendar.ts';
import { refuseRows, tellIgnored } from '../conversions/decide.ts';
import { moneyJson, moneyLine } from '../conversions/plan-text.ts';
import { adjustmentColumns, adjustmentsOfFile, judgedAdjustments, type ReadAdjustments } from './adjustment-rows.ts';
import { type AdjustmentPlan, planAdjustments } from './plan-adjustments.ts';

interface Options extends GlobalOptions {
  readonly file?: string;
  readonly offer?: string;
  readonly affiliate?: string;
  readonly goal?: string;
  readonly currency?: string;
  readonly day?: string;
  readonly payout?: string;
  readonly revenue?: string;
  readonly reference?: string;
  readonly note?: string;
  readonly unlisted?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly keyFile?: string;
}

export function addAdd(parent: Command, shell: Shell): void {
  parent
    .command('add')
    .description('add or take money of an offer and affiliate, once for each reference')
    .option('--file <file>', 'a CSV file with a row for each adjustment')
    .option('--offer <id>', 'the offer')
    .option('--affiliate <id>', 'the affiliate')
    .option('--goal <id>', 'the goal (default: the default goal)')
    .option('--currency <code>', 'such as USD')
    .option('--day <day>', 'the day that it concerns, such as 2026-11-23, in the time zone of the network')
    .option('--payout <amount>', 'what the affiliate gets, or gives back: --payout=-12.50')
    .option('--revenue <amount>', 'what the advertiser pays, or gets back')
    .option('--reference <text>', 'your own number of the adjustment; a second one with this reference changes nothing')
    .option('--note <text>', 'why; of a file, for rows without a note of their own')
    .option('--unlisted', 'accept offers, affiliates and goals that the published catalog does not have')
    .option('--dry-run', 'say what would change, and send nothing')
    .option('--yes', 'do not ask')
    .addOption(new Option('--key-file <file>', 'the private key of the operator'))
    .addHelpText('after', helpNotes(['adjustments add --file adjustments.csv --dry-run'], fileNote))
    .action((_: unknown, command: Command) => add(command.optsWithGlobals<Options>(), shell));
}

const fileNote = `Columns of the file: ${adjustmentColumns.join(', ')}. goal_id may be left out, and one of payout and revenue.
At most ${limits.decisions.rowsMax} rows. Every row is checked before anything is sent. The same file again changes nothing more.`;

async function add(options: Options, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const keyFile = options.keyFile ?? shell.operatorKeyFile(deployment.config.name);
  const signer = options.dryRun ? undefined : await openSigner(deployment, keyFile, shell);
  if (!options.dryRun && signer === undefined) return;
  const keys = signer?.keys ?? (await askPublishedKeys(deployment, shell));
  if (!keys) return;
  await withConversions(deployment, keys, shell, async (place) => {
    const read = readAdjustments(options, deployment, place, shell);
    if (read === undefined) return;
    if (read.kind === 'wrong') return refuseRows(read.problems, shell);
    for (const warning of read.warnings.slice(0, limits.decisions.problemsMax)) shell.error(warning);
    tellIgnored(read.ignored, shell);
    const plan = await planAdjustments(read.rows, place, shell);
    await carryOut(plan, read.rows.length, { options, deployment, signer, shell });
  });
}

/** Undefined when the command is refused already. */
function readAdjustments(
  options: Options,
  { config }: Deployment,
  { catalog }: ConversionsPlace,
  shell: Shell,
): ReadAdjustments | undefined {
  const { file, unlisted } = options;
  if (catalog === undefined && !unlisted) {
    return refuse(shell, 'the published catalog cannot be read, so ids cannot be checked; --unlisted does without');
  }
  const rules = {
    calendar: calendarOf(config.reporting.timeZone),
    nowMs: shell.clock.nowMs(),
    retentionDays: config.retentionDays,
    ...(catalog && !unlisted && { catalog }),
  };
  const cells = cellsOf(options);
  if (file === undefined) return judgedAdjustments([['', cells]], rules);
  if (cells.size > (cells.has('note') ? 1 : 0))
    return refuse(shell, 'give --file or the values of one adjustment, not both');
  const text = readUserFile(file, shell);
  if (text === undefined) return undefined;
  const read = adjustmentsOfFile(text, rules, cells.get('note'));
  return read.kind === 'rows'
    ? read
    : { kind: 'wrong', problems: read.problems.map((problem) => `${file}: ${problem}`) };
}

function cellsOf({ offer, affiliate, goal, currency, day, payout, revenue, reference, note }: Options) {
  const values = {
    offer_id: offer,
    affiliate_id: affiliate,
    goal_id: goal,
    currency,
    day,
    payout,
    revenue,
    reference,
    note,
  };
  return new Map(
    Object.entries(values).flatMap(([name, value = '']): [string, string][] => {
      const text = value.trim();
      return text === '' ? [] : [[name, text]];
    }),
  );
}

interface Task {
  readonly options: Options;
  readonly deployment: Deployment;
  /** Undefined in a dry run. */
  readonly signer: OperatorSigner | undefined;
  readonly shell: Shell;
}

async function carryOut(plan: AdjustmentPlan, rowCount: number, task: Task): Promise<void> {
  const { options, deployment, signer, shell } = task;
  if (plan.problems.length > 0) return refuseRows(plan.problems, shell);
  const { events, money, known } = plan;
  const summary = `${plural(rowCount, 'adjustment')}: ${events.length} new, ${known} booked already`;
  for (const line of [summary, ...money.map(moneyLine)]) {
    if (options.json) shell.progress(line);
    else shell.out(line);
  }
  let sent: SentLines | undefined;
  if (signer !== undefined && events.length > 0) {
    if (!(await isAgreed(`Book ${plural(events.length, 'adjustment')}?`, options.yes, shell))) return;
    sent = await sendEvents(events, signer, deployment, shell);
  }
  if (options.json) {
    const result = { adjustments: rowCount, known, money: money.map(moneyJson), sent: sent ?? null };
    return shell.out(JSON.stringify(result, null, 2));
  }
  if (sent)
    shell.out(`${sent.taken} of ${plural(events.length, 'adjustment')} sent; figures have them within some minutes`);
  else shell.out(events.length > 0 ? 'Nothing was sent: this is a dry run.' : 'Nothing has to be sent.');
}
