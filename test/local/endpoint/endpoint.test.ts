import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FunctionCaller } from '../../../local/endpoint/caller.ts';
import { type Endpoint, startEndpoint } from '../../../local/endpoint/endpoint.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { FaultBoard } from '../../../local/fault/fault-board.ts';
import { anyPort } from '../../../local/listen.ts';
import { BucketModel } from '../../../local/model/bucket.ts';
import { memoryBucketStore } from '../../../local/model/bucket-store.ts';
import type { ModelTime } from '../../../local/model/time.ts';
import type { PolicyStatement } from '../../../local/template/region-template.ts';
import { createS3Service } from '../../../local/wire/s3.ts';
import type { WireService } from '../../../local/wire/wire-service.ts';
import { plainConfiguration } from '../wire/plain-configuration.ts';

/** The clock moves only when somebody waits: then it jumps to the end of the wait, and remembers that. */
const waits: number[] = [];
const time: ModelTime = {
  nowMs: () => 1_000_000,
  after(delayMs, task) {
    waits.push(delayMs);
    setImmediate(task);
    return () => {};
  },
};

let draw = 0;
let policy: readonly PolicyStatement[];
let killed: FunctionCaller[];
let bucket: BucketModel;
let faults: FaultBoard;
let endpoint: Endpoint;
let clients: S3Client[];

const everything: PolicyStatement = { effect: 'Allow', actions: ['*'], resources: ['*'] };

beforeEach(async () => {
  draw = 0;
  policy = [everything];
  killed = [];
  clients = [];
  waits.length = 0;
  bucket = new BucketModel({ name: 'log', versioned: true, time, store: memoryBucketStore() });
  faults = new FaultBoard({ time, chance: () => draw });
  endpoint = await startEndpoint({
    port: anyPort,
    services: [createS3Service([{ region: 'us-east-1', bucket, configuration: plainConfiguration, createdAtMs: 0 }])],
    faults,
    time,
    chance: () => draw,
    policyOf: () => policy,
    kill: (caller) => killed.push(caller),
    onSurprise: (error) => expect.unreachable(String(error)),
  });
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await endpoint.close();
});

function clientOf(accessKeyId: string, region = 'us-east-1'): S3Client {
  const credentials = { accessKeyId, secretAccessKey: 'local' };
  const client = new S3Client({ region, endpoint: endpoint.url, forcePathStyle: true, maxAttempts: 1, credentials });
  clients.push(client);
  return client;
}

const store = 'LOCAL.us-east-1.keeptrack-store.3';

/** How a put ends: `done`, or the error's name or code. */
async function put(accessKeyId = store, region = 'us-east-1', abortSignal?: AbortSignal): Promise<string> {
  const command = new PutObjectCommand({ Bucket: 'log', Key: 'log/a', Body: 'text' });
  return clientOf(accessKeyId, region)
    .send(command, abortSignal ? { abortSignal } : {})
    .then(
      () => 'done',
      (error: Error & { code?: string }) => error.code ?? error.name,
    );
}

const broken = (fault: Omit<Fault, 'service'>) => faults.add({ service: 's3', ...fault });

describe('what strikes a call', () => {
  test('error: refused in the words of the service, and nothing is done', async () => {
    broken({ effect: 'error', status: 500, code: 'InternalError' });
    expect(await put()).toBe('InternalError');
    expect(bucket.keys()).toEqual([]);
  });

  test('error without a status is 503 ServiceUnavailable', async () => {
    broken({ effect: 'error' });
    expect(await put()).toBe('ServiceUnavailable');
  });

  test('capacity: what exceeds it is told to slow down', async () => {
    broken({ effect: 'capacity', perSecond: 1 });
    expect(await put()).toBe('done');
    expect(await put()).toBe('SlowDown');
  });

  test('reset: the connection ends and nothing is done', async () => {
    broken({ effect: 'reset' });
    expect(await put()).toBe('ECONNRESET');
    expect(bucket.keys()).toEqual([]);
  });

  test('lose-reply: it is done, but the answer never comes', async () => {
    broken({ effect: 'lose-reply' });
    expect(await put()).toBe('ECONNRESET');
    expect(bucket.keys()).toEqual(['log/a']);
  });

  test('no-address: an open connection goes on, and a new one breaks before anything is asked', async () => {
    const client = clientOf(store);
    const send = () => client.send(new PutObjectCommand({ Bucket: 'log', Key: 'log/a', Body: 'text' }));
    await send();
    faults.add({ service: 'dns', effect: 'no-address', region: 'us-east-1' });
    await send();
    expect(await put()).toBe('ECONNRESET');
    expect(endpoint.tally.calls('us-east-1')['s3:PutObject']).toBe(2);
  });

  test('slow: it is done after the delays of all that strike', async () => {
    broken({ effect: 'slow', delayMs: 300 });
    broken({ effect: 'slow', delayMs: 200 });
    expect(await put()).toBe('done');
    expect(waits).toEqual([500]);
  });

  test('hang: no answer until the client gives up', async () => {
    broken({ effect: 'hang' });
    const controller = new AbortController();
    const outcome = put(store, 'us-east-1', controller.signal);
    await vi.waitUntil(() => endpoint.tally.calls('us-east-1')['s3:PutObject'] === 1);
    controller.abort();
    expect(await outcome).toBe('AbortError');
    expect(bucket.keys()).toEqual([]);
  });

  test('kill before the call: nothing is done; after it: done; the environment dies either way', async () => {
    broken({ effect: 'kill' });
    draw = 0.4;
    expect(await put()).toBe('ECONNRESET');
    expect(bucket.keys()).toEqual([]);
    draw = 0.6;
    expect(await put()).toBe('ECONNRESET');
    expect(bucket.keys()).toEqual(['log/a']);
    const caller = { kind: 'function', region: 'us-east-1', functionName: 'keeptrack-store', environmentNumber: 3 };
    expect(killed).toEqual([caller, caller]);
  });

  test('kill passes over the operator, who is nobody to end', async () => {
    broken({ effect: 'kill' });
    expect(await put('somebody')).toBe('done');
    expect(killed).toEqual([]);
  });

  test('a cut link strikes only who comes from the other region', async () => {
    faults.add({ service: 'link', effect: 'reset' });
    expect(await put()).toBe('done');
    expect(await put('somebody')).toBe('done');
    expect(await put('LOCAL.us-west-2.keeptrack-store.1')).toBe('ECONNRESET');
  });
});

