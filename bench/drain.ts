import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { limits } from '../core/limits/limits.ts';
import type { DeliverReport } from '../lambda/replay/replay.ts';
import { quotas } from './capacity/inputs.ts';
import { bundleFunction, bundleNamed } from './drain/bundle.ts';
import type { RunResult } from './drain/environment.ts';
import type { FastAwsOptions, FastAwsReport, FastAwsTotals } from './drain/fast-aws.ts';
import { bucket, functionEnvironment, queueName } from './drain/function-environment.ts';
import { makeOwedMessages, type OwedMessage } from './drain/owed-messages.ts';
import { runBundle } from './drain/run-bundle.ts';

const eventsEach = quotas.batchEventsMax.value;
/** The messages that one run of 60 s must deliver. */
const targetMessages = Math.ceil(15_000_000 / eventsEach);
const distinctMessages = 8;
const { reserveMs } = limits.replay;

/**
 * Runs the bundled `replay` once, in its own process and over real HTTP, against an endless queue and a bucket that
 * answers in 50 ms. Yields the lines of the report.
 */
export async function* benchDrain(seconds: number): AsyncGenerator<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keeptrack-bench-'));
  try {
    yield 'Bundling replay and making messages …';
    await bundleFunction('replay', folder);
    await bundleNamed(folder, { 'fast-aws': 'bench/drain/fast-aws.ts', environment: 'bench/drain/environment.ts' });
    const messages = makeOwedMessages(bucket, distinctMessages, eventsEach, Date.now() - 60_000);
    yield* describeMessages(messages);
    yield `One run of replay for ${seconds} s, with a cold start …`;
    const { result, totals } = await measure(folder, messages, seconds);
    yield* describeRun(result, totals, seconds);
    yield `Compare these numbers only as ratios: replay, its endpoint and other processes share the ${cpus().length} cores of this machine.`;
    yield 'Not included: TLS, the network of a Lambda environment, and the behaviour of SQS and S3 under load.';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly result: RunResult<DeliverReport>;
  readonly totals: FastAwsTotals;
}

async function measure(folder: string, messages: readonly OwedMessage[], seconds: number): Promise<Measured> {
  const bodies = messages.map(({ body }) => body);
  const workerData: FastAwsOptions = { bodies, queueName, queueLatencyMs: 10, putLatencyMs: 50 };
  const server = new Worker(join(folder, 'fast-aws.mjs'), { workerData });
  try {
    const [{ port }] = (await once(server, 'message')) as [FastAwsReport];
    const remainingMs = seconds * 1_000 + reserveMs;
    const order = { bundle: join(folder, 'replay.mjs'), event: { task: 'deliver' }, remainingMs, times: 1 };
    const result = await runBundle<DeliverReport>(folder, functionEnvironment('replay', port), order);
    server.postMessage('totals');
    const [totals] = (await once(server, 'message')) as [FastAwsTotals];
    return { result, totals };
  } finally {
    await server.terminate();
  }
}

function* describeMessages(messages: readonly OwedMessage[]): Generator<string> {
  const bodyKilobytes = messages.reduce((sum, { body }) => sum + body.length, 0) / messages.length / 1_000;
  yield `  ${eventsEach} events of ${messages[0]?.lineBytes} bytes a message, ${bodyKilobytes.toFixed(0)} KB of text each`;
}

function* describeRun(
  { report, initMs, elapsedMs, cpuMs, memoryMegabytesMax }: RunResult<DeliverReport>,
  totals: FastAwsTotals,
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
  yield `  at most ${totals.putsAtOnceMax} simultaneous deliveries`;
  yield `  target ${target} messages in ${seconds} s: ${percent(delivered / target)} of it, ${delivered >= target ? 'MET' : 'NOT MET'}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
