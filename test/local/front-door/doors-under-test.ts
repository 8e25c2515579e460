import { request } from 'node:http';
import { machineTime } from '../../../local/clock.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { startApiServer } from '../../../local/http-api/api-server.ts';
import type { InvokeOutcome } from '../../../local/lambda-host/function-pool.ts';
import type { Listening } from '../../../local/listen.ts';
import { startListener } from '../../../local/load-balancer/listener-server.ts';

/** Both front doors of the local cloud, with a function behind them that only notes what it gets. */

export interface DoorSetup {
  readonly outcome?: InvokeOutcome;
  readonly fault?: Fault;
  readonly isOverHttp?: boolean;
  readonly dropsInvalidHeaders?: boolean;
}

interface DoorUnderTest extends Listening {
  readonly payloads: Record<string, unknown>[];
}

export function done(result: unknown): InvokeOutcome {
  return { kind: 'done', payload: JSON.stringify(result) };
}

export function failed(): InvokeOutcome {
  return { kind: 'failed', error: { errorType: 'Error', errorMessage: 'no' } };
}

export type StartDoor = (setup?: DoorSetup) => Promise<DoorUnderTest>;

export const startApi: StartDoor = (setup = {}) =>
  started(setup, (surroundings) =>
    startApiServer({
      ...surroundings,
      api: { logicalId: 'Api', name: 'kt-track', id: 'api', routes: [{ key: '$default', functionArn: 'arn:track' }] },
      account: '111122223333',
      requestId: () => 'request-1',
    }),
  );

export const targetGroupArn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/kt-track/1';

export const startBalancer: StartDoor = (setup = {}) => {
  const { isOverHttp = false, dropsInvalidHeaders = false } = setup;
  const listener = {
    ...(isOverHttp ? { port: 80, protocol: 'HTTP' as const } : { port: 443, protocol: 'HTTPS' as const }),
    ...{ certificateNames: [], targetGroupArn, functionArn: 'arn:track' },
  };
  const balancer = { logicalId: 'Balancer', dnsName: 'kt', zoneId: 'Z', hasIpv6: true, listeners: [listener] };
  return started(setup, (surroundings) =>
    startListener({ ...surroundings, balancer: { ...balancer, dropsInvalidHeaders }, listener }),
  );
};

type Start = (
  surroundings: Pick<Parameters<typeof startListener>[0], 'port' | 'time' | 'faults' | 'invoke'>,
) => Promise<Listening>;

async function started(
  { outcome = done({ statusCode: 204 }), fault }: DoorSetup,
  start: Start,
): Promise<DoorUnderTest> {
  const payloads: Record<string, unknown>[] = [];
  const listening = await start({
    port: { port: 0, purpose: 'a door', flag: '--port' },
    time: machineTime(),
    faults: () => (fault ? [fault] : []),
    invoke: (_functionArn, payload) => {
      payloads.push(JSON.parse(payload));
      return Promise.resolve(outcome);
    },
  });
  return { ...listening, payloads };
}

export interface SentRequest {
  /** Sent byte for byte. */
  readonly target: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

export interface Received {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export function sendTo(
  { url }: Pick<Listening, 'url'>,
  { target, method = 'GET', headers = {}, body = '' }: SentRequest,
) {
  const { hostname, port } = new URL(url);
  return new Promise<Received>((resolve, reject) => {
    const outgoing = request({ hostname, port, path: target, method, headers }, (response) => {
      let text = '';
      response.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          statusText: response.statusMessage ?? '',
          headers: response.headers,
          body: text,
        }),
      );
    });
    outgoing.on('error', reject).end(body);
  });
}
