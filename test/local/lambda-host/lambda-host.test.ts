import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { advancingTime, fasterTime, machineTime } from '../../../local/clock.ts';
import { FaultBoard } from '../../../local/fault/fault-board.ts';
import { Internet } from '../../../local/internet/internet.ts';
import { createFunctionLogs, type FunctionLogs } from '../../../local/lambda-host/function-logs.ts';
import { createLambdaHost, type LambdaHost } from '../../../local/lambda-host/lambda-host.ts';
import type { ModelTime } from '../../../local/model/time.ts';
import type { FunctionTemplate } from '../../../local/template/region-template.ts';

const bundle = fileURLToPath(new URL('./bundle', import.meta.url));
const brokenBundle = fileURLToPath(new URL('./broken-bundle', import.meta.url));

/** A busy machine needs seconds to start a thread. */
const patience = { timeout: 60_000, interval: 5 };
const time = advancingTime(machineTime());

const hosts: LambdaHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
});

function hostOf(
  template: Partial<FunctionTemplate>,
  options: { coldFails?: () => boolean; max?: number; fastTime?: ModelTime; aheadMs?: () => number } = {},
) {
  const logs = createFunctionLogs(Date.now);
  let requests = 0;
  const host = createLambdaHost({
    region: 'us-east-1',
    functions: [
      {
        logicalId: 'Subject',
        name: 'subject',
        arn: 'arn:subject',
        codeDirectory: bundle,
        handler: 'index.echo',
        runtime: 'nodejs24.x',
        environment: { PLANTED: 'yes' },
        memoryMegabytes: 128,
        timeoutSeconds: 20,
        policy: [],
        aliases: [],
        ...template,
      },
    ],
    endpointUrl: 'http://127.0.0.1:1',
    internet: new Internet(new FaultBoard({ time, chance: () => 0 })),
    environmentsMax: () => options.max ?? 4,
    time: { ...time, aheadMs: options.aheadMs ?? time.aheadMs },
    fastTime: options.fastTime ?? time,
    requestId: () => `request-${++requests}`,
    coldFails: options.coldFails ?? (() => false),
    onOutput: (functionName, text) => logs.add(functionName, text),
  });
  hosts.push(host);
  const invoke = (event: unknown = {}) => host.invoke('arn:subject', JSON.stringify(event));
  return { host, logs, invoke };
}

async function resultOf(outcome: ReturnType<LambdaHost['invoke']>): Promise<unknown> {
  const settled = await outcome;
  if (settled.kind !== 'done') throw new Error(JSON.stringify(settled));
  return JSON.parse(settled.payload);
}

