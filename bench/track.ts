import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { bundleFunction, bundleNamed } from './drain/bundle.ts';
import type { FastAwsOptions, FastAwsReport } from './drain/fast-aws.ts';
import { functionEnvironment, queueName } from './drain/function-environment.ts';
import { forkBundle } from './drain/run-bundle.ts';
import { catalogText, clickRequest } from './measure/serving.ts';
import { median } from './median.ts';
import { cappedPairs, measureCappedClicks } from './track/capped-clicks.ts';
import type { ClickOrder, ClickReport } from './track/click-environment.ts';

/** What one click may cost, of one signed send. And what a fresh environment, its code and its log may cost. */
const targets = { signedSends: 2.5, initMs: 40, firstClickMs: 5, codeKilobytes: 150, logBytes: 40 };
/** What caps may add to a click, in microseconds of CPU. */
const capsAddMost = 2;

export const trackRounds = 9;
/** As many let the compiler finish. */
const clicksBefore = 4_000;
const clicksOfRound = 500;
const freshProcesses = 9;
const cappedClicks = { rounds: 25, clicksOfRound: 2_000 } as const;
const slowClicks = { count: 100, intervalMs: 50 } as const;

const handlers = ['signed-send', 'undici-send', 'track', 'plain-handler'] as const;
type Handler = (typeof handlers)[number];

/**
 * Measures the bundled `track` over real HTTP against an SQS and an S3 that answer at once. Other work on the machine
 * slows each round in another way, so the handlers take turns, each in a process of its own. Yields the report.
 */
