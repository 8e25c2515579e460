import type { S3EventRecord } from 'aws-lambda';
import type { ObjectVersion } from './bucket-store.ts';
import type { Chance } from './time.ts';

/** The messages that S3 sends to a queue, as JSON text. They name no writer, because one account writes all objects. */

interface EventSource {
  readonly bucketName: string;
  readonly region: string;
  /** The id of the bucket's configuration that names the queue. */
  readonly configurationId: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export function objectCreated(
  { bucketName, region, configurationId }: EventSource,
  object: ObjectVersion,
  chance: Chance,
): string {
  const { key, sizeBytes, etag, versionId, lastModifiedMs } = object;
  const record: S3EventRecord = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(lastModifiedMs).toISOString(),
    eventName: 'ObjectCreated:Put',
    userIdentity: { principalId },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': hexDigits(16, chance), 'x-amz-id-2': hexDigits(64, chance) },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: { name: bucketName, ownerIdentity: { principalId }, arn: `arn:aws:s3:::${bucketName}` },
      object: {
        key: encodeKey(key),
        size: sizeBytes,
        eTag: etag.replaceAll('"', ''),
        // S3 sends no version id for a bucket without versioning.
        ...(versionId === 'null' ? {} : { versionId }),
        sequencer: sequencerOf(object),
      },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/**
 * S3 sends this when a bucket gets a configuration that notifies the queue. It has no `Records`, so nobody mistakes it
 * for an event.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function testEvent({ bucketName }: EventSource, nowMs: number, chance: Chance): string {
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(nowMs).toISOString(),
    Bucket: bucketName,
    RequestId: hexDigits(16, chance),
    HostId: hexDigits(64, chance),
  });
}

const principalId = 'AWS:LOCAL';

/** Form encoding: `=` becomes `%3D` and a space becomes `+`, but `/` stays. */
function encodeKey(key: string): string {
  const encode = (part: string): string =>
    encodeURIComponent(part).replace(
      /[!~'()]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  return key.split('/').map(encode).join('/').replaceAll('%20', '+');
}

/** Compared as text, a later write of a key has a greater sequencer. Version ids grow too, and are digits. */
function sequencerOf({ id }: ObjectVersion): string {
  return `00${BigInt(id).toString(16).toUpperCase().padStart(16, '0')}`;
}

function hexDigits(count: number, chance: Chance): string {
  return Array.from({ length: count }, () => Math.floor(chance() * 16).toString(16))
    .join('')
    .toUpperCase();
}