describe('an environment', () => {
  test('gets the event, the context and only the variables of its template and of Lambda', async () => {
    const { invoke } = hostOf({});
    const result = (await resultOf(invoke({ a: ['b'] }))) as Record<string, never>;
    expect(result).toMatchObject({ event: { a: ['b'] }, requestId: 'request-1', functionName: 'subject' });
    expect(result['remainingMs']).toBeGreaterThan(0);
    const others = Object.keys(result['environment'] ?? {}).filter((name) => !/^(AWS_|_HANDLER|LAMBDA_)/.test(name));
    expect(others.sort()).toEqual(['NODE_NO_WARNINGS', 'PLANTED', 'TZ']);
    expect(result['environment']).toMatchObject({
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'LOCAL.us-east-1.subject.1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    });
  });

  test('has the time of the cloud, however far that was set forward', async () => {
    let aheadMs = 0;
    const { invoke } = hostOf({ handler: 'index.tellTime' }, { aheadMs: () => aheadMs });
    const machineMs = Date.now();
    const before = (await resultOf(invoke())) as { nowMs: number; year: number };
    aheadMs = 10 * 366 * 86_400_000;
    const after = (await resultOf(invoke())) as { nowMs: number; year: number; isDate: boolean };
    expect(before.nowMs).toBeLessThan(machineMs + aheadMs);
    expect(after.nowMs).toBeGreaterThanOrEqual(before.nowMs + aheadMs);
    expect(after).toMatchObject({ isDate: true, year: new Date(after.nowMs).getUTCFullYear() });
    expect(after.year).toBeGreaterThan(before.year);
  });

  test('is frozen between requests: its timers stand still while those of a busy one go on', async () => {
    const idle = hostOf({ handler: 'index.countTicks' });
    const busy = hostOf({ handler: 'index.tickAWhile' });
    const before = await resultOf(idle.invoke());
    expect(await resultOf(busy.invoke())).toBeGreaterThan(0);
    expect(await resultOf(idle.invoke())).toBe(before);
  });

  test('that exceeds its time is ended and replaced, and the answer says so', async () => {
    const { host, invoke } = hostOf({ handler: 'index.never', timeoutSeconds: 0.1 });
    const outcome = await invoke();
    expect(outcome).toEqual({
      kind: 'failed',
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: 'RequestId: request-1 Error: Task timed out after 0.10 seconds',
      },
    });
    await invoke();
    expect(host.state()).toEqual([
      { name: 'subject', environments: 0, busy: 0, invocations: 2, errors: 2, failedStarts: 0, coldStarts: 2 },
    ]);
  });

  test('that never yields is ended at its time-out all the same', async () => {
    const { invoke } = hostOf({ handler: 'index.spin', timeoutSeconds: 0.1 });
    expect(await invoke()).toMatchObject({ kind: 'failed', error: { errorType: 'Sandbox.Timedout' } });
  });

  test('that packs and unpacks without end is ended too, and takes nobody with it', async () => {
    const { host, invoke } = hostOf({ handler: 'index.unpack', timeoutSeconds: 0.02 });
    for (let run = 0; run < 12; run += 1) {
      expect(await invoke()).toMatchObject({ error: { errorType: 'Sandbox.Timedout' } });
    }
    expect(host.state()).toMatchObject([{ environments: 0, coldStarts: 12 }]);
  });

  test('that exits fails its request', async () => {
    const { invoke } = hostOf({ handler: 'index.exit' });
    expect(await invoke({ status: 3 })).toMatchObject({
      error: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: exit status 3' },
    });
  });

  test('outlives an error of its handler', async () => {
    const { host, logs, invoke } = hostOf({ handler: 'index.fail' });
    const error = { errorType: 'RangeError', errorMessage: 'out of range' };
    expect(await invoke()).toEqual({ kind: 'failed', error });
    await invoke();
    expect(host.state()).toMatchObject([{ environments: 1, invocations: 2, errors: 2, coldStarts: 1 }]);
    expect(linesOf(logs)).toContainEqual({
      functionName: 'subject',
      line: JSON.stringify({ level: 'ERROR', ...error }),
    });
  });

  test('dies of an error that nobody catches, and the next request gets a new one', async () => {
    const { host, invoke } = hostOf({ handler: 'index.throwLater' });
    expect(await invoke({ throwLater: true })).toMatchObject({ error: { errorMessage: 'nobody catches this' } });
    expect(await resultOf(invoke({}))).toBe('well');
    expect(host.state()).toMatchObject([{ coldStarts: 2 }]);
  });

  test('dies when it needs more memory than its template gives', async () => {
    const { invoke } = hostOf({ handler: 'index.fillMemory', memoryMegabytes: 32 });
    expect(await invoke()).toMatchObject({ error: { errorType: 'Runtime.OutOfMemory' } });
  });

  test('whose bundle throws at init fails the request', async () => {
    const { host, invoke } = hostOf({ codeDirectory: brokenBundle });
    expect(await invoke()).toMatchObject({ error: { errorType: 'TypeError', errorMessage: 'cannot start' } });
    expect(host.state()).toMatchObject([{ environments: 0, invocations: 0, errors: 0, failedStarts: 1 }]);
  });

  test('whose bundle lacks the handler fails the request', async () => {
    const { invoke } = hostOf({ handler: 'index.missing' });
    expect(await invoke()).toMatchObject({ error: { errorType: 'Runtime.HandlerNotFound' } });
  });

  test('answers at most 6 MB', async () => {
    const { invoke } = hostOf({ handler: 'index.large' });
    expect(await invoke()).toMatchObject({ error: { errorType: 'Function.ResponseSizeTooLarge' } });
  });

  test('killed by its number fails the request that it serves', async () => {
    const { host, invoke } = hostOf({ handler: 'index.never' });
    const outcome = invoke();
    await vi.waitUntil(() => host.state()[0]?.busy === 1, patience);
    expect(host.kill('subject', 1)).toBe(true);
    expect(await outcome).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
    expect(host.kill('subject', 1)).toBe(false);
  });

  test('idle for minutes of the time that runs faster is ended, and the next request finds a cold start', async () => {
    const { host, invoke } = hostOf({}, { fastTime: fasterTime(time, 10_000) });
    await resultOf(invoke());
    await vi.waitUntil(() => host.state()[0]?.environments === 0, patience);
    await resultOf(invoke());
    expect(host.state()[0]).toMatchObject({ coldStarts: 2, errors: 0 });
  });

  test('killed while idle is not used again', async () => {
    const { host, invoke } = hostOf({});
    await resultOf(invoke());
    host.kill('subject', 1);
    const result = (await resultOf(invoke())) as Record<string, Record<string, string>>;
    expect(result['environment']?.['AWS_ACCESS_KEY_ID']).toBe('LOCAL.us-east-1.subject.2');
  });
});

describe('the environments of a function', () => {
  test('serve one request at a time each, as many as there are requests', async () => {
    const { host, invoke } = hostOf({ handler: 'index.tickAWhile' }, { max: 3 });
    await Promise.all([invoke(), invoke(), invoke(), invoke(), invoke(), invoke(), invoke()].map(resultOf));
    expect(host.state()).toMatchObject([{ environments: 3, busy: 0, invocations: 7, errors: 0, coldStarts: 3 }]);
  });

  test('are used again, the one used last first', async () => {
    const { invoke } = hostOf({});
    const keyOf = (result: unknown) =>
      (result as { environment: Record<string, string> }).environment['AWS_ACCESS_KEY_ID'];
    // Until each has served a request: one that starts late would be the one used last.
    await vi.waitUntil(async () => {
      const [one, other] = await Promise.all([resultOf(invoke()), resultOf(invoke())]);
      return keyOf(one) !== keyOf(other);
    }, patience);
    const first = keyOf(await resultOf(invoke()));
    expect(keyOf(await resultOf(invoke()))).toBe(first);
  });

  test('beyond the reserved concurrency are throttled', async () => {
    const { host, invoke } = hostOf({ handler: 'index.never', reservedConcurrency: 1 });
    void invoke();
    expect(await invoke()).toEqual({ kind: 'throttled' });
    await vi.waitUntil(() => host.state()[0]?.busy === 1, patience);
    expect(await invoke()).toEqual({ kind: 'throttled' });
  });

  test('fail to start during cold-fail, while warm ones go on', async () => {
    let failing = false;
    const { invoke } = hostOf({ handler: 'index.tickAWhile' }, { coldFails: () => failing });
    await resultOf(invoke());
    failing = true;
    const outcomes = await Promise.all([invoke(), invoke()]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'failed']);
  });
});

test('what a function writes becomes log lines, and embedded metrics become sums', async () => {
  const { logs, invoke } = hostOf({ handler: 'index.count' });
  await invoke({ dimension: 'home' });
  await invoke({ dimension: 'home' });
  await invoke({ dimension: 'peer' });
  expect(logs.metrics()).toEqual({ 'Captured{rung=home}': 4, 'Captured{rung=peer}': 2 });
  expect(linesOf(logs).slice(0, 2)).toEqual([
    { functionName: 'subject', line: 'plain text' },
    { functionName: 'subject', line: 'to stderr' },
  ]);
});

function linesOf(logs: FunctionLogs) {
  return logs.lines().map(({ functionName, line }) => ({ functionName, line }));
}
