import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type BuildOptions, build } from 'esbuild';
import { environmentNames } from '../core/config/settings.ts';
import { limits } from '../core/limits/limits.ts';
import type { RunOrder, RunResult } from './drain/environment.ts';
import type { FastAwsOptions, FastAwsReport, FastAwsTotals } from './drain/fast-aws.ts';
import { makeOwedMessages, type OwedMessage } from './drain/owed-messages.ts';

/** The messages that one run of 60 s must deliver: 15 million events at about 4,500 a message. */
const targetMessages = 3_300;
const eventsEach = 4_500;
const distinctMessages = 8;
const profileSecondsMax = 10;
const queueName = 'bench-failure-us-east-1';
const bucket = 'bench-log-123456789012-us-east-1';
const { reserveMs } = limits.replay;

/**
 * Runs the bundled `replay` once, in its own process and over real HTTP, against an endless queue and a bucket that
 * answers in 50 ms. Then runs it again for a shorter time with a CPU profile. Yields the lines of the report.
 */
export async function* benchDrain(seconds: number): AsyncGenerator<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keeptrack-bench-'));
  try {
    yield 'Bundling replay and making messages …';
    await bundle(folder);
    const messages = makeOwedMessages(bucket, distinctMessages, eventsEach, Date.now() - 60_000);
    yield* describeMessages(messages);
    yield `One run of replay for ${seconds} s, with a cold start …`;
    const { result, totals, windows } = await measure(folder, messages, seconds, false);
    yield* describeRun(result, totals, windows, seconds);
    yield 'CPU time of the main thread by stage (from a second run with a profile):';
    const watched = await measure(folder, messages, Math.min(seconds, profileSecondsMax), true);
    for (const { stage, share } of watched.result.shares) yield `  ${percent(share).padStart(5)}  ${stage}`;
    yield* caveats();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bundles replay like the stacks do. The bundle for the profile keeps the names of functions. */
async function bundle(folder: string): Promise<void> {
  const shared: BuildOptions = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    outdir: folder,
    logLevel: 'error',
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  };
  await build({ ...shared, minify: true, entryPoints: { replay: 'lambda/replay/replay.lambda.ts' } });
  await build({
    ...shared,
    entryPoints: {
      'replay-named': 'lambda/replay/replay.lambda.ts',
      'fast-aws': 'bench/drain/fast-aws.ts',
      environment: 'bench/drain/environment.ts',
    },
  });
}

interface Measured {
  readonly result: RunResult;
  readonly totals: FastAwsTotals;
  /** For each second, the largest number of simultaneous deliveries. */
  readonly windows: readonly number[];
}

