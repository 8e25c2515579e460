/** Simulates a Lambda environment that gets the same event again and again, in a process of its own. */

export interface RepeatOrder {
  readonly bundle: string;
  readonly event: unknown;
  readonly times: number;
}

export interface RepeatResult {
  /** CPU time of an invocation, garbage collection included. */
  readonly cpuMicros: number;
  /** The answers of all invocations as JSON text, in bytes. */
  readonly answerBytes: number;
  readonly memoryMegabytesMax: number;
}

type Handler = (event: unknown, context: object) => Promise<unknown>;

process.once('message', async (order: RepeatOrder) => {
  process.send?.(await repeat(order), () => process.disconnect());
});

/** The first tenth warms up and does not count. */
async function repeat({ bundle, event, times }: RepeatOrder): Promise<RepeatResult> {
  const { handler } = (await import(bundle)) as { handler: Handler };
  const context = { getRemainingTimeInMillis: () => 60_000 };
  for (let index = 0; index < times / 10; index += 1) await handler(event, context);
  const before = process.cpuUsage();
  let answerBytes = 0;
  for (let index = 0; index < times; index += 1) answerBytes += JSON.stringify(await handler(event, context)).length;
  const { user, system } = process.cpuUsage(before);
  return {
    cpuMicros: (user + system) / times,
    answerBytes,
    memoryMegabytesMax: process.resourceUsage().maxRSS / 1_024,
  };
}
