// Runs inside one environment: loads the bundle, then answers one invocation after another. Between two invocations the
// thread waits in Atomics.wait, as Lambda freezes it. No timer, socket or promise of the function runs until the next
// request. Plain JavaScript, because a worker starts without a TypeScript loader.
import { syncBuiltinESMExports } from 'node:module';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import zlib from 'node:zlib';
import { advanceClock } from './advance-clock.mjs';
import { replaceNetwork } from './outbound.mjs';

/** @import { EnvironmentData, EnvironmentMessage, FunctionError, HandedInvocation } from './worker-protocol.ts' */

const host = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const data = /** @type {EnvironmentData} */ (workerData);
const handedOver = new Int32Array(data.handedOver);

guardZlib(new Int32Array(data.threadState));
replaceNetwork(data.network, data.endpointUrl);
captureOutput(process.stdout);
captureOutput(process.stderr);
const handler = await load();
for (let taken = 0; handler; taken += 1) {
  Atomics.wait(handedOver, 0, taken);
  tell(await answer(handler, /** @type {HandedInvocation} */ (receiveMessageOnPort(host)?.message)));
}

/**
 * The event loop of a worker flushes its streams, but is frozen right after an invocation writes its last lines. A
 * posted message arrives even then.
 * @param {NodeJS.WriteStream} stream
 */
function captureOutput(stream) {
  /** @type {(chunk: string | Uint8Array, ...rest: unknown[]) => boolean} */
  const write = (chunk, ...rest) => {
    tell({ kind: 'log', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
    const written = rest.at(-1);
    if (typeof written === 'function') queueMicrotask(() => written());
    return true;
  };
  stream.write = write;
}

/**
 * See `threadStates` in worker-protocol.ts: 0 = endable, 1 = in zlib, 2 = doomed, for ever.
 * @param {Int32Array} state
 */
function guardZlib(state) {
  const functions = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (zlib));
  for (const [name, plain] of Object.entries(functions)) {
    if (!name.endsWith('Sync') || typeof plain !== 'function') continue;
    functions[name] = (/** @type {unknown[]} */ ...input) => {
      if (Atomics.compareExchange(state, 0, 0, 1) === 2) Atomics.wait(state, 0, 2);
      try {
        return plain(...input);
      } finally {
        Atomics.store(state, 0, 0);
      }
    };
  }
  syncBuiltinESMExports();
}

async function load() {
  try {
    const exported = await import(data.moduleUrl);
    const found = exported[data.exportName];
    if (typeof found !== 'function') throw handlerMissing();
    tell({ kind: 'done', payload: 'null' });
    return found;
  } catch (error) {
    tell({ kind: 'failed', error: describe(error) });
    return undefined;
  }
}

function handlerMissing() {
  const error = new Error(`${data.exportName} is undefined or not exported`);
  error.name = 'Runtime.HandlerNotFound';
  return error;
}

/**
 * @param {Function} handle
 * @param {HandedInvocation} invocation
 * @returns {Promise<EnvironmentMessage>}
 */
async function answer(handle, { requestId, payload, deadlineMs, aheadMs }) {
  advanceClock(aheadMs);
  const context = {
    ...data.context,
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
  try {
    const result = await handle(JSON.parse(payload), context);
    return { kind: 'done', payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    return { kind: 'failed', error: describe(error) };
  }
}

/**
 * @param {unknown} error
 * @returns {FunctionError}
 */
function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  process.stderr.write(`${error.stack}\n`);
  return { errorType: error.name, errorMessage: error.message };
}

/** @param {EnvironmentMessage} message */
function tell(message) {
  host.postMessage(message);
}
