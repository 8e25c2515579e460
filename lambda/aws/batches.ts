import type { Answer, Fetched } from '../../core/ports.ts';

/** Leaves sockets for other calls, and is enough to finish a batch of thousands in a second. */
const batchesAtOnceMax = 16;

type BatchCall<Item> = (batch: readonly Item[], leftMs: number) => Promise<Fetched<readonly Item[]>>;

/**
 * Sends items in batches, several at once, all within `budgetMs`. `value` holds the items that were not done: those
 * that a batch named, those of batches without an answer, and those for which no time was left. Failed only when every
 * batch failed.
 */
export async function inBatches<Item>(
  items: readonly Item[],
  batchSize: number,
  budgetMs: number,
  call: BatchCall<Item>,
): Promise<Fetched<readonly Item[]>> {
  const endMs = performance.now() + budgetMs;
  const waiting = batchesOf(items, batchSize);
  const batchCount = waiting.length;
  const left: Item[] = [];
  const failures: Answer[] = [];
  const worker = async () => {
    for (let batch = waiting.pop(); batch !== undefined; batch = waiting.pop()) {
      const result = await callUntil(endMs, batch, call);
      if (result.kind === 'failed') failures.push(result.answer);
      left.push(...(result.kind === 'ok' ? result.value : batch));
    }
  };
  await Promise.all(Array.from({ length: batchesAtOnceMax }, worker));
  const [failure] = failures;
  if (failure !== undefined && failures.length === batchCount) return { kind: 'failed', answer: failure };
  return { kind: 'ok', value: left };
}

async function callUntil<Item>(
  endMs: number,
  batch: readonly Item[],
  call: BatchCall<Item>,
): Promise<Fetched<readonly Item[]>> {
  const leftMs = endMs - performance.now();
  return leftMs > 0 ? call(batch, leftMs) : { kind: 'failed', answer: { status: 0, code: 'Timeout' } };
}

function batchesOf<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
