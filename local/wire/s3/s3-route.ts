import type { WireRequest, WireResponse } from '../wire-service.ts';
import { copyObject, copySourceHeader } from './copy-object.ts';
import { askedDeletions, deleteObjects } from './delete-object.ts';
import { configurationRoutes } from './get-bucket-configuration.ts';
import { answerGetObject, headObject } from './get-object.ts';
import { listObjectVersions } from './list-object-versions.ts';
import { listObjectsV2 } from './list-objects.ts';
import { answerPutObject } from './put-object.ts';
import type { BucketRequest, ObjectRequest } from './s3-request.ts';

/**
 * Maps a request to its action. A query parameter or an `x-amz-` header that no route names asks for something that is
 * not modelled (access control lists, tags, multipart uploads, …). Such a request is refused.
 */
export type S3Route = BucketRoute | ObjectRoute;

interface Common {
  readonly action: string;
  readonly method: string;
  /** Required query parameters. They distinguish the actions of one method. */
  readonly marks: readonly string[];
  /** Optional query parameters. */
  readonly parameters: readonly string[];
}

interface BucketRoute extends Common {
  readonly target: 'bucket';
  readonly permission: string;
  /** The objects that need the permission; absent = the bucket needs it. */
  readonly objectsIn?: (body: Buffer) => readonly NamedObject[];
  readonly perform: (request: BucketRequest) => WireResponse;
}

interface NamedObject {
  readonly key: string;
  readonly versionId?: string;
}

interface ObjectRoute extends Common {
  readonly target: 'object';
  /** A required header. It distinguishes the actions of one method. */
  readonly header?: string;
  /** `Version` is appended when the request names a version. */
  readonly permission: string;
  readonly perform: (request: ObjectRequest) => WireResponse;
}

const paging = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

/**
 * The permissions come from
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
const routes: readonly S3Route[] = [
  { ...object('CopyObject', 'PUT', 's3:PutObject', [], copyObject), header: copySourceHeader },
  object('PutObject', 'PUT', 's3:PutObject', [], answerPutObject),
  object('GetObject', 'GET', 's3:GetObject', ['versionId'], answerGetObject),
  object('HeadObject', 'HEAD', 's3:GetObject', ['versionId'], headObject),
  ...configurationRoutes.map(({ action, permission, mark, perform }) =>
    bucket(action, 'GET', permission, [mark], [], perform),
  ),
  bucket(
    'ListObjectVersions',
    'GET',
    's3:ListBucketVersions',
    ['versions'],
    [...paging, 'key-marker', 'version-id-marker'],
    listObjectVersions,
  ),
  bucket(
    'ListObjectsV2',
    'GET',
    's3:ListBucket',
    ['list-type'],
    [...paging, 'start-after', 'continuation-token'],
    listObjectsV2,
  ),
  {
    ...bucket('DeleteObjects', 'POST', 's3:DeleteObject', ['delete'], [], deleteObjects),
    // A body that is not a list of keys needs the permission for all objects.
    objectsIn: (body) => askedDeletions(body.toString())?.objects ?? [{ key: '*' }],
  },
];

function object(
  action: string,
  method: string,
  permission: string,
  parameters: readonly string[],
  perform: ObjectRoute['perform'],
): ObjectRoute {
  return { target: 'object', action, method, permission, marks: [], parameters, perform };
}

function bucket(
  action: string,
  method: string,
  permission: string,
  marks: readonly string[],
  parameters: readonly string[],
  perform: BucketRoute['perform'],
): BucketRoute {
  return { target: 'bucket', action, method, permission, marks, parameters, perform };
}

/** Undefined when no route fits the request. */
export function routeOf(
  target: S3Route['target'],
  { method, query, headers }: Pick<WireRequest, 'method' | 'query' | 'headers'>,
): S3Route | undefined {
  const names = [...query.keys()].filter((name) => name !== 'x-id' && !name.toLowerCase().startsWith('x-amz-'));
  return routes.find(
    (route) =>
      route.target === target &&
      route.method === method &&
      (route.target === 'bucket' || route.header === undefined || headers[route.header] !== undefined) &&
      route.marks.every((mark) => names.includes(mark)) &&
      names.every((name) => route.marks.includes(name) || route.parameters.includes(name)),
  );
}

const knownHeaders = [
  /^x-amz-(date|security-token|content-sha256|user-agent|request-payer)$/,
  /^x-amz-(sdk-checksum-algorithm|checksum-(mode|type|crc32|crc64nvme))$/,
  /^x-amz-meta-/,
];

const unmodelled = ['if-modified-since', 'if-unmodified-since', 'if-match', 'range', 'content-md5'];

/** Headers that only this action has here. */
const modelledFor: Readonly<Record<string, string>> = {
  PutObject: 'if-match',
  GetObject: 'range',
  CopyObject: copySourceHeader,
};

export function unmodelledHeaders({ headers }: WireRequest, { action }: S3Route): string[] {
  return Object.keys(headers).filter((name) => {
    const isOfS3 = name.startsWith('x-amz-') && !knownHeaders.some((known) => known.test(name));
    return (isOfS3 || unmodelled.includes(name)) && modelledFor[action] !== name;
  });
}
