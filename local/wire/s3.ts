import { unfitKey } from '../model/bucket-checks.ts';
import { type Address, addressOf } from './s3/address.ts';
import { answersFor } from './s3/answers.ts';
import { copySourceHeader, copySourceOf } from './s3/copy-object.ts';
import { listBuckets } from './s3/list-buckets.ts';
import type { Answers, Failure, S3Bucket } from './s3/s3-request.ts';
import { routeOf, type S3Route, unmodelledHeaders } from './s3/s3-route.ts';
import { readVersionId } from './s3/version-id.ts';
import type { WireCall, WireRequest, WireResponse, WireService } from './wire-service.ts';

/**
 * S3's REST protocol for the buckets of all regions. It models the calls of Keeptrack and of `aws s3 ls`. It answers
 * 501 NotImplemented to every other call, parameter and header.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
export function createS3Service(buckets: readonly S3Bucket[]): WireService {
  const byName = new Map(buckets.map((bucket) => [bucket.bucket.name, bucket]));
  let requests = 0;

  return {
    name: 's3',
    read(request): WireCall {
      requests += 1;
      const answers = answersFor(requests.toString(16).toUpperCase().padStart(16, '0'), request.path);
      const refuse = (status: number, code: string, message: string) => answers.fail({ status, code, message });
      const address = addressOf(request.path, request.headers['host'] ?? '', byName.keys());
      if (headerBytes(request) > headerBytesMax) return { ...unsupported(answers, headersTooLarge), refuse };
      if (!address) return { ...unsupported(answers, badUri), refuse };
      if (address === 'service') return { ...serviceCall(request, buckets, answers), refuse };
      return { ...bucketCall(request, address, byName, answers), refuse };
    },
  };
}

type Call = Omit<WireCall, 'refuse'>;

function serviceCall({ method, query }: WireRequest, buckets: readonly S3Bucket[], answers: Answers): Call {
  if (method !== 'GET') return unsupported(answers, notImplemented(`${method} /`));
  const needs = [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  return { action: 'ListBuckets', needs, perform: () => listBuckets(buckets, query.get('prefix') ?? '', answers) };
}

type Buckets = ReadonlyMap<string, S3Bucket>;

function bucketCall(request: WireRequest, address: Address, buckets: Buckets, answers: Answers): Call {
  const route = routeOf(address.key === '' ? 'bucket' : 'object', request);
  if (!route) return unsupported(answers, notImplemented(`${request.method} ${[...request.query.keys()].join(' ')}`));
  const [header] = unmodelledHeaders(request, route);
  if (header)
    return unsupported(answers, { ...notImplemented('A header of the request'), details: { Header: header } });
  return {
    action: route.action,
    needs: needsOf(route, request, address),
    perform: () => performIn(buckets, route, request, address, answers),
  };
}

function needsOf(route: S3Route, request: WireRequest, { bucketName, key }: Address): WireCall['needs'] {
  const { permission } = route;
  const bucketArn = `arn:aws:s3:::${bucketName}`;
  const needOf = (named: { readonly key: string; readonly versionId?: string | null }) => ({
    action: (named.versionId ?? null) === null ? permission : `${permission}Version`,
    resource: `${bucketArn}/${named.key}`,
  });
  if (route.target === 'bucket') {
    return route.objectsIn?.(request.body).map(needOf) ?? [{ action: permission, resource: bucketArn }];
  }
  const source = route.action === 'CopyObject' ? copySourceOf(request.headers[copySourceHeader] ?? '') : undefined;
  const reading = source && [{ action: 's3:GetObject', resource: `arn:aws:s3:::${source.bucketName}/${source.key}` }];
  const need = needOf({ key, versionId: request.query.get('versionId') });
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html#conditional-write-etags
  const comparing = { action: 's3:GetObject', resource: need.resource };
  return route.action === 'PutObject' && request.headers['if-match'] !== undefined
    ? [need, comparing]
    : [need, ...(reading ?? [])];
}

function performIn(
  buckets: Buckets,
  route: S3Route,
  wire: WireRequest,
  { bucketName, key }: Address,
  answers: Answers,
): WireResponse {
  const found = buckets.get(bucketName);
  if (!found) return answers.fail(noSuchBucket(bucketName));
  const { bucket, configuration, region } = found;
  if (region !== wire.region) return answers.fail(elsewhere(bucketName, region));
  const bucketNamed = (name: string) => buckets.get(name)?.bucket;
  const request = { wire, bucket, configuration, answers, bucketNamed };
  if (route.target === 'bucket') return route.perform(request);
  const versionId = readVersionId(wire.query, 'versionId');
  const refusal = unfitKey(key) ?? (versionId.kind === 'failed' ? versionId : undefined);
  return refusal ? answers.fail(refusal) : route.perform({ ...request, key });
}

function unsupported(answers: Answers, failure: Failure): Call {
  return { action: 'NotImplemented', needs: [], perform: () => answers.fail(failure) };
}

/**
 * The documentation limits the headers of a PUT; S3 applies the limit to all requests.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
const headerBytesMax = 8_192;

function headerBytes({ headers }: WireRequest): number {
  return Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}

const headersTooLarge: Failure = {
  status: 400,
  code: 'RequestHeaderSectionTooLarge',
  message: 'Your request header section exceeds the maximum allowed size.',
  details: { MaxSizeAllowed: String(headerBytesMax) },
};

const badUri: Failure = { status: 400, code: 'InvalidURI', message: "Couldn't parse the specified URI." };

function notImplemented(what: string): Failure {
  const message = `${what} implies functionality that the local S3 does not implement`;
  return { status: 501, code: 'NotImplemented', message };
}

function noSuchBucket(bucketName: string): Failure {
  const message = 'The specified bucket does not exist';
  return { status: 404, code: 'NoSuchBucket', message, details: { BucketName: bucketName } };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#VirtualHostingBackwardsCompatibility */
function elsewhere(bucketName: string, region: string): Failure {
  return {
    status: 301,
    code: 'PermanentRedirect',
    message:
      'The bucket you are attempting to access must be addressed using the specified endpoint. ' +
      'Please send all future requests to this endpoint.',
    details: { Bucket: bucketName, Endpoint: `${bucketName}.s3.${region}.amazonaws.com`, Region: region },
    headers: { 'x-amz-bucket-region': region },
  };
}
