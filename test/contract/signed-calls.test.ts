import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signedBucket } from '../../lambda/aws/signed-bucket.ts';
import type { SigningParts } from '../../lambda/aws/signed-client.ts';
import { signedQueue } from '../../lambda/aws/signed-queue.ts';
import { systemClock } from '../../lambda/aws/system-clock.ts';
import { openS3Calls, type S3Calls } from './s3-calls.ts';
import { type ContractEndpoint, openContractEndpoint } from './sqs-endpoint.ts';

/** The calls that `track` signs itself, against the same endpoints as the SDK's. */

const budgetMs = 20_000;

let sqs: ContractEndpoint;
let s3: S3Calls;
beforeAll(async () => {
  [sqs, s3] = await Promise.all([openContractEndpoint(), openS3Calls()]);
});
afterAll(() => Promise.all([sqs.close(), s3.close()]));

/** The endpoint and the credentials that a client of the SDK has found. */
async function partsOf({ config }: Pick<SQSClient, 'config'> | S3Calls['client']): Promise<SigningParts> {
  const endpoint = await config.endpoint?.();
  if (endpoint === undefined) throw new Error('the client has no endpoint');
  const { accessKeyId, secretAccessKey, sessionToken } = await config.credentials();
  const environment = {
    AWS_ENDPOINT_URL: `${endpoint.protocol}//${endpoint.hostname}${endpoint.port ? `:${endpoint.port}` : ''}`,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken && { AWS_SESSION_TOKEN: sessionToken }),
  };
  return { environment, clock: systemClock };
}

test('a queue takes a message and gives it out as it was sent', async () => {
  const queue = signedQueue(await sqs.client.config.region(), sqs.queueUrl, await partsOf(sqs.client));
  expect(await queue.warm(budgetMs)).toEqual({ status: 200, code: '' });
  const body = '{"v":1,"text":"\\u00e9 \\"quoted\\""}';
  expect(await queue.send(body, budgetMs)).toEqual({ status: 200, code: '' });
  await sqs.passTime();
  const { Messages } = await sqs.client.send(new ReceiveMessageCommand({ QueueUrl: sqs.queueUrl }));
  expect(Messages?.map(({ Body }) => Body)).toEqual([body]);
});

test('a queue that is not there says so by the name that the SDK gives', async () => {
  const queue = signedQueue(await sqs.client.config.region(), `${sqs.queueUrl}-not`, await partsOf(sqs.client));
  expect(await queue.send('x', budgetMs)).toEqual({ status: 400, code: 'QueueDoesNotExist' });
});

describe('a bucket', () => {
  async function bucket() {
    const region = await s3.client.config.region();
    return signedBucket({ region, bucket: s3.bucket, writer: 'track us-east-1' }, await partsOf(s3.client));
  }

  test('keeps the first bytes of a key, with the writer and the checksum', async () => {
    const { putIfAbsent, get } = await bucket();
    const { Bucket, Key } = s3.at('dt=2026-11-23/hr=05/signed.gz');
    expect(await putIfAbsent(Key, Buffer.from('first'), budgetMs)).toEqual({ status: 200, code: '' });
    expect(await putIfAbsent(Key, Buffer.from('second'), budgetMs)).toEqual({
      status: 412,
      code: 'PreconditionFailed',
    });
    const got = await get(Key, budgetMs);
    expect(got.kind === 'ok' && Buffer.from(got.value.body).toString()).toBe('first');
    const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    expect(head.Metadata).toEqual({ 'keeptrack-writer': 'track us-east-1' });
    expect([head.ContentType, head.ChecksumCRC32]).toEqual(['application/gzip', 'knHuVw==']);
  });

  test('says that an object has not changed, and that a key is missing', async () => {
    const { putIfAbsent, get } = await bucket();
    const { Key } = s3.at('unchanged');
    await putIfAbsent(Key, Buffer.from('x'), budgetMs);
    const got = await get(Key, budgetMs);
    const etag = got.kind === 'ok' ? got.value.etag : '';
    expect(await get(Key, budgetMs, etag)).toMatchObject({ kind: 'failed', answer: { status: 304 } });
    const missing = { kind: 'failed', answer: { status: 404, code: 'NoSuchKey' } };
    expect(await get(s3.at('missing').Key, budgetMs)).toEqual(missing);
  });
});
