import { Agent, request } from 'undici';

/** One attempt over real HTTP. Never throws: `status` and `error` say what went wrong. */
export type Send = (path: string, visitor?: number) => Promise<SendResult>;

export interface SendResult {
  /** 0 when no answer came. */
  readonly status: number;
  readonly error: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Sender {
  readonly send: Send;
  close(): Promise<void>;
}

/** Longer than API Gateway's own limit of 30 s, so a request always gets an answer or an error. */
const patienceMs = 35_000;

/** All visitors share one address. They differ in the browser's version, which no privacy setting removes. */
export function browserOf(visitor = 145): string {
  return `Mozilla/5.0 (X11; Linux x86_64; rv:${visitor}.0) Gecko/20100101 Firefox/${visitor}.0`;
}

/** The visitor with this browser; NaN for another browser. */
export function visitorOfBrowser(userAgent: string): number {
  return Number(/Firefox\/(\d+)/.exec(userAgent)?.[1] ?? Number.NaN);
}

/**
 * Sends to `origin`, for example `http://127.0.0.1:8080`, with as many connections as the load needs. Follows no
 * redirect.
 */
export function httpSender(origin: string): Sender {
  const agent = new Agent({ headersTimeout: patienceMs, bodyTimeout: patienceMs, connectTimeout: patienceMs });
  return {
    send: async (path, visitor) => {
      try {
        const { statusCode, headers, body } = await request(`${origin}${path}`, {
          dispatcher: agent,
          headers: { 'user-agent': browserOf(visitor), 'x-forwarded-for': '203.0.113.9' },
        });
        return { status: statusCode, error: '', headers: singleValues(headers), body: await body.text() };
      } catch (error) {
        return { status: 0, error: reasonOf(error), headers: {}, body: '' };
      }
    },
    close: () => agent.destroy(),
  };
}

function singleValues(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]));
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
