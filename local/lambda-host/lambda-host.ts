import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionState } from '../handle.ts';
import type { Internet } from '../internet/internet.ts';
import type { ModelTime } from '../model/time.ts';
import type { FunctionTemplate } from '../template/region-template.ts';
import { environmentVariables } from './environment-variables.ts';
import { FunctionPool, type InvokeOutcome, type PoolOptions } from './function-pool.ts';
import { LambdaEnvironment } from './lambda-environment.ts';

export interface LambdaHostOptions {
  readonly region: string;
  readonly functions: readonly FunctionTemplate[];
  readonly endpointUrl: string;
  readonly internet: Internet;
  /** How many environments of one function this machine may hold. */
  readonly environmentsMax: (functionArn: string) => number;
  readonly time: PoolOptions['time'];
  /** Measures idleness, at the speed of the cloud. Time-outs do not run faster. */
  readonly fastTime: ModelTime;
  readonly requestId: () => string;
  /** Called before each start of an environment. True = the start fails. */
  readonly coldFails: (functionName: string) => boolean;
  readonly onOutput: (functionName: string, text: string) => void;
}

export interface LambdaHost {
  /** `payload` is JSON text. Throws when no function has that ARN. */
  invoke(functionArn: string, payload: string): Promise<InvokeOutcome>;
  /** Ends one environment in the middle of its work. Returns false when there is no such environment. */
  kill(functionName: string, environmentNumber: number): boolean;
  /** Ends every environment in the middle of its work. */
  killAll(): void;
  state(): readonly FunctionState[];
  stop(): Promise<void>;
}

/**
 * Request and response may have 6 MB each:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const payloadBytesMax = 6_291_556;

export function createLambdaHost(options: LambdaHostOptions): LambdaHost {
  const pools = new Map(options.functions.map((template) => [template.arn, createPool(template, options)]));
  const namesByArn = new Map(options.functions.map(({ arn, name }) => [arn, name]));

  return {
    async invoke(functionArn, payload) {
      const pool = pools.get(functionArn);
      if (!pool) throw new Error(`no function has the ARN ${functionArn}`);
      const outcome = await invokeBounded(pool, payload);
      if (outcome.kind === 'failed') {
        options.onOutput(namesByArn.get(functionArn) ?? '', JSON.stringify({ level: 'ERROR', ...outcome.error }));
      }
      return outcome;
    },
    kill(functionName, environmentNumber) {
      const template = options.functions.find(({ name }) => name === functionName);
      return (template && pools.get(template.arn)?.kill(environmentNumber)) ?? false;
    },
    killAll() {
      for (const pool of pools.values()) pool.killAll();
    },
    state: () => [...pools.values()].map((pool) => pool.state()),
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
}

async function invokeBounded(pool: FunctionPool, payload: string): Promise<InvokeOutcome> {
  if (Buffer.byteLength(payload) > payloadBytesMax) return tooLarge('RequestEntityTooLarge', 'Request');
  const outcome = await pool.invoke(payload);
  const fits = outcome.kind !== 'done' || Buffer.byteLength(outcome.payload) <= payloadBytesMax;
  return fits ? outcome : tooLarge('Function.ResponseSizeTooLarge', 'Response');
}

function tooLarge(errorType: string, what: string): InvokeOutcome {
  const errorMessage = `${what} payload size exceeded maximum allowed payload size (${payloadBytesMax} bytes).`;
  return { kind: 'failed', error: { errorType, errorMessage } };
}

function createPool(template: FunctionTemplate, options: LambdaHostOptions): FunctionPool {
  const { environmentsMax, time, fastTime, requestId } = options;
  return new FunctionPool({
    functionName: template.name,
    timeoutSeconds: template.timeoutSeconds,
    ...(template.reservedConcurrency === undefined ? {} : { reservedConcurrency: template.reservedConcurrency }),
    environmentsMax: environmentsMax(template.arn),
    time,
    fastTime,
    requestId,
    start: (number) => (options.coldFails(template.name) ? undefined : startEnvironment(template, number, options)),
  });
}

function startEnvironment(template: FunctionTemplate, number: number, options: LambdaHostOptions): LambdaEnvironment {
  const [moduleName = '', exportName = ''] = template.handler.split('.');
  return new LambdaEnvironment({
    number,
    moduleUrl: pathToFileURL(path.join(template.codeDirectory, `${moduleName}.mjs`)).href,
    exportName,
    variables: environmentVariables(template, options.region, number, options.endpointUrl),
    context: {
      functionName: template.name,
      functionVersion: '$LATEST',
      invokedFunctionArn: template.arn,
      memoryLimitInMB: String(template.memoryMegabytes),
      logGroupName: `/aws/lambda/${template.name}`,
      logStreamName: `local/[$LATEST]${number}`,
    },
    memoryMegabytes: template.memoryMegabytes,
    time: options.time,
    endpointUrl: options.endpointUrl,
    internet: options.internet,
    onOutput: (text) => options.onOutput(template.name, text),
  });
}
