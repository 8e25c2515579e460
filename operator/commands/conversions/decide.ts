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
import { searchConversions } from '../../conversions/find-conversions.ts';
import { withConversions } from '../../conversions/open-conversions.ts';
import { isAgreed, sendEvents } from '../../conversions/send-events.ts';
import { listColumns } from './conversion-columns.ts';
import { type DecisionRow, moneyNames, type ReadRows, rowsOfFile, rowsOfIds, type Verdict } from './decision-rows.ts';
import { type DecisionPlan, planDecisions } from './plan-decisions.ts';
import { changeLines, planJson, planLines } from './plan-text.ts';

interface Options extends GlobalOptions {
  readonly file?: string;
  readonly amount?: string;
  readonly payout?: string;
  readonly revenue?: string;
  readonly note?: string;
  readonly overCap?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly keyFile?: string;
}

const descriptions: Readonly<Record<Verdict, string>> = {
  approve: 'approve conversions, so that they are paid',
  reject: 'reject conversions; what was approved is reversed',
  'set-amount': 'set the amount of the sale, the payout or the revenue, whatever the standing is',
};

export function addDecide(parent: Command, verdict: Verdict, shell: Shell): void {
  const command = parent
    .command(verdict)
    .description(descriptions[verdict])
    .argument('[ids...]', 'transaction ids, event ids or conversion keys')
    .option('--file <file>', 'a CSV file with a row for each conversion')
    .option('--note <text>', 'why; of a file, for rows without a note of their own')
    .option('--dry-run', 'say what would change, and send nothing')
    .option('--yes', 'do not ask')
    .addOption(new Option('--key-file <file>', 'the private key of the operator'));
  if (verdict === 'approve') command.option('--over-cap', 'pay conversions that a hard cap has no room for');
  if (verdict !== 'reject') {
    command
      .option('--amount <amount>', 'the amount of the sale')
      .option('--payout <payout>', 'what the affiliate gets, whatever the terms say')
      .option('--revenue <revenue>', 'what the advertiser pays, whatever the terms say');
  }
  command
    .addHelpText('after', helpNotes([`conversions ${verdict} --file ${verdict}.csv --dry-run`], fileNote))
    .action((ids: readonly string[], _: unknown, self: Command) =>
      decide(verdict, ids, self.optsWithGlobals<Options>(), shell),
    );
}

const fileNote = `Columns of the file: conversion (any of these ids), or transaction_id, goal_id and conversion_unique_id; then amount,
payout, revenue and note. At most ${limits.decisions.rowsMax} rows. The output of conversions list --csv can be given back.
Every row is checked before anything is sent. The same file again changes nothing more.`;

interface Task {
  readonly verdict: Verdict;
  readonly options: Options;
  readonly deployment: Deployment;
  /** Absent in a dry run, which needs no key. */
  readonly signer?: OperatorSigner;
  readonly shell: Shell;
}

async function decide(verdict: Verdict, ids: readonly string[], options: Options, shell: Shell): Promise<void> {
  const read = readRows(verdict, ids, options, shell);
  if (read === undefined) return;
  if (read.kind === 'wrong') return refuseRows(read.problems, shell);
  tellIgnored(read.ignored, shell);
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const keyFile = options.keyFile ?? shell.operatorKeyFile(deployment.config.name);
  const signer = options.dryRun ? undefined : await openSigner(deployment, keyFile, shell);
  if (!options.dryRun && signer === undefined) return;
  const task: Task = { verdict, options, deployment, shell, ...(signer && { signer }) };
  const keys = signer?.keys ?? (await askPublishedKeys(deployment, shell));
  if (!keys) return;
  const rows = options.overCap ? read.rows.map((row) => ({ ...row, paysOverCap: true as const })) : read.rows;
  await withConversions(deployment, keys, shell, async (place) => {
    const references = rows.map(({ reference }) => reference);
    const found = await searchConversions(references, place, shell.clock.nowMs());
    await carryOut(planDecisions(verdict, rows, found, shell), rows, task);
  });
}

/** Undefined when the command is refused already. */
function readRows(verdict: Verdict, ids: readonly string[], options: Options, shell: Shell): ReadRows | undefined {
  const { file, note } = options;
  const money = moneyNames.filter((name) => options[name] !== undefined);
  if (file === undefined) {
    const values = [...money, 'note' as const].map((name) => [name, options[name] ?? ''] as const);
    return rowsOfIds(ids, new Map(values.filter(([, value]) => value !== '')), verdict);
  }
  if (ids.length > 0) return refuse(shell, 'give ids or --file, not both');
  if (money.length > 0) return refuse(shell, `--${money[0]} goes with ids; a file has a column for it`);
  const text = readUserFile(file, shell);
  if (text === undefined) return undefined;
  const read = rowsOfFile(text, verdict, listColumns);
  if (read.kind === 'wrong') return { kind: 'wrong', problems: read.problems.map((problem) => `${file}: ${problem}`) };
  return { ...read, rows: read.rows.map((row) => (note === undefined ? row : { note, ...row })) };
}

/** Names the columns of a file that a list printed and no decision takes. */
export function tellIgnored(columns: readonly string[], { progress }: Pick<Shell, 'progress'>): void {
  if (columns.length > 0) progress(`columns that are not used: ${columns.join(', ')}`);
}

const { problemsMax } = limits.decisions;

export function refuseRows(problems: readonly string[], shell: Shell): void {
  const more = problems.length - problemsMax;
  refuse(shell, ...problems.slice(0, problemsMax), ...(more > 0 ? [`and ${more} more problems`] : []));
  shell.error('Nothing was sent.');
}

async function carryOut(plan: DecisionPlan, rows: readonly DecisionRow[], task: Task): Promise<void> {
  const { verdict, options, deployment, signer, shell } = task;
  if (plan.problems.length > 0) return refuseRows(plan.problems, shell);
  const tellsFirst = !options.json || signer !== undefined;
  if (tellsFirst) for (const line of [...changeLines(plan), ...planLines(verdict, rows.length, plan)]) tell(line, task);
  const decisions = plural(plan.changes.length, 'decision');
  let sent: SentLines | undefined;
  if (signer !== undefined && plan.changes.length > 0) {
    if (!(await isAgreed(`Send ${decisions}?`, options.yes, shell))) return;
    const events = plan.changes.map(({ event }) => event);
    sent = await sendEvents(events, signer, deployment, shell);
  }
  if (options.json) return shell.out(JSON.stringify(planJson(verdict, rows.length, plan, sent), null, 2));
  if (sent) shell.out(`${sent.taken} of ${decisions} sent; figures have them within some minutes`);
  else shell.out(plan.changes.length > 0 ? 'Nothing was sent: this is a dry run.' : 'Nothing has to be sent.');
}

/** With JSON the plan is printed beside the result, for the person who is asked. */
function tell(line: string, { options, shell }: Task): void {
  if (options.json) shell.progress(line);
  else shell.out(line);
}
