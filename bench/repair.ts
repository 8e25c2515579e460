import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { limits } from '../core/limits/limits.ts';
import type { RepairReport } from '../lambda/audit/repair.ts';
import { bundleFunction, bundleNamed } from './drain/bundle.ts';
import type { RunResult } from './drain/environment.ts';
import { bucket, functionEnvironment } from './drain/function-environment.ts';
import { runBundle } from './drain/run-bundle.ts';
import type { FastLogsOptions, FastLogsReport } from './repair/fast-logs.ts';

/** While both intake queues are down, each event is an object of its own. An hour of an outage can leave so many. */
const objectsOfOutage = 5_000_000;
const hoursMax = 24;
const keysCompared = 200_000;
const latencyMs = 20;
/** The run with a profile copies this share, because a long profile takes much memory. */
const profiledShare = 0.25;
const { audit, repair } = limits;

type Totals = FastLogsReport & { readonly kind: 'totals' };

interface Measured {
  readonly result: RunResult<RepairReport>;
  readonly totals: Totals;
}

/**
 * Runs the bundled `audit` in its own process and over real HTTP, against two logs that answer in 20 ms. One log lacks
 * `copies` segments of one event each. Then lets it compare two equal logs. Yields the lines of the report.
 */
export async function* benchRepair(copies: number): AsyncGenerator<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keeptrack-bench-'));
  try {
    yield 'Bundling audit …';
    await bundleFunction('audit', folder);
    await bundleNamed(folder, {
      'audit-named': 'lambda/audit/audit.lambda.ts',
      'fast-logs': 'bench/repair/fast-logs.ts',
      environment: 'bench/drain/environment.ts',
    });
    yield `One run of repair that copies ${copies} segments of one event each, with a cold start …`;
    const copying = await measure(folder, { inOne: copies, inBoth: 0 }, false);
    yield* describeCopies(copying);
    yield 'CPU time of the main thread by stage (from a second run with a profile):';
    const watched = await measure(folder, { inOne: Math.ceil(copies * profiledShare), inBoth: 0 }, true);
    for (const { stage, share } of watched.result.shares) yield `  ${(share * 100).toFixed(0).padStart(3)} %  ${stage}`;
    yield `One run that compares ${keysCompared} keys that both logs have …`;
    const { result, totals } = await measure(folder, { inOne: 0, inBoth: keysCompared }, false);
    yield `  ${totals.lists} listings, ${(result.cpuMs / 1_000).toFixed(1)} s of CPU`;
    yield* arithmetic(microsOf(copying.result, copies), microsOf(result, keysCompared));
    yield `Compare these numbers only as ratios: audit, its endpoint and other processes share the ${cpus().length} cores of this machine.`;
    yield 'Not included: TLS, the network of a Lambda environment, and the behaviour of S3 under load.';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function* describeCopies({ result, totals }: Measured): Generator<string> {
  const { report, elapsedMs, cpuMs, memoryMegabytesMax } = result;
  yield `  copied ${report.copied}, failed ${report.failed}, left ${report.left}; ${totals.gets} GET, ${totals.puts} PUT, ${totals.lists} listings`;
  yield `  ${microsOf(result, report.copied).toFixed(0)} us of CPU a copy, ${((report.copied * 1_000) / elapsedMs).toFixed(0)} copies a second`;
  yield `  CPU ${((cpuMs / elapsedMs) * 100).toFixed(0)} % of one core; memory ${memoryMegabytesMax.toFixed(0)} MB`;
}

/**
 * How long the hourly runs of one region take for an hour of an outage. The other region and the runs that look at the
 * latest hours come on top. Each run may have to list the whole hour in both logs, because others have copied most of it.
 */
function* arithmetic(copyMicros: number, keyMicros: number): Generator<string> {
  const { runMs, intervalSeconds } = repair;
  const listMs = (objectsOfOutage * keyMicros) / 1_000;
  const copiesIn = (ms: number) => Math.max(1, Math.floor((ms * 1_000) / copyMicros));
  const hours = (copied: number) => (Math.ceil(objectsOfOutage / copied) * intervalSeconds) / 3_600;
  const [most, least] = [copiesIn(runMs), copiesIn(runMs - listMs)];
  yield `An hour of ${objectsOfOutage / 1e6} million objects that one log lacks, on one vCPU as fast as this one:`;
  yield `  listing it in both logs costs ${(listMs / 1_000).toFixed(0)} s of CPU`;
  yield `  a run of ${runMs / 1_000} s copies ${most}, and ${least} when it lists the whole hour as well`;
  yield `  one region alone needs ${hours(most)} to ${hours(least)} hours, target ${hoursMax}: ${hours(least) <= hoursMax ? 'MET' : 'NOT MET'}`;
}

function microsOf({ cpuMs }: RunResult<RepairReport>, count: number): number {
  return (cpuMs * 1_000) / count;
}

async function measure(
  folder: string,
  kept: Pick<FastLogsOptions, 'inOne' | 'inBoth'>,
  profile: boolean,
): Promise<Measured> {
  const atMs = Date.now() - 60_000;
  const workerData: FastLogsOptions = { ...kept, atMs, latencyMs, fullBucket: bucket };
  const server = new Worker(join(folder, 'fast-logs.mjs'), { workerData });
  try {
    const { port } = await reportOf(server, 'listening');
    const bundle = join(folder, profile ? 'audit-named.mjs' : 'audit.mjs');
    const remainingMs = audit.timeoutSeconds * 1_000;
    const order = { bundle, event: { task: 'repair' }, remainingMs, profile };
    const result = await runBundle<RepairReport>(folder, functionEnvironment('audit', port), order);
    server.postMessage('totals');
    return { result, totals: await reportOf(server, 'totals') };
  } finally {
    await server.terminate();
  }
}

async function reportOf<Kind extends FastLogsReport['kind']>(
  server: Worker,
  kind: Kind,
): Promise<FastLogsReport & { readonly kind: Kind }> {
  const [report] = (await once(server, 'message')) as [FastLogsReport];
  if (report.kind !== kind) throw new Error(`the endpoint said ${report.kind} instead of ${kind}`);
  return report as FastLogsReport & { readonly kind: Kind };
}
