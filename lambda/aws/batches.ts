import type { Answer, Fetched } from '../../core/ports.ts';

/** Few enough to leave sockets for others, enough that a batch of thousands is done in a second. */
const batchesAtOnceMax = 16;

type BatchCall = (batch: readonly string[], leftMs: number) => Promise<Fetched<readonly string[]>>;

/**
 * Sends items in batches, several at once, all within `budgetMs`. `value` holds the items that were not done: those a
 * batch named, those of batches that got no answer and those no time was left for. Failed only when every batch was.
 */
export async function inBatches(
  items: readonly string[],
  batchSize: number,
  budgetMs: number,
  call: BatchCall,
): Promise<Fetched<readonly string[]>> {
  const endMs = performance.now() + budgetMs;
  const waiting = batchesOf(items, batchSize);
  const batchCount = waiting.length;
  const left: string[] = [];
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

async function callUntil(
  endMs: number,
  batch: readonly string[],
  call: BatchCall,
): Promise<Fetched<readonly string[]>> {
  const leftMs = endMs - performance.now();
  return leftMs > 0 ? call(batch, leftMs) : { kind: 'failed', answer: { status: 0, code: 'Timeout' } };
}

function batchesOf(items: readonly string[], size: number): (readonly string[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
