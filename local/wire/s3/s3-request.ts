import type { BucketModel } from '../../model/bucket.ts';
import type { BucketConfiguration } from '../../template/region-template.ts';
import type { WireRequest, WireResponse } from '../wire-service.ts';

export interface S3Bucket {
  readonly region: string;
  readonly bucket: BucketModel;
  readonly configuration: BucketConfiguration;
  readonly createdAtMs: number;
}

/** A request whose bucket exists in the request's region. */
export interface BucketRequest {
  readonly wire: WireRequest;
  readonly bucket: BucketModel;
  readonly configuration: BucketConfiguration;
  readonly answers: Answers;
  /** Any bucket of any region; undefined when there is none. */
  readonly bucketNamed: (name: string) => BucketModel | undefined;
}

export interface ObjectRequest extends BucketRequest {
  readonly key: string;
}

/** Writes answers that carry the ids of the request. */
export interface Answers {
  ok(headers?: Readonly<Record<string, string | undefined>>, body?: string | Buffer, status?: number): WireResponse;
  xml(body: string): WireResponse;
  /** `details` become elements of the error document. `headers` are sent with it. */
  fail(failure: Failure): WireResponse;
}

export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export type ReadOrFailed<T> = { readonly kind: 'ok'; readonly value: T } | ({ readonly kind: 'failed' } & Failure);

export function invalidArgument(message: string, name: string, value: string): { readonly kind: 'failed' } & Failure {
  const details = { ArgumentName: name, ArgumentValue: value };
  return { kind: 'failed', status: 400, code: 'InvalidArgument', message, details };
}
