import type { Bucket, Fetched, StoredObject } from '../core/ports.ts';
import type { BucketModel } from '../local/model/bucket.ts';
import type { BucketFailure, ReadOptions } from '../local/model/bucket-calls.ts';
import { answerTo, type SimulatedEnvironment } from './environment.ts';

/** The bucket ports over the bucket model, without HTTP between them. */
export function inProcessBucket(bucket: BucketModel, region: string, environment: SimulatedEnvironment): Bucket {
  const call = <T>(action: string, budgetMs: number, perform: () => Fetched<T>) =>
    environment.call({ service: 's3', region, action }, budgetMs, perform);
  const get = (key: string, budgetMs: number, options: ReadOptions) =>
    call<StoredObject>('GetObject', budgetMs, () => {
      const result = bucket.get(key, options);
      if (result.kind === 'failed') return fetched(result);
      return { kind: 'ok', value: { body: result.value.body, etag: result.value.version.etag } };
    });
  return {
    putIfAbsent: async (key, body, budgetMs) =>
      answerTo(await call('PutObject', budgetMs, () => fetched(bucket.put(key, body, { ifNoneMatch: '*' })))),
    replace: (key, body, ifEtag, budgetMs) =>
      call('PutObject', budgetMs, () => {
        const result = bucket.put(key, body, ifEtag === undefined ? { ifNoneMatch: '*' } : { ifMatch: ifEtag });
        return result.kind === 'failed' ? fetched(result) : { kind: 'ok', value: result.value.etag };
      }),
    get: (key, budgetMs, unlessEtag) => get(key, budgetMs, unlessEtag === undefined ? {} : { ifNoneMatch: unlessEtag }),
    getRange: (key, fromByte, lengthBytes, budgetMs) =>
      get(key, budgetMs, { range: { fromByte, toByte: fromByte + lengthBytes - 1 } }),
    list: (prefix, budgetMs, after) =>
      call('ListObjectsV2', budgetMs, () => {
        const listing = bucket.list({ prefix, ...(after === undefined ? {} : { startAfter: after }) });
        const { objects } = listing;
        const keys = objects.map(({ key }) => key);
        const etags = objects.map(({ etag }) => etag);
        const sizesBytes = objects.map((object) => object.sizeBytes);
        const next = listing.nextToken === undefined ? undefined : keys.at(-1);
        return { kind: 'ok', value: { keys, etags, sizesBytes, ...(next !== undefined && { next }) } };
      }),
  };
}

function fetched<T>(result: { readonly kind: 'ok'; readonly value: T } | BucketFailure): Fetched<T> {
  if (result.kind === 'ok') return result;
  return { kind: 'failed', answer: { status: result.status, code: result.code } };
}
