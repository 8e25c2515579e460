import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDurationMs } from '../../../core/config/duration.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { helpNotes } from '../../cli/help-notes.ts';
import type { Shell } from '../../cli/shell.ts';
import { openDeployment } from '../../clients/deployment.ts';
import { addKey } from './add-key.ts';
import { listKeys } from './list-keys.ts';
import type { OperatorsTask } from './operators-task.ts';
import { publishKeys } from './publish-keys.ts';
import { revokeKey } from './revoke-key.ts';
import { rotateKey } from './rotate-key.ts';

interface KeyOptions extends GlobalOptions {
  readonly keyFile?: string;
  /** ms */
  readonly overlap: number;
  /** ms since the epoch; absent = now. */
  readonly at?: number;
}

const dayMs = 86_400_000;
const { keyOverlapDays } = limits.decisions;

export function addOperators(program: Command, shell: Shell): void {
  const operators = program
    .command('operators')
    .description('make, publish, rotate and revoke the keys with which operators sign decisions about money')
    .addHelpText('after', helpNotes(['operators add "Ada Example"', 'operators list']));
  const task = (command: Command, run: (task: OperatorsTask, options: KeyOptions) => Promise<void>) =>
    withTask(command.optsWithGlobals<KeyOptions>(), shell, run);
  addAdd(operators, task);
  operators
    .command('list')
    .description('show all keys, and which region lacks one')
    .addHelpText('after', helpNotes(['operators list']))
    .action((_: unknown, command: Command) => task(command, listKeys));
  addRotate(operators, task);
  addRevoke(operators, task);
  operators
    .command('publish')
    .description('bring the list of keys to the region that lacks some of them')
    .addHelpText('after', helpNotes(['operators publish']))
    .action((_: unknown, command: Command) => task(command, publishKeys));
}

type RunTask = (command: Command, run: (task: OperatorsTask, options: KeyOptions) => Promise<void>) => Promise<void>;

async function withTask(
  options: KeyOptions,
  shell: Shell,
  run: (task: OperatorsTask, options: KeyOptions) => Promise<void>,
): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const keyFile = options.keyFile ?? shell.operatorKeyFile(deployment.config.name);
  await run({ deployment, keyFile, json: options.json === true, shell }, options);
}

const keyFileOption = () => new Option('--key-file <file>', 'the private key of the operator (default: see below)');
const keyFileNote =
  'The private key is in the file that KEEPTRACK_OPERATOR_KEY names, else in ~/.keeptrack/<deployment>-operator.json.';

function addAdd(operators: Command, task: RunTask): void {
  operators
    .command('add')
    .description('make a key for an operator, and publish its public part in both regions')
    .argument('<name>', 'whose key it is; figures and histories show this name')
    .addOption(keyFileOption())
    .addHelpText('after', helpNotes(['operators add "Ada Example"'], keyFileNote))
    .action((name: string, _: unknown, command: Command) => task(command, (one) => addKey(name, one)));
}

function addRotate(operators: Command, task: RunTask): void {
  operators
    .command('rotate')
    .description('replace the key of the key file; the old one stays valid for a while')
    .addOption(keyFileOption())
    .addOption(
      new Option('--overlap <duration>', 'how long the old key stays valid, such as 24h')
        .argParser(overlap)
        .default(keyOverlapDays * dayMs, `${keyOverlapDays * 24}h`),
    )
    .addHelpText('after', helpNotes(['operators rotate', 'operators rotate --overlap 24h'], keyFileNote))
    .action((_: unknown, command: Command) => task(command, (one, options) => rotateKey(options.overlap, one)));
}

function addRevoke(operators: Command, task: RunTask): void {
  operators
    .command('revoke')
    .description('end a key; what it signed before stays valid')
    .argument('<id>', 'the id of the key, as operators list shows it')
    .option('--at <time>', 'when it ends, such as 2026-12-01T00:00Z (default: now)', timeMs)
    .addHelpText('after', helpNotes(['operators revoke 6a1f0c2b9d3e4f58']))
    .action((id: string, _: unknown, command: Command) =>
      task(command, (one, options) => revokeKey(id.trim().toLowerCase(), options.at, one)),
    );
}

function overlap(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms > 0 && ms <= overlapDaysMax * dayMs) return ms;
  throw new InvalidArgumentError(`Give a duration such as 24h, at most ${overlapDaysMax * 24}h.`);
}

const overlapDaysMax = 90;
const timeShape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/;

function timeMs(text: string): number {
  const ms = timeShape.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new InvalidArgumentError('Give a time with its offset, such as 2026-12-01T00:00Z.');
}
