import { onTestFinished } from 'vitest';
import { startEndpoint } from '../../../local/endpoint/endpoint.ts';
import { FaultBoard } from '../../../local/fault/fault-board.ts';
import { createFunctionLogs } from '../../../local/lambda-host/function-logs.ts';
import type { InvokeOutcome } from '../../../local/lambda-host/function-pool.ts';
import { anyPort } from '../../../local/listen.ts';
import { BucketModel } from '../../../local/model/bucket.ts';
import { memoryBucketStore } from '../../../local/model/bucket-store.ts';
import type { Queue } from '../../../local/model/queue.ts';
import { createQueues } from '../../../local/model/region-queues.ts';
import { SecretStore } from '../../../local/model/secret-store.ts';
import type { ApiTemplate, BucketConfiguration, FunctionTemplate } from '../../../local/template/region-template.ts';
import { createAcmService } from '../../../local/wire/acm.ts';
import { createApiGatewayService } from '../../../local/wire/apigateway.ts';
import { createLambdaService } from '../../../local/wire/lambda.ts';
import { createLogsService } from '../../../local/wire/logs.ts';
import { createMonitoringService } from '../../../local/wire/monitoring.ts';
import { createS3Service } from '../../../local/wire/s3.ts';
import { createSecretsManagerService } from '../../../local/wire/secretsmanager.ts';
import { createServiceQuotasService } from '../../../local/wire/servicequotas.ts';
import { plainConfiguration } from './plain-configuration.ts';

export const account = '111122223333';
const regions = ['us-east-1', 'us-west-2'];

interface ClientOptions {
  readonly region: string;
  readonly endpoint: string;
  readonly forcePathStyle: true;
  readonly maxAttempts: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The services that operators ask, over a small cloud whose clock stands until it is set. */
export interface ManagedCloud {
  readonly queue: Queue;
  readonly faults: FaultBoard;
  open<Client extends { destroy(): void }>(kind: new (options: ClientOptions) => Client, region?: string): Client;
  log(functionName: string, line: string): void;
  /** What functions were invoked with, and how the next invocations end; without any they answer `null`. */
  readonly invocations: { readonly payloads: string[]; readonly endings: InvokeOutcome[] };
  setTime(nowMs: number): void;
  close(): Promise<void>;
}

/** A new one, which the end of the test closes. */
export async function managedCloud(): Promise<ManagedCloud> {
  const cloud = await startManagedCloud();
  onTestFinished(() => cloud.close());
  return cloud;
}

/** The error's name. */
export function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: Error) => error.name,
  );
}

async function startManagedCloud(): Promise<ManagedCloud> {
  let nowMs = 1_000;
  const time = { nowMs: () => nowMs, after: () => () => {} };
  const chance = () => 0;
  const faults = new FaultBoard({ time, chance });
  const logs = createFunctionLogs(time.nowMs);
  const queues = createQueues([intake], { time, chance });
  const queue = queues.get(intake.arn);
  if (!queue) throw new Error('there is no queue');
  const secrets = new Map(regions.map((region) => [region, new SecretStore({ time, chance })]));
  const requestId = () => 'request-1';
  const invocations: ManagedCloud['invocations'] = { payloads: [], endings: [] };
  const invoke = (functionArn: string, payload: string): Promise<InvokeOutcome> => {
    invocations.payloads.push(`${functionArn} ${payload}`);
    return Promise.resolve(invocations.endings.shift() ?? { kind: 'done', payload: 'null' });
  };
  const bucket = (name: string, versioned: boolean) =>
    new BucketModel({ name, versioned, time, store: memoryBucketStore() });
  const inEast = { region: 'us-east-1', createdAtMs: 0 };
  const services = [
    createS3Service([
      { ...inEast, bucket: bucket('kt-log', true), configuration: wholeConfiguration },
      { ...inEast, bucket: bucket('kt-plain', false), configuration: plainConfiguration },
    ]),
    createSecretsManagerService((region) => {
      const store = secrets.get(region);
      return store && { region, account, store };
    }, requestId),
    createLogsService(
      (region) => ({ region, account, functionNames: ['kt-track', 'kt-store'], lines: logs.lines }),
      requestId,
    ),
    createLambdaService((region) => ({ region, account, functions: [track, store], invoke }), requestId),
    createMonitoringService(() => ({ queues: [queue], metrics: logs.metrics, nowMs: time.nowMs }), requestId),
    createApiGatewayService((region) => ({ region, apis: [api] }), requestId),
    createServiceQuotasService((region) => ({ region }), requestId),
    createAcmService((region) => ({ region, account, domainNames: ['go.example.com'], issuedAtMs: nowMs }), requestId),
  ];
  const endpoint = await startEndpoint({
    ...{ port: anyPort, services, faults, time, chance, policyOf: () => [], kill: () => {} },
    onSurprise: (error) => {
      throw error;
    },
  });
  const clients: { destroy(): void }[] = [];
  return {
    queue,
    faults,
    invocations,
    open(kind, region = 'us-east-1') {
      const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
      const client = new kind({ region, endpoint: endpoint.url, forcePathStyle: true, maxAttempts: 1, credentials });
      clients.push(client);
      return client;
    },
    log: logs.add,
    setTime(atMs) {
      nowMs = atMs;
    },
    async close() {
      for (const client of clients) client.destroy();
      await endpoint.close();
    },
  };
}

const intake = {
  ...{ name: 'kt-intake', arn: `arn:aws:sqs:us-east-1:${account}:kt-intake`, visibilityTimeoutSeconds: 30 },
  ...{ retentionSeconds: 3_600, receiveWaitSeconds: 0, delaySeconds: 0, messageBytesMax: 1_048_576 },
};

const wholeConfiguration: BucketConfiguration = {
  sseAlgorithm: 'AES256',
  publicAccessBlock: {
    ...{ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
  },
  lifecycleRules: [{ Id: 'expire', Status: 'Enabled', Prefix: 'log/', ExpirationInDays: 30 }],
};

const track: FunctionTemplate = {
  ...{ logicalId: 'Track', name: 'kt-track', arn: `arn:aws:lambda:us-east-1:${account}:function:kt-track` },
  ...{ codeDirectory: '', handler: 'index.handler', runtime: 'nodejs24.x', environment: { PEER_REGION: 'x' } },
  ...{ memoryMegabytes: 512, timeoutSeconds: 10, policy: [], aliases: ['live'] },
};

const store: FunctionTemplate = { ...track, logicalId: 'Store', name: 'kt-store', reservedConcurrency: 20 };

const api: ApiTemplate = {
  ...{ logicalId: 'Api', name: 'kt-track', id: 'api1', routes: [] },
  throttle: { requestsPerSecond: 5_000, burst: 2_500 },
};
