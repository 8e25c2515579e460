import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { makeSnapshot } from '../../core/catalog/snapshot.ts';
import { validateCatalog } from '../../core/catalog/validate.ts';
import type { FunctionPart } from '../../core/config/settings.ts';
import { encodeLine } from '../../core/event/event.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { bundleFunction, bundleNamed } from '../drain/bundle.ts';
import type { FastAwsOptions, FastAwsReport } from '../drain/fast-aws.ts';
import { functionEnvironment, peerRegion, queueName } from '../drain/function-environment.ts';
import { runBundle } from '../drain/run-bundle.ts';
import { sampleEvent } from '../sample-events.ts';

export interface ServingCosts {
  /** CPU of `track` for a click, with one signed send. */
  readonly trackClickMicros: number;
  /** Bytes that `track` writes to its log for a click, where an environment serves 20 clicks a second. */
  readonly trackLogBytes: number;
  /** Bytes of the answer to a click: headers and body. */
  readonly trackAnswerBytes: number;
  /** CPU of `store` for an event of a full batch, with the writes to both buckets. */
  readonly storeEventMicros: number;
  /** CPU of one call to S3, from a batch with a single event: it is written to both buckets. */
  readonly callMicros: number;
  readonly storeMemoryMegabytes: number;
  readonly trackMemoryMegabytes: number;
}

const clicks = 3_000;
const batches = 30;
/** Metrics leave an environment by time, so the log of a click depends on how many clicks a second it serves: here 20. */
const [slowClicks, slowPauseMs] = [100, 50];

/** Measures the bundled `track` and `store` over real HTTP against an SQS and an S3 that answer at once. */
export async function measureServing(batchEvents: number): Promise<ServingCosts> {
  const catalog = await catalogText();
  return withFastAws({ queueLatencyMs: 0, putLatencyMs: 0, catalogText: catalog }, async (folder, port) => {
    await writeFile(join(folder, 'catalog.json'), catalog);
    const track = await repeat('track', folder, port, clickRequest, clicks);
    const slow = await repeat('track', folder, port, clickRequest, slowClicks, slowPauseMs);
    const store = await repeat('store', folder, port, batchOf(batchEvents), batches);
    const single = await repeat('store', folder, port, batchOf(1), clicks);
    return {
      trackClickMicros: Math.round(track.cpuMicros),
      trackLogBytes: Math.round(slow.logBytes / (slowClicks * 1.1)),
      trackAnswerBytes: JSON.stringify(track.report).length,
      storeEventMicros: Number((store.cpuMicros / batchEvents).toFixed(1)),
      callMicros: Math.round(single.cpuMicros / 2),
      storeMemoryMegabytes: Math.round(store.memoryMegabytesMax),
      trackMemoryMegabytes: Math.round(track.memoryMegabytesMax),
    };
  });
}

const hangingBatches = 600;

/**
 * How long the bundled `store` takes for a full batch while every call to the peer region hangs: the mean of a minute or
 * so of one busy environment, its trials included. The first batches, which find out, do not count. `answers`: how long
 * SQS and S3 at home take.
 */
export async function measureHangingPeer(
  batchEvents: number,
  answers: Pick<FastAwsOptions, 'queueLatencyMs' | 'putLatencyMs'>,
): Promise<number> {
  return withFastAws({ ...answers, hangingRegion: peerRegion }, async (folder, port) => {
    const { elapsedMs } = await repeat('store', folder, port, batchOf(batchEvents), hangingBatches);
    return Math.round(elapsedMs / hangingBatches);
  });
}

async function withFastAws<Found>(
  options: Omit<FastAwsOptions, 'bodies' | 'queueName'>,
  run: (folder: string, port: number) => Promise<Found>,
): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), 'keeptrack-bench-'));
  const workerData: FastAwsOptions = { ...options, bodies: [''], queueName };
  await bundleNamed(folder, { 'fast-aws': 'bench/drain/fast-aws.ts', environment: 'bench/drain/environment.ts' });
  const server = new Worker(join(folder, 'fast-aws.mjs'), { workerData });
  try {
    const [{ port }] = (await once(server, 'message')) as [FastAwsReport];
    return await run(folder, port);
  } finally {
    await server.terminate();
    await rm(folder, { recursive: true, force: true });
  }
}

async function repeat(part: FunctionPart, folder: string, port: number, event: unknown, times: number, pauseMs = 0) {
  await bundleFunction(part, folder);
  const env = { ...functionEnvironment(part, port), LAMBDA_TASK_ROOT: folder };
  const order = { bundle: join(folder, `${part}.mjs`), event, remainingMs: 60_000, times, pauseMs };
  const { cpuMs, ...result } = await runBundle<unknown>(folder, env, order);
  return { ...result, cpuMicros: (cpuMs * 1_000) / times };
}

/** The example catalog as a snapshot. */
export async function catalogText(): Promise<string> {
  const catalog = validateCatalog(await readFile('examples/catalog.yaml', 'utf8'));
  if (catalog.kind === 'invalid') throw new Error('examples/catalog.yaml is not valid');
  return makeSnapshot(catalog.content).text;
}

/** A click as the HTTP API hands it to `track`. */
export const clickRequest = {
  version: '2.0',
  rawPath: '/aff_c',
  rawQueryString: 'offer_id=1500&aff_id=1001&aff_sub=summer-banner-7&source=placement-12',
  headers: {
    'user-agent':
      'Mozilla/5.0 (Linux; Android 14; SM-G991U) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
  },
  requestContext: { http: { method: 'GET', path: '/aff_c', sourceIp: '203.0.113.9' } },
};

/** A batch of the event source mapping, with one event in each message. */
function batchOf(events: number) {
  const chance = seededChance(5);
  const startMs = Date.UTC(2026, 10, 23, 5);
  return {
    Records: Array.from({ length: events }, (_, seq) => ({
      messageId: `message-${seq}`,
      body: encodeLine(sampleEvent(startMs + seq, seq, chance)),
    })),
  };
}
