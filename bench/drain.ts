import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { limits } from '../core/limits/limits.ts';
import type { DeliverReport } from '../lambda/replay/replay.ts';
import { bundleFunction, bundleNamed } from './drain/bundle.ts';
import type { RunResult } from './drain/environment.ts';
import type { FastAwsOptions, FastAwsReport, FastAwsTotals } from './drain/fast-aws.ts';
import { bucket, functionEnvironment, queueName } from './drain/function-environment.ts';
import { makeOwedMessages, type OwedMessage } from './drain/owed-messages.ts';
import { runBundle } from './drain/run-bundle.ts';

/** The messages that one run of 60 s must deliver: 15 million events at about 4,500 a message. */
const targetMessages = 3_300;
const eventsEach = 4_500;
const distinctMessages = 8;
const profileSecondsMax = 10;
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

/** The bundle for the profile keeps the names of functions. */
async function bundle(folder: string): Promise<void> {
  await bundleFunction('replay', folder);
  await bundleNamed(folder, {
    'replay-named': 'lambda/replay/replay.lambda.ts',
    'fast-aws': 'bench/drain/fast-aws.ts',
    environment: 'bench/drain/environment.ts',
  });
}

interface Measured {
  readonly result: RunResult<DeliverReport>;
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
  try {
    const name = profile ? 'replay-named.mjs' : 'replay.mjs';
    const event = { task: 'deliver' };
    const order = { bundle: join(folder, name), event, remainingMs: seconds * 1_000 + reserveMs, profile };
    const env = functionEnvironment('replay', listening.port);
    const result = await runBundle<DeliverReport>(folder, env, order);
    server.off('message', noteSecond);
    server.postMessage('totals');
    return { result, totals: await totalsOf(server), windows };
  } finally {
    await server.terminate();
  }
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
  { report, initMs, elapsedMs, cpuMs, memoryMegabytesMax }: RunResult<DeliverReport>,
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
