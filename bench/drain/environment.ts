/** Simulates a Lambda environment: a process that loads a bundle and gets an event, once or again and again. */

export interface RunOrder {
  readonly bundle: string;
  readonly event: unknown;
  readonly remainingMs: number;
  /** With more than one time, as many as a tenth of them come first. They warm up and do not count. */
  readonly times: number;
  /** A pause after each time. What is measured then includes it. */
  readonly pauseMs?: number;
}

export interface RunResult<Report> {
  /** The last answer. */
  readonly report: Report;
  readonly initMs: number;
  readonly elapsedMs: number;
  /** Of all times together, garbage collection included. */
  readonly cpuMs: number;
  readonly memoryMegabytesMax: number;
}

interface Bundle {
  handler(event: unknown, context: { getRemainingTimeInMillis(): number }): Promise<unknown>;
}

process.once('message', async (order: RunOrder) => {
  process.send?.(await run(order), () => process.disconnect());
});

async function run({ bundle, event, remainingMs, times, pauseMs = 0 }: RunOrder): Promise<RunResult<unknown>> {
  const startMs = performance.now();
  const { handler } = (await import(bundle)) as Bundle;
  const initMs = performance.now() - startMs;
  const context = { getRemainingTimeInMillis: () => remainingMs };
  const repeat = async (count: number) => {
    let report: unknown;
    for (let index = 0; index < count; index += 1) {
      report = await handler(event, context);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    return report;
  };
  await repeat(Math.floor(times / 10));
  const memory = watchMemory();
  const cpuBefore = process.cpuUsage();
  const beginMs = performance.now();
  const report = await repeat(times);
  const elapsedMs = performance.now() - beginMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { report, initMs, elapsedMs, cpuMs: (user + system) / 1_000, memoryMegabytesMax: memory() };
}

/** The most so far, in megabytes. `maxRSS` of the process begins with what its parent had, and so says too much. */
function watchMemory(): () => number {
  let mostBytes = 0;
  const look = () => {
    mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
  };
  setInterval(look, 100).unref();
  return () => {
    look();
    return mostBytes / 1e6;
  };
}
