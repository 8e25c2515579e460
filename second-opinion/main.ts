import { rmSync } from 'node:fs';
import { Argument, Command } from 'commander';
import { UserError } from '../local/listen.ts';
import { closedPipeExitCode, openPrinter } from '../operator/cli/printer.ts';
import { commands } from './commands.ts';
import { contract } from './contract.ts';
import { deploy } from './deploy.ts';
import { drive } from './drive.ts';
import { judge, type KnownDifferences, readKnownDifferences, type StepName, stepNames } from './known-differences.ts';
import { lint } from './lint.ts';
import { checkPython } from './moto.ts';
import { type Outcome, outcomeLines } from './outcome.ts';
import { endPrograms } from './processes.ts';
import { installPython, openFolder, type Workplace } from './workplace.ts';

/** Asks programs that nobody here wrote what they make of this project. README.md of this folder says more. */

const steps: Readonly<Record<StepName, (workplace: Workplace) => Promise<Outcome>>> = {
  lint,
  deploy,
  contract,
  drive,
  commands,
};

const { print, printError } = openPrinter(() => process.exit(closedPipeExitCode));

const program = new Command('npm run second-opinion --')
  .description('has programs that nobody here wrote lint, deploy and drive this project, on this machine alone')
  .addArgument(new Argument('[steps...]', 'which steps, all when none is named').choices([...stepNames]))
  .option('--python <command>', 'Python 3.11 or newer, with venv', 'python3')
  .option(
    '--dynamodb-local <folder>',
    'a folder with DynamoDBLocal.jar: the contract tests also run against it, with java',
  )
  .addHelpText('after', helpText())
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action(async (named: StepName[], options: Options) => {
    process.exitCode = await secondOpinion(named.length === 0 ? stepNames : named, options);
  });

interface Options {
  readonly python: string;
  readonly dynamodbLocal?: string;
}

function helpText(): string {
  return `
Steps:
  lint      cfn-lint reads the templates with each front door
  deploy    the CDK's CLI deploys both stacks to moto, and moto's resources are compared with the templates
  contract  the contract tests run against moto, and against DynamoDB Local where you have it
  drive     the deployed bundles go from click to final figures on moto, with a bucket deleted and brought back
  commands  the AWS CLI parses every line of the docs that calls it

Exit status: 0 exact but for the known differences, 1 something new differs or a step failed, 2 nothing was run because of a mistake in the input.`;
}

async function secondOpinion(names: readonly StepName[], options: Options): Promise<number> {
  const folder = openFolder();
  const close = () => {
    endPrograms();
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', close);
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => process.exit(status));
  }
  const startMs = Date.now();
  const progress = (text: string) =>
    printError(`${String(Math.round((Date.now() - startMs) / 1_000)).padStart(4)} s  ${text}`);
  const known = readKnownDifferences();
  const pythonPrograms = await installPython(options.python, progress);
  const workplace = { folder, pythonPrograms, dynamodbLocal: options.dynamodbLocal, progress };
  await checkPython(workplace);
  let isExact = true;
  for (const name of stepNames.filter((step) => names.includes(step))) {
    isExact = (await isStepExact(name, workplace, known)) && isExact;
  }
  return isExact ? 0 : 1;
}

/** Prints what a step found. A step that breaks off is not exact, and the next ones run all the same. */
async function isStepExact(name: StepName, workplace: Workplace, known: KnownDifferences): Promise<boolean> {
  try {
    const outcome = await steps[name](workplace);
    const judgement = judge(name, outcome.differences, known);
    for (const line of outcomeLines(name, outcome, judgement)) print(line);
    return judgement.fresh.length === 0;
  } catch (error) {
    if (error instanceof UserError) throw error;
    print(`${name.padEnd(8)}  FAILED: ${(error as Error).message}`);
    return false;
  } finally {
    endPrograms();
  }
}

try {
  await program.parseAsync();
} catch (error) {
  printError(error instanceof UserError ? error.message : String((error as Error).stack));
  process.exit(2);
}
