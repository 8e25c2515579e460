import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { encodeLine } from '../../core/event/event.ts';
import { hourStart, logKey } from '../../core/log/log-key.ts';
import { segmentsOf } from '../../core/log/segment.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { sampleClick } from '../sample-events.ts';

/**
 * The parts of S3 that one run of repair needs: two logs of one hour that answer after a delay. The code does as little
 * work as possible, because it shares the machine with the measured process.
 */

export interface FastLogsOptions {
  /** The log that has every object. The other log has only those of `inBoth`. */
  readonly fullBucket: string;
  /** Segments of one event each. */
  readonly inOne: number;
  /** Keys that both logs have. Nobody reads what lies there. */
  readonly inBoth: number;
  /** Any moment of the hour, ms since the epoch. */
  readonly atMs: number;
  readonly latencyMs: number;
}

export type FastLogsReport =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'totals'; readonly puts: number; readonly gets: number; readonly lists: number };

const { fullBucket, inOne, inBoth, atMs, latencyMs } = workerData as FastLogsOptions;
const pageMax = 1_000;
/** Undefined for the keys that both logs have. */
const bodies = new Map<string, Uint8Array | undefined>([...segments(), ...keys()]);
const sortedKeys = [...bodies.keys()].sort();
/** What the other log has. */
const there = new Set(sortedKeys.filter((key) => bodies.get(key) === undefined));
const totals = { puts: 0, gets: 0, lists: 0 };

const server = createServer((request, response) => {
  request.resume().on('end', () => setTimeout(() => answer(request, response), latencyMs));
});
server.keepAliveTimeout = 120_000;

server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage({ kind: 'listening', port: (server.address() as AddressInfo).port } satisfies FastLogsReport);
});

parentPort?.on('message', () => parentPort?.postMessage({ kind: 'totals', ...totals } satisfies FastLogsReport));

function segments(): readonly (readonly [string, Uint8Array])[] {
  const chance = seededChance(inOne);
  return Array.from({ length: inOne }, (_, seq) => segmentsOf([encodeLine(sampleClick(atMs, seq, chance))]))
    .flat()
    .map(({ key, gzip }) => [key, gzip] as const);
}

function keys(): readonly (readonly [string, undefined])[] {
  return Array.from({ length: inBoth }, (_, index) => {
    const segmentId = createHash('sha256').update(`${index}`).digest('hex').slice(0, 32);
    return [logKey({ hourStartMs: hourStart(atMs), segmentId }), undefined] as const;
  });
}

/** The path is `/<bucket>/<key>`, because the endpoint is an address without a name. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
  const [, bucket = '', ...rest] = decodeURIComponent(pathname).split('/');
  const key = rest.join('/');
  if (request.method === 'PUT') take(key, response);
  else if (key !== '') give(key, response);
  else list(bucket, searchParams, response);
}

function take(key: string, response: ServerResponse): void {
  totals.puts += 1;
  there.add(key);
  response.writeHead(200, { etag: '"0"', 'content-length': 0 }).end();
}

function give(key: string, response: ServerResponse): void {
  totals.gets += 1;
  const body = bodies.get(key);
  if (body) response.writeHead(200, { etag: '"0"', 'content-length': body.length }).end(body);
  else response.writeHead(404, { 'content-type': 'application/xml' }).end('<Error><Code>NoSuchKey</Code></Error>');
}

function list(bucket: string, query: URLSearchParams, response: ServerResponse): void {
  totals.lists += 1;
  const prefix = query.get('prefix') ?? '';
  const after = query.get('start-after') ?? '';
  const found: string[] = [];
  for (let index = firstBehind(after > prefix ? after : prefix); found.length <= pageMax; index += 1) {
    const key = sortedKeys[index];
    if (!key?.startsWith(prefix)) break;
    if (bucket === fullBucket || there.has(key)) found.push(key);
  }
  const contents = found.slice(0, pageMax).map(entry).join('');
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><Prefix>${prefix}</Prefix><KeyCount>${Math.min(found.length, pageMax)}</KeyCount><MaxKeys>${pageMax}</MaxKeys><IsTruncated>${found.length > pageMax}</IsTruncated>${contents}</ListBucketResult>`;
  response.writeHead(200, { 'content-type': 'application/xml', 'content-length': text.length }).end(text);
}

/** Index of the first key that sorts behind a text. */
function firstBehind(text: string): number {
  let [low, high] = [0, sortedKeys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sortedKeys[middle] ?? '') > text) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What S3 says of an object: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
function entry(key: string): string {
  return `<Contents><Key>${key}</Key><LastModified>2026-11-23T05:00:00.000Z</LastModified><ETag>&quot;9b2cf535f27731c974343645a3985328&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>412</Size><StorageClass>STANDARD</StorageClass></Contents>`;
}
