import { gunzipSync, gzipSync } from 'node:zlib';

// A bundle whose handlers do what a function might, each under its own export.
let ticks = 0;
setInterval(() => {
  ticks += 1;
}, 1);

/** @param {unknown} event @param {any} context */
export async function echo(event, context) {
  return {
    event,
    requestId: context.awsRequestId,
    functionName: context.functionName,
    remainingMs: context.getRemainingTimeInMillis(),
    environment: process.env,
  };
}

export async function tellTime() {
  const now = new Date();
  return { nowMs: Date.now(), year: now.getUTCFullYear(), isDate: now instanceof Date };
}

export async function countTicks() {
  return ticks;
}

export async function tickAWhile() {
  const before = ticks;
  await new Promise((resolve) => setTimeout(resolve, 30));
  return ticks - before;
}

export async function never() {
  await new Promise(() => {});
}

export async function spin() {
  for (;;);
}

export async function unpack() {
  const packed = gzipSync('text');
  for (;;) gunzipSync(packed);
}

/** @param {{ status: number }} event */
export async function exit({ status }) {
  process.exit(status);
}

export async function fail() {
  throw new RangeError('out of range');
}

/** @param {{ throwLater: boolean }} event */
export async function throwLater(event) {
  if (event.throwLater) {
    setTimeout(() => {
      throw new Error('nobody catches this');
    }, 1);
    await never();
  }
  return 'well';
}

export async function fillMemory() {
  const kept = [];
  for (;;) kept.push(new Array(10_000).fill(kept.length));
}

/** @param {{ dimension: string }} event */
export async function count({ dimension }) {
  console.log('plain text');
  process.stderr.write('to stderr\n');
  const directive = { Namespace: 'Test', Dimensions: [['rung']], Metrics: [{ Name: 'Captured', Unit: 'Count' }] };
  process.stdout.write(
    `${JSON.stringify({ _aws: { Timestamp: 1, CloudWatchMetrics: [directive] }, rung: dimension, Captured: 2 })}\n`,
  );
}

export async function large() {
  return 'x'.repeat(7_000_000);
}
