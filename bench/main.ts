import { Argument, Command, InvalidArgumentError } from 'commander';
import { closedPipeExitCode, openPrinter } from '../operator/cli/printer.ts';
import { capacityReport } from './capacity/capacity.ts';
import { costReport } from './capacity/cost-report.ts';
import { prices, quotas } from './capacity/inputs.ts';
import { measured } from './capacity/measured.ts';
import { benchDrain } from './drain.ts';
import { benchKilledRuns } from './killed-runs.ts';
import { benchLatency } from './latency.ts';
import { benchLedger } from './ledger.ts';
import { benchCount } from './measure/folding.ts';
import { arrivals, type MeasuredPart, measure, measuredParts } from './measure/measure.ts';
import { benchRepair } from './repair.ts';
import { benchSmallObjects, smallObjects } from './small-objects.ts';
import { benchTrack, trackRounds } from './track.ts';

/** Measures the performance that this project promises. The output of each part says what the part does not measure. */

const clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  sleep: (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs)),
};

const { print, printError } = openPrinter(() => process.exit(closedPipeExitCode));

const drainSeconds = 60;
const copiesOfRun = 20_000;

const program = new Command('npm run bench --')
  .description('measures the performance that Keeptrack promises')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program
  .command('all', { isDefault: true })
  .description('the benchmarks of count, drain and latency, one after the other')
  .action(async () => {
    await printAll(benchCount(arrivals));
    await printAll(benchDrain(drainSeconds));
    await latency();
  });

program
  .command('count')
  .description('CPU time of stats for an event, from its line in a segment to the figures')
  .action(() => printAll(benchCount(arrivals)));

program
  .command('ledger')
  .description('CPU time and memory to make an hour final, of 1 million and of 20 million events: some 20 minutes')
  .action(() => printAll(benchLedger()));

program
  .command('killed-runs')
  .description('how much runs of stats and ledger repeat that overlap and are killed at random')
  .action(() => printAll(benchKilledRuns()));

program
  .command('small-objects')
  .description('how an hour of very many small segments becomes final')
  .option('--objects <n>', 'segments of one event each', wholeTo(10_000_000), smallObjects)
  .action((options: { readonly objects: number }) => printAll(benchSmallObjects(options.objects)));

program
  .command('capacity')
  .description('what each stage needs at four loads, what it may have, and what breaks first')
  .action(() => printLines(capacityReport({ prices, quotas, measured })));

program
  .command('cost')
  .description('USD a million clicks by line, and a month whatever the load, with both front doors')
  .action(() => printLines(costReport({ prices, quotas, measured })));

program
  .command('measure')
  .description('measures what `capacity` and `cost` calculate with, and writes bench/measured.json: an hour or more')
  .addArgument(new Argument('[parts...]', 'only these').choices(measuredParts))
  .action((parts: readonly MeasuredPart[]) => {
    const day = new Date().toISOString().slice(0, 10);
    return printAll(measure(parts.length > 0 ? parts : measuredParts, day));
  });

program
  .command('drain')
  .description('how much one run of replay delivers after a cold start, to a bucket that answers in 50 ms')
  .option('--seconds <n>', 'how long the run may begin deliveries', wholeTo(60), drainSeconds)
  .action((options: { readonly seconds: number }) => printAll(benchDrain(options.seconds)));

program
  .command('repair')
  .description('CPU time of repair for each segment of one event, and how long an hour of millions of them takes')
  .option('--copies <n>', 'how many segments one log lacks', wholeTo(100_000), copiesOfRun)
  .action((options: { readonly copies: number }) => printAll(benchRepair(options.copies)));

program
  .command('track')
  .description('CPU time of a click in track, as a multiple of one signed send, and what a cold start takes')
  .option('--rounds <n>', 'alternating rounds', wholeTo(99), trackRounds)
  .action((options: { readonly rounds: number }) => printAll(benchTrack(options.rounds)));

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

function printLines(lines: Iterable<string>): void {
  for (const line of lines) print(line);
}

async function printAll(lines: AsyncIterable<string>): Promise<void> {
  for await (const line of lines) print(line);
}

function latency(): Promise<void> {
  return benchLatency(print, clock);
}

/** Parses the value of an option. */
function wholeTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`must be a whole number from 1 to ${most}`);
  };
}
