import { crc32 } from 'node:zlib';
import { limits } from '../../core/limits/limits.ts';
import { writerMetadata } from '../../core/log/segment-writer.ts';
import type { Answer, CaptureBucket } from '../../core/ports.ts';
import type { HttpReply, HttpRequest } from './kept-connections.ts';
import { awsUrl, type SigningParts, signedClient } from './signed-client.ts';

export interface SignedBucketNames {
  readonly region: string;
  readonly bucket: string;
  /** Kept with each object, so that a copy of a segment always tells who wrote it. */
  readonly writer: string;
}

/** A bucket by S3's REST protocol: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export function signedBucket({ region, bucket, writer }: SignedBucketNames, parts: SigningParts): CaptureBucket {
  const { url, isStandIn } = awsUrl(`${bucket}.s3.${region}.amazonaws.com`, parts.environment);
  const replyBytesMax = limits.catalog.bytesMax;
  const client = signedClient({ service: 's3', region, url, replyBytesMax, codeOf }, parts);
  const request = (method: string, key: string, headers: HttpRequest['headers'] = {}, body: Uint8Array = nothing) => {
    const encoded = key.split('/').map(encodeURIComponent).join('/');
    // The host of a stand-in names no bucket.
    return { method, path: isStandIn ? `/${bucket}/${encoded}` : `/${encoded}`, headers, body };
  };
  return {
    putIfAbsent(key, body, budgetMs) {
      const headers = {
        'Content-Type': 'application/gzip',
        'Content-Length': body.length,
        'If-None-Match': '*',
        [`x-amz-meta-${writerMetadata}`]: writer,
        'x-amz-sdk-checksum-algorithm': 'CRC32',
        'x-amz-checksum-crc32': checksum(body),
      };
      // S3 names the tag of each object that it stores.
      return client.ask(request('PUT', key, headers, body), budgetMs, (reply) => reply.headers.etag !== undefined);
    },
    async get(key, budgetMs, unlessEtag) {
      const condition = unlessEtag === undefined ? {} : { 'If-None-Match': unlessEtag };
      const result = await client.fetch(request('GET', key, { ...condition, ...asksForChecksum }), budgetMs);
      if (result.kind === 'failed') return result;
      const { body, headers } = result.value;
      const kept = headers['x-amz-checksum-crc32'];
      if (kept !== undefined && kept !== checksum(body)) return { kind: 'failed', answer: otherBytes };
      return { kind: 'ok', value: { body, etag: headers.etag ?? '' } };
    },
  };
}

const nothing = new Uint8Array();

/** S3 then names the checksum that it keeps. An object that another tool has written may have one of another kind. */
const asksForChecksum = { 'x-amz-checksum-mode': 'ENABLED' };

/** The bytes are not those that were written, so they prove nothing. */
const otherBytes: Answer = { status: 0, code: 'ChecksumMismatch' };

/** S3 compares it with what arrived, and keeps it: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
function checksum(body: Uint8Array): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses */
function codeOf({ body }: HttpReply): string | undefined {
  return /<Code>([A-Za-z0-9.]{1,100})<\/Code>/.exec(body.toString('latin1', 0, 4_096))?.[1];
}
