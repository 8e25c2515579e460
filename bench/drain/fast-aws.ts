import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { catalogKey } from '../../core/catalog/snapshot.ts';

/**
 * The parts of SQS and S3 that `track`, `store` and `replay` need: an endless failure queue of prepared messages, other
 * queues that are empty and take every message, and a bucket that takes every object after a delay and keeps none.
 * The code does as little work as possible, because
 * it shares the machine with the measured process.
 */

export interface FastAwsOptions {
  /** Bodies of failure-queue messages, handed out in turn. */
  readonly bodies: readonly string[];
  /** The queue that holds these messages. */
  readonly queueName: string;
  readonly queueLatencyMs: number;
  readonly putLatencyMs: number;
  /** No call that is signed for this region gets an answer. */
  readonly hangingRegion?: string;
  /** What every bucket has under `catalogKey`. Without it every bucket is empty. */
  readonly catalogText?: string;
}

/** Posted when the server listens. */
export interface FastAwsReport {
  readonly kind: 'listening';
  readonly port: number;
}

export interface FastAwsTotals {
  readonly kind: 'totals';
  readonly putsAtOnceMax: number;
  readonly received: number;
  readonly stored: number;
  readonly storedBytes: number;
  readonly removed: number;
}

const { bodies, queueName, queueLatencyMs, putLatencyMs, hangingRegion, catalogText } = workerData as FastAwsOptions;
/** Encoded only once, because encoding would cost CPU time of the measured machine. */
const prepared = bodies.map((body) => Buffer.from(JSON.stringify(body)));
const totals = { received: 0, stored: 0, storedBytes: 0, removed: 0, putsAtOnceMax: 0 };
let putsAtOnce = 0;

const server = createServer((request, response) => {
  if (hangingRegion !== undefined && request.headers.authorization?.includes(`/${hangingRegion}/`)) request.resume();
  else if (request.method === 'PUT') takeObject(request, response);
  else if (request.method === 'POST') readCall(request, response);
  else getObject(request, response);
});
server.keepAliveTimeout = 120_000;

server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage({ kind: 'listening', port: (server.address() as AddressInfo).port } satisfies FastAwsReport);
});

parentPort?.on('message', () => {
  parentPort?.postMessage({ kind: 'totals', ...totals } satisfies FastAwsTotals);
});

function getObject({ url, headers }: IncomingMessage, response: ServerResponse): void {
  if (catalogText === undefined || !url?.endsWith(`/${catalogKey}`)) refuse(response);
  else if (headers['if-none-match'] === etag) response.writeHead(304).end();
  else response.writeHead(200, { etag, 'content-length': Buffer.byteLength(catalogText) }).end(catalogText);
}

function refuse(response: ServerResponse): void {
  response.writeHead(404, { 'content-length': noSuchKey.length }).end(noSuchKey);
}

const etag = '"0"';
const noSuchKey = '<Error><Code>NoSuchKey</Code></Error>';

function takeObject(request: IncomingMessage, response: ServerResponse): void {
  putsAtOnce += 1;
  totals.putsAtOnceMax = Math.max(totals.putsAtOnceMax, putsAtOnce);
  request.on('data', (chunk: Buffer) => {
    totals.storedBytes += chunk.length;
  });
  request.on('end', () => {
    setTimeout(() => {
      putsAtOnce -= 1;
      totals.stored += 1;
      response.writeHead(200, { etag, 'content-length': 0 }).end();
    }, putLatencyMs);
  });
}

function readCall(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const input = JSON.parse(Buffer.concat(chunks).toString()) as CallInput;
    const action = `${request.headers['x-amz-target']}`.split('.')[1];
    if (action === 'DeleteMessageBatch') totals.removed += input.Entries?.length ?? 0;
    setTimeout(() => answer(response, replyTo(action, input)), queueLatencyMs);
  });
}

function replyTo(action: string | undefined, input: CallInput): readonly Buffer[] {
  if (action === 'ReceiveMessage') return receive(input);
  if (action === 'SendMessage') return [Buffer.from(JSON.stringify(taken(input)))];
  return done(input);
}

interface CallInput {
  readonly QueueUrl: string;
  readonly MessageBody?: string;
  readonly MaxNumberOfMessages?: number;
  readonly Entries?: readonly { readonly Id: string }[];
}

function answer(response: ServerResponse, parts: readonly Buffer[]): void {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': length });
  response.cork();
  for (const part of parts) response.write(part);
  response.end();
}

function taken({ MessageBody = '' }: CallInput) {
  return { MessageId: 'message', MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
}

function receive({ QueueUrl, MaxNumberOfMessages = 1 }: CallInput): readonly Buffer[] {
  if (!QueueUrl.endsWith(`/${queueName}`)) return [Buffer.from('{"Messages":[]}')];
  const messages = Array.from({ length: MaxNumberOfMessages }, (_, index) => message(index === 0));
  return [Buffer.from('{"Messages":['), ...messages.flat(), Buffer.from(']}')];
}

function message(isFirst: boolean): readonly Buffer[] {
  totals.received += 1;
  const id = totals.received;
  const attributes = `{"SentTimestamp":"${Date.now()}","ApproximateReceiveCount":"1"}`;
  const head = `${isFirst ? '' : ','}{"MessageId":"${id}","ReceiptHandle":"${id}","Attributes":${attributes},"Body":`;
  return [Buffer.from(head), prepared[id % prepared.length] ?? Buffer.of(), Buffer.from('}')];
}

function done({ Entries = [] }: CallInput): readonly Buffer[] {
  return [Buffer.from(JSON.stringify({ Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] }))];
}
