import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ErasureCriterion } from '../../../core/event/erasure.ts';
import { createRedact } from '../../../core/event/redaction.ts';
import { hourStart } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { machineTime } from '../../../local/clock.ts';
import { type Endpoint, startEndpoint } from '../../../local/endpoint/endpoint.ts';
import { FaultBoard } from '../../../local/fault/fault-board.ts';
import { anyPort } from '../../../local/listen.ts';
import { BucketModel } from '../../../local/model/bucket.ts';
import { memoryBucketStore } from '../../../local/model/bucket-store.ts';
import { createS3Service } from '../../../local/wire/s3.ts';
import type { Deployment } from '../../../operator/clients/deployment.ts';
import { LogFailure, openVersionedLog } from '../../../operator/clients/versioned-log.ts';
import { eraseFrom } from '../../../operator/commands/erase/erase-segment.ts';
import { scanLogs } from '../../../operator/commands/erase/scan-logs.ts';
import { plainConfiguration } from '../../local/wire/plain-configuration.ts';
import { idOf, sampleLine, sampleLines, sampleMs } from '../../sample-lines.ts';
import { linesEver, linesIn } from '../model-log.ts';

/** The log port over the AWS SDK, against the local endpoint. */

const regions = ['us-east-1', 'us-west-2'] as const;
const time = machineTime();
const config = { name: 'kt', account: '111122223333' };
let buckets: readonly BucketModel[];
let faults: FaultBoard;
let endpoint: Endpoint;
let logs: readonly ReturnType<typeof openVersionedLog>[];

beforeEach(async () => {
  buckets = regions.map(
    (region) =>
      new BucketModel({
        name: `kt-log-111122223333-${region}`,
        versioned: true,
        time,
        store: memoryBucketStore(),
      }),
  );
  faults = new FaultBoard({ time, chance: () => 0 });
  endpoint = await startEndpoint({
    port: anyPort,
    services: [
      createS3Service(
        buckets.map((bucket, index) => ({
          region: regions[index] ?? '',
          bucket,
          configuration: plainConfiguration,
          createdAtMs: 0,
        })),
      ),
    ],
    faults,
    time,
    chance: () => 0,
    policyOf: () => [],
    kill: () => {},
    onSurprise: (error) => expect.unreachable(String(error)),
  });
  logs = regions.map((region) => openVersionedLog(deployment(), region));
});

afterEach(async () => {
  for (const log of logs) log.close();
  await endpoint.close();
});

function deployment(): Deployment {
  const clientOptions = (region: string) => ({
    region,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true } as const,
    endpoint: endpoint.url,
    forcePathStyle: true as const,
    credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
  });
  return { config, regions, clientOptions } as unknown as Deployment;
}

test('lists every version and delete marker, over more than one page', async () => {
  const [log] = logs;
  const [bucket] = buckets;
  for (let number = 0; number < 1_003; number += 1) bucket?.put(`log/${number}`, Buffer.from('x'));
  bucket?.delete('log/7');
  const versions = (await log?.versions('log/')) ?? [];
  expect(versions).toHaveLength(1_004);
  expect(versions.filter(({ isLatest }) => isLatest)).toHaveLength(1_003);
  expect(versions.filter(({ etag }) => etag === undefined).map(({ key, isLatest }) => [key, isLatest])).toEqual([
    ['log/7', true],
  ]);
});

test('reads every version, overwrites an object, and removes old versions for good', async () => {
  const [log] = logs;
  await log?.overwrite('log/a', Buffer.from('first'));
  await log?.overwrite('log/a', Buffer.from('third'));
  const versions = (await log?.versions('log/a')) ?? [];
  const texts = await Promise.all(
    versions.map(async ({ versionId }) => Buffer.from((await log?.read('log/a', versionId)) ?? []).toString()),
  );
  expect(texts.sort()).toEqual(['first', 'third']);
  await log?.remove(
    'log/a',
    versions.filter(({ isLatest }) => !isLatest).map(({ versionId }) => versionId),
  );
  expect(await log?.versions('log/a')).toHaveLength(1);
});

test('names the bucket that refused, and the reason', async () => {
  faults.add({ service: 's3', effect: 'error', status: 503, code: 'SlowDown' });
  const [log] = logs;
  await expect(log?.versions('log/')).rejects.toThrow(LogFailure);
  await expect(log?.overwrite('log/a', Buffer.from(''))).rejects.toThrow(
    'us-east-1: s3://kt-log-111122223333-us-east-1/log/a: 503 SlowDown',
  );
});

test('an erasure over HTTP removes the person from both logs and keeps all events', async () => {
  const hers: ErasureCriterion = { kind: 'sub-ids', values: new Map([['aff_sub', 'her']]) };
  const others = [...sampleLines(5)].sort();
  const own = sampleLine(99, sampleMs, { aff_sub: 'her' });
  const segments = segmentsOf([...others, own]);
  for (const bucket of buckets) for (const { key, gzip } of segments) bucket.put(key, gzip);
  const range = { fromMs: hourStart(sampleMs), toMs: hourStart(sampleMs) };
  const { keys, events } = await scanLogs(logs, range, hers, () => {});
  expect([keys.length, events.size]).toEqual([1, 1]);
  for (const key of keys) await eraseFrom(logs, key, hers, createRedact(Buffer.alloc(32, 1)));
  for (const bucket of buckets) {
    expect(linesIn(bucket)).toEqual(expect.arrayContaining(others));
    expect(linesIn(bucket).map(idOf).sort()).toEqual([...others, own].map(idOf).sort());
    expect(linesEver(bucket).filter((line) => line.includes('her'))).toEqual([]);
  }
});
