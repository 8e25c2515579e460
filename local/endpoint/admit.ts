import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceName, WireRequest, WireService } from '../wire/wire-service.ts';
import { type Caller, callerOf } from './caller.ts';
import { readBody } from './read-body.ts';
import { readSignature } from './signature.ts';

/** A request before a service reads it. A request for a service that is not modelled is refused here, in plain text. */
export type Admission =
  | Admitted
  | { readonly kind: 'refused'; readonly status: number; readonly text: string }
  /** The client went away before its request was whole. */
  | { readonly kind: 'gone' };

export interface Admitted {
  readonly kind: 'admitted';
  readonly service: WireService;
  readonly caller: Caller;
  readonly wireRequest: WireRequest;
}

/** Each is more than Keeptrack needs. AWS's own limits: S3 takes 5 GB in one put, SQS 1 MiB, DynamoDB 16 MB, Lambda 6 MB. */
const bodyBytesMax: Readonly<Partial<Record<ServiceName, number>>> = {
  s3: 64 * 1_048_576,
  sqs: 8 * 1_048_576,
  dynamodb: 24 * 1_048_576,
  lambda: 8 * 1_048_576,
};
const usualBodyBytesMax = 1_048_576;

export async function admit(
  request: IncomingMessage,
  response: ServerResponse,
  services: readonly WireService[],
): Promise<Admission> {
  const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const headers = headersOf(request);
  const signature = readSignature(headers, query);
  if (!signature) return { kind: 'refused', status: 403, text: unsigned };
  const service = services.find(({ name }) => name === signature.service);
  if (!service) return { kind: 'refused', status: 400, text: unknownService(signature.service, services) };
  const body = await readBody(request, bodyBytesMax[service.name] ?? usualBodyBytesMax);
  if (body === 'gone') return { kind: 'gone' };
  if (body === 'too long')
    return { kind: 'refused', status: 413, text: 'The body is longer than this endpoint takes.' };

  const { method = 'GET' } = request;
  const { region } = signature;
  const wireRequest = { method, path, query, headers, body, region, aborted: abortedWith(response) };
  return { kind: 'admitted', service, caller: callerOf(signature.accessKey), wireRequest };
}

const unsigned =
  'This is the AWS endpoint of a local cloud. It reads region and service from the Signature Version 4 of a request, ' +
  'and this one has none: use an AWS SDK or the AWS CLI with --endpoint-url and any credentials.';

function unknownService(service: string, services: readonly WireService[]): string {
  const known = services.map(({ name }) => name).join(', ');
  return `The service "${service}" is not modelled in the local cloud; these are: ${known}.`;
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return Object.fromEntries(entries);
}

function abortedWith(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