async function measure(
  folder: string,
  messages: readonly OwedMessage[],
  seconds: number,
  profile: boolean,
): Promise<Measured> {
  const workerData: FastAwsOptions = {
    bodies: messages.map(({ body }) => body),
    queueName,
    queueLatencyMs: 10,
    putLatencyMs: 50,
  };
  const server = new Worker(join(folder, 'fast-aws.mjs'), { workerData });
  const [listening] = (await once(server, 'message')) as [FastAwsReport & { kind: 'listening' }];
  const windows: number[] = [];
  const noteSecond = (report: FastAwsReport) => report.kind === 'second' && windows.push(report.putsAtOnceMax);
  server.on('message', noteSecond);
  const child = fork(join(folder, 'environment.mjs'), {
    env: environmentOf(listening.port),
    execArgv: [],
    // The log lines of replay are not part of the report.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const name = profile ? 'replay-named.mjs' : 'replay.mjs';
    const order = { bundle: join(folder, name), remainingMs: seconds * 1_000 + reserveMs, profile };
    const result = await run(child, order);
    server.off('message', noteSecond);
    server.postMessage('totals');
    return { result, totals: await totalsOf(server), windows };
  } finally {
    child.kill();
    await server.terminate();
  }
}

function environmentOf(port: number): NodeJS.ProcessEnv {
  const url = (name: string) => `https://sqs.us-east-1.amazonaws.com/123456789012/${name}`;
  const names = environmentNames;
  return {
    PATH: process.env['PATH'],
    NODE_NO_WARNINGS: '1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'LOCAL.us-east-1.bench-replay',
    AWS_SECRET_ACCESS_KEY: 'secret',
    [names.region]: 'us-east-1',
    [names.peerRegion]: 'us-west-2',
    [names.homeBucket]: bucket,
    [names.peerBucket]: 'bench-log-123456789012-us-west-2',
    [names.homeIntakeUrl]: url('bench-intake'),
    [names.homeQueueOwedHomeUrl]: url(queueName),
    [names.homeQueueOwedPeerUrl]: url('bench-failure-us-west-2'),
    [names.peerQueueOwedHomeUrl]: url('bench-empty-1'),
    [names.peerQueueOwedPeerUrl]: url('bench-empty-2'),
    [names.deadLetterUrl]: url('bench-dead-letters'),
    [names.viaQueueOneIn]: '1000',
    [names.figuresTable]: 'bench-figures',
    [names.statsFailureUrl]: url('bench-stats-failure'),
    [names.metricNamespace]: 'Bench',
  };
}

async function run(child: ChildProcess, order: RunOrder): Promise<RunResult> {
  child.send(order);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the environment of replay ended with ${code} before its run did`);
  });
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [RunResult];
  ended.catch(() => {});
  return result;
}

async function totalsOf(server: Worker): Promise<FastAwsTotals> {
  for (;;) {
    const [message] = (await once(server, 'message')) as [FastAwsReport | FastAwsTotals];
    if (message.kind === 'totals') return message;
  }
}

function* describeMessages(messages: readonly OwedMessage[]): Generator<string> {
  const bodyKilobytes = messages.reduce((sum, { body }) => sum + body.length, 0) / messages.length / 1_000;
  yield `  ${eventsEach} events of ${messages[0]?.lineBytes} bytes a message, ${bodyKilobytes.toFixed(0)} KB of text each`;
}

function* describeRun(
  { report, initMs, elapsedMs, cpuMs, memoryMegabytesMax }: RunResult,
  totals: FastAwsTotals,
  windows: readonly number[],
  seconds: number,
): Generator<string> {
  const delivered = report.lanes.reduce((sum, lane) => sum + lane.delivered, 0);
  const refused = report.lanes.reduce((sum, lane) => sum + lane.refused, 0);
  const perSecond = delivered / (elapsedMs / 1_000);
  const target = Math.round((targetMessages * seconds) / 60);
  yield `  init ${initMs.toFixed(0)} ms, run ${(elapsedMs / 1_000).toFixed(1)} s`;
  yield `  delivered ${delivered} messages (${((delivered * eventsEach) / 1e6).toFixed(2)} million events), refused ${refused}`;
  yield `  ${perSecond.toFixed(1)} messages/s, ${Math.round(perSecond * eventsEach)} events/s`;
  yield `  removed ${totals.removed}, ${(totals.storedBytes / 1e6).toFixed(0)} MB written`;
  yield `  CPU ${percent(cpuMs / elapsedMs)} of one core, ${(cpuMs / Math.max(1, delivered)).toFixed(1)} ms a message; memory ${memoryMegabytesMax.toFixed(0)} MB`;
  yield `  most simultaneous deliveries in each second: ${windows.join(' ')}`;
  yield `  target ${target} messages in ${seconds} s: ${percent(delivered / target)} of it, ${delivered >= target ? 'MET' : 'NOT MET'}`;
}

function* caveats(): Generator<string> {
  yield `Compare these numbers only as ratios: replay, its endpoint and other processes share the ${cpus().length} cores of this machine.`;
  yield 'Not included: TLS, the network of a Lambda environment, and the behaviour of SQS and S3 under load.';
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
