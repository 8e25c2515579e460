import { Command, InvalidArgumentError } from 'commander';
import { benchDrain } from './drain.ts';
import { benchLatency } from './latency.ts';

/** What this project promises in figures, measured. Each part says what its figures do not prove. */

const clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  sleep: (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs)),
};

const drainSeconds = 60;

const program = new Command('npm run bench --')
  .description('measures what Keeptrack promises in figures')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program
  .command('all', { isDefault: true })
  .description('each of the following, one after the other')
  .action(async () => {
    await drain({ seconds: drainSeconds });
    await latency();
  });

program
  .command('drain')
  .description('how much one run of replay delivers, from cold, to a bucket that answers in 50 ms')
  .option('--seconds <n>', 'how long the run may begin deliveries', seconds, drainSeconds)
  .action(drain);

program
  .command('latency')
  .description('p99 of clicks with S3 down in their region, as a ratio to p99 with S3 well, in windows that take turns')
  .action(latency);

await program.parseAsync();

async function drain(options: { readonly seconds: number }): Promise<void> {
  for await (const line of benchDrain(options.seconds)) console.log(line);
}

function latency(): Promise<void> {
  return benchLatency((line) => console.log(line), clock);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 60)
    throw new InvalidArgumentError('a whole number from 1 to 60');
  return value;
}
