import { createHash } from 'node:crypto';
import {
  type DeletedObject,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { openContractEndpoint } from './s3-endpoint.ts';

/** The calls of the contract, each on the contract's bucket. */
export interface S3Calls {
  readonly client: S3Client;
  readonly bucket: string;
  /** What all keys of this run begin with, without the slash: the bucket may not be ours alone. */
  readonly base: string;
  at(key: string): { readonly Bucket: string; readonly Key: string };
  put(key: string, body: string, more?: Partial<PutObjectCommandInput>): ReturnType<typeof sendPut>;
  read(key: string, more?: object): Promise<string>;
  /** Deletes one object, or one version of it. */
  remove(key: string, versionId?: string): Promise<DeletedObject | undefined>;
  close(): Promise<void>;
}

let opened = 0;

export async function openS3Calls(): Promise<S3Calls> {
  const { client, bucket, close } = await openContractEndpoint();
  opened += 1;
  const run = `${process.pid} ${Date.now()} ${opened}`;
  const base = `contract/${createHash('sha256').update(run).digest('hex').slice(0, 12)}`;
  const at = (key: string) => ({ Bucket: bucket, Key: `${base}/${key}` });
  return {
    ...{ client, bucket, base, at, close },
    put: (key, Body, more) => sendPut(client, { ...at(key), Body, ...more }),
    async remove(key, VersionId) {
      const Objects = [{ Key: at(key).Key, VersionId }];
      const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } });
      return (await client.send(command)).Deleted?.[0];
    },
    async read(key, more) {
      const { Body } = await client.send(new GetObjectCommand({ ...at(key), ...more }));
      return (await Body?.transformToString()) ?? '';
    },
  };
}

const sendPut = (client: S3Client, input: PutObjectCommandInput) => client.send(new PutObjectCommand(input));

/** Status and code of an expected refusal. */
export async function refusalOf(call: Promise<unknown>): Promise<{ status?: number; code: string }> {
  const error = await call.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason as Error & { $metadata?: { httpStatusCode?: number } },
  );
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return { code: error.name, ...(status === undefined ? {} : { status }) };
}
