import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { FaultBoard } from '../fault/fault-board.ts';
import { type Listening, listen, type PortUse } from '../listen.ts';
import type { ModelTime } from '../model/time.ts';

/** A request as a partner's server got it. */
interface ReceivedRequest {
  readonly atMs: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The first 4 kB. */
  readonly body: string;
  /** Absent when the request has neither the header `idempotency-key` nor a parameter `idempotency_id`. */
  readonly idempotencyId?: string;
  /** The status that the request was answered with; absent = no answer. */
  readonly status?: number;
}

/** How a partner answers while no fault strikes it. */
type PartnerConduct =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'redirect'; readonly status: 301 | 302 | 307 | 308; readonly to: string }
  /** Answers 200, and then a body that never ends: as fast as the caller reads, or a byte each 100 ms. */
  | { readonly kind: 'endless-body' | 'slow-body' };

export interface PartnerReceiver {
  /** For the operator, on 127.0.0.1. `GET /received` lists the requests. */
  readonly url: string;
  readonly port: number;
  behave(conduct: PartnerConduct): void;
  /** The latest 20,000 requests, oldest first. */
  requests(): readonly ReceivedRequest[];
  counts(): ReceivedCounts;
  close(): Promise<void>;
}

interface ReceivedCounts {
  /** All requests, answered or not. */
  readonly received: number;
  /** How many got an answer of 200 to 299. */
  readonly accepted: number;
  /** For each idempotency id, how many of its requests were accepted. Of the first 200,000 ids alone. */
  readonly acceptedById: ReadonlyMap<string, number>;
  /** For each method, path without query and status, such as `GET /sale 200`. The first 1,000 alone. */
  readonly byKind: ReadonlyMap<string, number>;
}

export interface ReceiverOptions {
  /** Faults name the partner like this. */
  readonly label: string;
  readonly time: ModelTime;
  readonly faults: FaultBoard;
  readonly use: PortUse;
}

const requestsMax = 20_000;
const listedMax = 1_000;
const idsMax = 200_000;
const kindsMax = 1_000;
const bodyBytesMax = 4_096;
const slowByteMs = 100;
const defaultFaultStatus = 503;
const listPath = '/received';

/** A partner's server on 127.0.0.1. Rejects with a UserError when the port cannot be opened. */
export async function openPartnerReceiver(options: ReceiverOptions): Promise<PartnerReceiver> {
  const { time, use } = options;
  const log = new RequestLog();
  let conduct: PartnerConduct = { kind: 'status', status: 200 };
  const server = createServer((request, response) => {
    const isList = request.method === 'GET' && request.url === listPath;
    void (isList ? listRequests(response, log) : receive(request, response));
  });
  const listening: Listening = await listen(server, use);
  return {
    url: listening.url,
    port: Number(new URL(listening.url).port),
    behave: (next) => {
      conduct = next;
    },
    requests: () => log.requests,
    counts: () => log.counts,
    close: listening.close,
  };

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === undefined) return;
    const answer = await answerUnderFaults(options, conduct);
    const status = answer === 'none' || answer === 'reset' ? undefined : statusOf(answer);
    log.add(received(request, body, time.nowMs(), status));
    if (answer === 'reset') request.socket.resetAndDestroy();
    else if (answer !== 'none') send(response, answer, time);
  }
}

/** Undefined when the caller went away. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let body = Buffer.alloc(0);
  try {
    for await (const chunk of request)
      if (body.length < bodyBytesMax) body = Buffer.concat([body, chunk as Buffer]).subarray(0, bodyBytesMax);
  } catch {
    return undefined;
  }
  return body.toString();
}

/** `none`: the partner hangs. */
async function answerUnderFaults(
  { label, time, faults }: ReceiverOptions,
  conduct: PartnerConduct,
): Promise<PartnerConduct | 'none' | 'reset'> {
  const target = { region: '', service: 'partners', partner: label } as const;
  for (const fault of faults.strikesOnly(target, ['hang', 'reset', 'error', 'slow'])) {
    if (fault.effect === 'hang') return 'none';
    if (fault.effect === 'reset') return 'reset';
    if (fault.effect === 'error') return { kind: 'status', status: fault.status ?? defaultFaultStatus };
    await new Promise<void>((resolve) => void time.after(fault.delayMs ?? 0, resolve));
  }
  return conduct;
}

function statusOf(conduct: PartnerConduct): number {
  return 'status' in conduct ? conduct.status : 200;
}

function send(response: ServerResponse, conduct: PartnerConduct, time: ModelTime): void {
  switch (conduct.kind) {
    case 'status': {
      const { status, retryAfter } = conduct;
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
      return;
    }
    case 'redirect':
      response.writeHead(conduct.status, { location: conduct.to }).end();
      return;
    case 'endless-body':
      sendWithoutEnd(response.writeHead(200));
      return;
    case 'slow-body':
      sendSlowly(response.writeHead(200), time);
  }
}

/** Writes as fast as the caller reads. */
function sendWithoutEnd(response: ServerResponse): void {
  const chunk = Buffer.alloc(1_024, 'x');
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
}

function sendSlowly(response: ServerResponse, time: ModelTime): void {
  if (response.destroyed) return;
  response.write('x');
  time.after(slowByteMs, () => sendSlowly(response, time));
}

function received(
  { method = '', url = '', headers }: IncomingMessage,
  body: string,
  atMs: number,
  status: number | undefined,
): ReceivedRequest {
  const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const { searchParams } = new URL(url, 'http://partner');
  const idempotencyId =
    flat['idempotency-key'] ?? searchParams.get('idempotency_id') ?? new URLSearchParams(body).get('idempotency_id');
  return {
    atMs,
    method,
    path: url,
    headers: flat,
    body,
    ...(idempotencyId !== null && { idempotencyId }),
    ...(status !== undefined && { status }),
  };
}

class RequestLog {
  #requests: ReceivedRequest[] = [];
  #received = 0;
  #accepted = 0;
  readonly #acceptedById = new Map<string, number>();
  readonly #byKind = new Map<string, number>();

  add(request: ReceivedRequest): void {
    const { method, path, status = 0, idempotencyId } = request;
    this.#received += 1;
    this.#requests.push(request);
    // Rarely cut, because each cut copies all requests that stay.
    if (this.#requests.length >= 2 * requestsMax) this.#requests = this.requests.slice();
    countIn(this.#byKind, `${method} ${path.split('?')[0]} ${status === 0 ? 'no answer' : status}`, kindsMax);
    if (status < 200 || status > 299) return;
    this.#accepted += 1;
    if (idempotencyId !== undefined) countIn(this.#acceptedById, idempotencyId, idsMax);
  }

  get requests(): readonly ReceivedRequest[] {
    return this.#requests.slice(-requestsMax);
  }

  get counts(): ReceivedCounts {
    return {
      received: this.#received,
      accepted: this.#accepted,
      acceptedById: this.#acceptedById,
      byKind: this.#byKind,
    };
  }
}

function countIn(counts: Map<string, number>, key: string, keysMax: number): void {
  const before = counts.get(key);
  if (before !== undefined || counts.size < keysMax) counts.set(key, (before ?? 0) + 1);
}

/** As JSON and not as a page, so that no browser runs text of strangers. */
function listRequests(response: ServerResponse, log: RequestLog): void {
  const { received, accepted } = log.counts;
  const text = JSON.stringify({ received, accepted, latest: log.requests.slice(-listedMax).toReversed() }, null, 2);
  response.writeHead(200, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' }).end(`${text}\n`);
}