test('closing ends requests that hang', async () => {
  broken({ effect: 'hang' });
  const outcome = put();
  await vi.waitUntil(() => endpoint.tally.calls('us-east-1')['s3:PutObject'] === 1);
  await endpoint.close();
  expect(await outcome).toBe('ECONNRESET');
});

describe('policies', () => {
  test('what is not granted is refused, recorded once, and not done', async () => {
    policy = [{ effect: 'Allow', actions: ['s3:PutObject'], resources: ['arn:aws:s3:::log/catalog/*'] }];
    expect([await put(), await put()]).toEqual(['AccessDenied', 'AccessDenied']);
    expect(endpoint.tally.denied('us-east-1')).toEqual(['keeptrack-store s3:PutObject arn:aws:s3:::log/log/a']);
    expect(bucket.keys()).toEqual([]);
  });

  test('a missing grant is recorded even while a fault answers first', async () => {
    policy = [];
    broken({ effect: 'error' });
    expect(await put()).toBe('ServiceUnavailable');
    expect(endpoint.tally.denied('us-east-1')).toHaveLength(1);
  });

  test('the operator may do everything', async () => {
    policy = [];
    expect(await put('AKIAIOSFODNN7EXAMPLE')).toBe('done');
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
  test('who may not list the bucket is told 403 of a missing key, who may is told 404', async () => {
    const get = () =>
      clientOf(store)
        .send(new GetObjectCommand({ Bucket: 'log', Key: 'none' }))
        .catch(({ name }: Error) => name);
    policy = [{ effect: 'Allow', actions: ['s3:GetObject'], resources: ['*'] }];
    expect(await get()).toBe('AccessDenied');
    policy = [everything];
    expect(await get()).toBe('NoSuchKey');
  });
});

test('calls are counted by region, and by who makes them, whatever becomes of them', async () => {
  await put();
  await put('somebody');
  broken({ effect: 'error' });
  await put();
  expect(endpoint.tally.calls('us-east-1')).toEqual({ 's3:PutObject': 3 });
  expect(endpoint.tally.callsByCaller('us-east-1')).toEqual({
    'keeptrack-store s3:PutObject': 2,
    'operator s3:PutObject': 1,
  });
  expect(endpoint.tally.calls('us-west-2')).toEqual({});
});

test('a bucket of another region is a redirect that names it', async () => {
  expect(await put(store, 'us-west-2')).toBe('PermanentRedirect');
});

test('a defect of a service is told to the owner and answered, and the endpoint lives on', async () => {
  const surprises: unknown[] = [];
  const broken: WireService = {
    name: 'sqs',
    read: () => {
      throw new Error('a defect');
    },
  };
  const other = await startEndpoint({
    ...{ port: anyPort, services: [broken], faults, time, chance: () => 0, policyOf: () => [], kill: () => {} },
    onSurprise: (error) => surprises.push(error),
  });
  const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=x/20261123/us-east-1/sqs/aws4_request, Signature=0' };
  const statuses = [await fetch(other.url, { headers }), await fetch(other.url, { headers })].map(
    ({ status }) => status,
  );
  await other.close();
  expect(statuses).toEqual([500, 500]);
  expect(surprises).toEqual([new Error('a defect'), new Error('a defect')]);
});

describe('what is no call of ours', () => {
  const signed = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=x/20261123/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  });

  test('an unsigned request is told how to sign', async () => {
    const answer = await fetch(`${endpoint.url}/log/a`);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('--endpoint-url')]);
  });

  test('an unknown service is named, with those that are known', async () => {
    const answer = await fetch(endpoint.url, { method: 'POST', headers: signed('kinesis'), body: '{}' });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('"kinesis" is not modelled')]);
  });

  test('a body without end is not read to its end', async () => {
    const body = new Uint8Array(65 * 1_048_576);
    const status = await fetch(`${endpoint.url}/log/a`, { method: 'PUT', headers: signed('s3'), body }).then(
      (answer) => answer.status,
      () => 'closed',
    );
    expect([413, 'closed']).toContain(status);
    expect(bucket.keys()).toEqual([]);
  });

  test.each([
    ['GET', '/log?acl', {}],
    ['POST', '/log/a?uploads', {}],
    ['PUT', '/log/a', { 'x-amz-copy-source-range': 'bytes=0-9' }],
    ['PUT', '/log/a', { 'x-amz-tagging': 'a=b' }],
    ['PUT', '/log', {}],
  ])('%s %s with %j is not implemented, and said so', async (method, path, headers) => {
    const answer = await fetch(endpoint.url + path, { method, headers: { ...signed('s3'), ...headers } });
    expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining('<Code>NotImplemented</Code>')]);
  });
});
