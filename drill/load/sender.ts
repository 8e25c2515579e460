import { Agent, request } from 'undici';

/** One attempt over real HTTP. Never throws: what went wrong is the answer. */
export type Send = (path: string, visitor?: number) => Promise<SendResult>;

export interface SendResult {
  /** 0 = no answer came. */
  readonly status: number;
  readonly error: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Sender {
  readonly send: Send;
  close(): Promise<void>;
}

/** API Gateway answers for itself after 30 s, so whoever waits longer always learns what became of the request. */
const patienceMs = 35_000;

/** Visitors share an address here, and are told apart by the version of their browser, which no privacy setting cuts away. */
export function browserOf(visitor = 145): string {
  return `Mozilla/5.0 (X11; Linux x86_64; rv:${visitor}.0) Gecko/20100101 Firefox/${visitor}.0`;
}

/** The visitor whose browser this is, as far as it is left in a log. */
export function visitorOfBrowser(userAgent: string): number {
  return Number(/Firefox\/(\d+)/.exec(userAgent)?.[1] ?? Number.NaN);
}

/** Sends to `origin`, for example `http://127.0.0.1:8080`, with as many connections as the load needs; follows no redirect. */
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