export async function* benchTrack(rounds: number): AsyncGenerator<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keeptrack-bench-'));
  const catalog = await catalogText();
  await makeBundles(folder, catalog);
  const workerData: FastAwsOptions = {
    ...{ bodies: [''], queueName, queueLatencyMs: 0, putLatencyMs: 0 },
    catalogText: catalog,
  };
  const server = new Worker(join(folder, 'fast-aws.mjs'), { workerData });
  try {
    const [{ port }] = (await once(server, 'message')) as [FastAwsReport];
    const bench = { folder, port, rounds };
    yield* describeCode(folder);
    yield* describeColdStarts(bench);
    yield* describeClicks(bench);
    yield* describeLog(bench);
    yield* describeCaps();
    yield `Measured on ${cpus().length} shared cores with Node ${process.versions.node}, over HTTP without TLS, against an AWS that answers at once.`;
  } finally {
    await server.terminate();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Bench {
  readonly folder: string;
  readonly port: number;
  readonly rounds: number;
}

async function makeBundles(folder: string, catalog: string): Promise<void> {
  await bundleFunction('track', folder);
  await bundleNamed(folder, {
    'fast-aws': 'bench/drain/fast-aws.ts',
    'click-environment': 'bench/track/click-environment.ts',
    'signed-send': 'bench/track/signed-send.ts',
    'undici-send': 'bench/track/undici-send.ts',
    'plain-handler': 'bench/track/plain-handler.ts',
  });
  await writeFile(join(folder, 'catalog.json'), catalog);
}

async function* describeCode(folder: string): AsyncGenerator<string> {
  const { size } = await stat(join(folder, 'track.mjs'));
  yield judged('Code of track', size / 1_000, 'KB', targets.codeKilobytes);
}

async function* describeColdStarts({ folder, port }: Bench): AsyncGenerator<string> {
  const starts: ClickReport[] = [];
  for (let index = 0; index < freshProcesses; index += 1) {
    const environment = await startEnvironment(folder, port, 'track');
    starts.push(environment.started);
    await environment.end();
  }
  const inits = starts.map(({ initMicros }) => initMicros / 1_000);
  const firsts = starts.map(({ clickMicros }) => clickMicros / 1_000);
  yield `In a fresh process, CPU time, median of ${freshProcesses} processes:`;
  yield judged('  init', median(inits), 'ms', targets.initMs);
  yield judged('  the first click', median(firsts), 'ms', targets.firstClickMs);
}

async function* describeClicks({ folder, port, rounds }: Bench): AsyncGenerator<string> {
  const environments = await Promise.all(handlers.map((handler) => startEnvironment(folder, port, handler)));
  const micros: Record<Handler, number[]> = { 'signed-send': [], 'undici-send': [], track: [], 'plain-handler': [] };
  for (const { order } of environments) await order({ kind: 'clicks', count: clicksBefore });
  for (let round = 0; round < rounds; round += 1) {
    for (const { handler, order } of environments) {
      const { clickMicros } = await order({ kind: 'clicks', count: clicksOfRound });
      micros[handler].push(clickMicros / clicksOfRound);
    }
  }
  await Promise.all(environments.map(({ end }) => end()));
  const ratio = (one: Handler, other: Handler) =>
    median(micros[one].map((value, round) => value / (micros[other][round] ?? Number.NaN)));
  yield `CPU time of a click, medians of ${rounds} alternating rounds of ${clicksOfRound} clicks:`;
  yield `  one signed send, with aws4 over node:http: ${median(micros['signed-send']).toFixed(0)} us, over undici: ${median(micros['undici-send']).toFixed(0)} us`;
  yield `  track: ${median(micros.track).toFixed(0)} us`;
  yield judged('    in signed sends', ratio('track', 'signed-send'), '', targets.signedSends);
  yield `    in signed sends over undici: ${ratio('track', 'undici-send').toFixed(1)}`;
  yield `  a minimal handler on the SDK: ${median(micros['plain-handler']).toFixed(0)} us, ${ratio('plain-handler', 'track').toFixed(1)} times track`;
}

async function* describeLog({ folder, port }: Bench): AsyncGenerator<string> {
  const environment = await startEnvironment(folder, port, 'track');
  const before = environment.logBytes();
  await environment.order({ kind: 'slow clicks', ...slowClicks });
  await environment.end();
  const bytes = (environment.logBytes() - before) / slowClicks.count;
  yield judged(`Log at ${1_000 / slowClicks.intervalMs} clicks a second`, bytes, 'bytes a click', targets.logBytes);
}

async function* describeCaps(): AsyncGenerator<string> {
  const { rounds, clicksOfRound } = cappedClicks;
  const found = await measureCappedClicks(rounds, clicksOfRound);
  yield `With caps of ${cappedPairs} pairs of offer and affiliate, medians of ${rounds} alternating rounds of ${clicksOfRound} clicks in one process:`;
  yield `  to decide and encode a click on an offer without caps: ${found.clickMicros.toFixed(1)} us`;
  yield judged('  open soft caps add', found.softMicros, 'us', capsAddMost);
  yield judged('  open hard caps add, with their limits on the line', found.hardMicros, 'us', capsAddMost);
  yield `  to read the object of closed caps, about once a minute: ${found.readObjectMs.toFixed(1)} ms for ${(found.objectBytes / 1_000).toFixed(0)} KB`;
  yield `  to read the caps of the catalog, on a cold start and after each publication: ${found.readCatalogMs.toFixed(1)} ms`;
}

function judged(name: string, value: number, unit: string, most: number): string {
  const digits = value < 10 ? 1 : 0;
  const verdict = value <= most ? 'met' : 'NOT met';
  const measured = unit === '' ? value.toFixed(digits) : `${value.toFixed(digits)} ${unit}`;
  return `${name}: ${measured} (target: at most ${most}, ${verdict})`;
}

interface ClickEnvironment {
  readonly handler: Handler;
  readonly started: ClickReport;
  order(order: ClickOrder): Promise<ClickReport>;
  /** What the handler has written so far, without Lambda's own lines. */
  logBytes(): number;
  end(): Promise<void>;
}

async function startEnvironment(folder: string, port: number, handler: Handler): Promise<ClickEnvironment> {
  const env = { ...functionEnvironment('track', port), LAMBDA_TASK_ROOT: folder };
  const { child, logBytes } = forkBundle(join(folder, 'click-environment.mjs'), env);
  const order = (sent: ClickOrder) => reportOf(child, sent);
  return {
    handler,
    started: await order({ kind: 'start', bundle: join(folder, `${handler}.mjs`), event: clickRequest }),
    order,
    logBytes,
    end: async () => {
      const closed = once(child, 'close');
      child.kill();
      await closed;
    },
  };
}

async function reportOf(child: ChildProcess, order: ClickOrder): Promise<ClickReport> {
  const settled = new AbortController();
  const { signal } = settled;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`the environment ended with ${code} before its report came`);
  });
  try {
    const reported = once(child, 'message', { signal }) as Promise<[ClickReport]>;
    child.send(order);
    const [report] = await Promise.race([reported, ended]);
    return report;
  } finally {
    ended.catch(() => {});
    settled.abort();
  }
}
