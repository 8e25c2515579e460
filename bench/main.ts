import { Command, InvalidArgumentError } from 'commander';
import { closedPipeExitCode, openPrinter } from '../operator/cli/printer.ts';
import { benchCount } from './count.ts';
import { benchDrain } from './drain.ts';
import { benchLatency } from './latency.ts';
import { benchLedger } from './ledger.ts';

/** Measures the performance that this project promises. The output of each part says what the part does not measure. */

const clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  sleep: (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs)),
};

const { print, printError } = openPrinter(() => process.exit(closedPipeExitCode));

const drainSeconds = 60;
const segmentsOfHour = 200;

const program = new Command('npm run bench --')
  .description('measures the performance that Keeptrack promises')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program
  .command('all', { isDefault: true })
  .description('all benchmarks, one after the other')
  .action(async () => {
    count();
    await ledger({ segments: segmentsOfHour });
    await drain({ seconds: drainSeconds });
    await latency();
  });

program.command('count').description('CPU time from a line in a segment to its counter, by stage').action(count);

program
  .command('ledger')
  .description('CPU time and memory to make an hour of the log final, in one pass and in several')
  .option('--segments <n>', 'of 4,500 events each', segments, segmentsOfHour)
  .action(ledger);

program
  .command('drain')
  .description('how much one run of replay delivers after a cold start, to a bucket that answers in 50 ms')
  .option('--seconds <n>', 'how long the run may begin deliveries', seconds, drainSeconds)
  .action(drain);

program
  .command('latency')
  .description('p99 of clicks with S3 down in their region, as a ratio to p99 with S3 up, in alternating slices')
  .action(latency);

try {
  await program.parseAsync();
} catch (error) {
  printError(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function count(): void {
  for (const line of benchCount()) print(line);
}

async function ledger(options: { readonly segments: number }): Promise<void> {
  for await (const line of benchLedger(options.segments)) print(line);
}

async function drain(options: { readonly seconds: number }): Promise<void> {
  for await (const line of benchDrain(options.seconds)) print(line);
}

function latency(): Promise<void> {
  return benchLatency(print, clock);
}

function seconds(text: string): number {
  return wholeNumber(text, 60);
}

function segments(text: string): number {
  return wholeNumber(text, 2_000);
}

function wholeNumber(text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new InvalidArgumentError(`must be a whole number from 1 to ${most}`);
  return value;
}
