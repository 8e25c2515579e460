import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { limits } from '../../core/limits/limits.ts';

interface HttpRequest {
  /** For example `https://go.example.com`. */
  readonly origin: string;
  /** Path and query, sent byte for byte and not normalised. Throws when no request line could hold them. */
  readonly target: string;
  /** Absent = GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole request, from resolving the name to the last byte. */
  readonly budgetMs: number;
}

export interface HttpAnswer {
  /** 0 = no answer came. */
  readonly status: number;
  /** Why no answer came, for a person to read; empty otherwise. */
  readonly error: string;
  /** Names are in lower case. The values of repeated headers are joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Each request has a connection of its own and resolves the name anew. Follows no redirect. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

export const nodeHttp: Http = ({ origin, target, method = 'GET', headers = {}, body, budgetMs }) =>
  new Promise((resolve) => {
    const { protocol, hostname, port } = new URL(origin);
    const send = protocol === 'https:' ? requestSecure : requestPlain;
    const fail = (error: Error) => resolve({ status: 0, error: reasonOf(error, budgetMs), headers: {}, body: '' });
    const signal = AbortSignal.timeout(budgetMs);
    const host = hostname.replace(/^\[|\]$/g, '');
    const outgoing = send({ host, port, path: target, method, headers, agent: false, signal }, (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= limits.operator.answerBytesMax) chunks.push(chunk);
      });
      incoming.on('error', fail);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          error: '',
          headers: joined(incoming.headers),
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    outgoing.on('error', fail);
    outgoing.end(body);
  });

function joined(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]));
}

function reasonOf(error: NodeJS.ErrnoException, budgetMs: number): string {
  const isTimeout = error.name === 'AbortError' || error.name === 'TimeoutError';
  return isTimeout ? `no answer within ${budgetMs / 1_000} s` : (error.code ?? error.message);
}

/** The fields of a JSON object; none when the text is something else. */
export function jsonFields(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
