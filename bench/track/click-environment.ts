/** Simulates a Lambda environment of a handler that answers clicks, in a process of its own. It does what it is told. */

export type ClickOrder =
  /** Loads the bundle and answers the first click. */
  | { readonly kind: 'start'; readonly bundle: string; readonly event: unknown }
  | { readonly kind: 'clicks'; readonly count: number }
  | { readonly kind: 'slow clicks'; readonly count: number; readonly intervalMs: number };

/** CPU times, garbage collection included. The first one of an order to start is that of init. */
export interface ClickReport {
  readonly initMicros: number;
  /** Of all clicks of the order together. */
  readonly clickMicros: number;
}

type Handler = (event: unknown, context: object) => Promise<unknown>;

let answer: () => Promise<unknown> = async () => {
  throw new Error('no bundle is loaded');
};

process.on('message', async (order: ClickOrder) => {
  process.send?.(await carryOut(order));
});

async function carryOut(order: ClickOrder): Promise<ClickReport> {
  switch (order.kind) {
    case 'start': {
      const initMicros = await cpuMicrosOf(() => load(order.bundle, order.event));
      return { initMicros, clickMicros: await cpuMicrosOf(answer) };
    }
    case 'clicks':
      return { initMicros: 0, clickMicros: await cpuMicrosOf(() => answerMany(order.count, 0)) };
    case 'slow clicks':
      return { initMicros: 0, clickMicros: await cpuMicrosOf(() => answerMany(order.count, order.intervalMs)) };
  }
}

async function load(bundle: string, event: unknown): Promise<void> {
  const { handler } = (await import(bundle)) as { handler: Handler };
  answer = () => handler(event, {});
}

async function answerMany(count: number, intervalMs: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await answer();
    if (intervalMs > 0) await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}

async function cpuMicrosOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
