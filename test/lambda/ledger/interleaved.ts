import { limits } from '../../../core/limits/limits.ts';
import type { Answer, Bucket, Table, TableKey, TableWrite } from '../../../core/ports.ts';
import { createLedger, type LedgerReport } from '../../../lambda/ledger/ledger.ts';
import type { LedgerPorts } from '../../../lambda/ledger/steps.ts';
import { createFunction, type SimulatedWorld } from '../../../simulation/world.ts';
import { home } from '../world-view.ts';

/** How tests put what others do exactly between two calls of a run. */

export function portsOf(world: SimulatedWorld, passBytesMax?: number): LedgerPorts {
  const options = { world, home, functionName: 'ledger', ...(passBytesMax !== undefined && { passBytesMax }) } as const;
  return createFunction(options).ledger;
}

export function runWith(
  world: SimulatedWorld,
  ports: LedgerPorts,
  event: unknown = { task: 'close' },
): Promise<LedgerReport> {
  return world.time.until(createLedger(ports)(event, limits.ledger.timeoutSeconds * 1_000));
}

/** What a run asks of the table that concerns one item. */
export type TableCall = (asked: 'get' | 'write', keys: readonly TableKey[]) => boolean;

/** `meanwhile` happens once, right before the first call that `isMeant`. */
export function tableWith(table: Table, isMeant: TableCall, meanwhile: () => Promise<unknown>): Table {
  const before = once(meanwhile);
  const step = async (asked: 'get' | 'write', keys: readonly TableKey[]) => {
    if (isMeant(asked, keys)) await before();
  };
  return {
    ...table,
    get: async (keys, budgetMs) => {
      await step('get', keys);
      return table.get(keys, budgetMs);
    },
    write: async (write, budgetMs) => {
      await step('write', [keyOf(write)]);
      return table.write(write, budgetMs);
    },
    transact: async (writes, budgetMs) => {
      await step('write', writes.map(keyOf));
      return table.transact(writes, budgetMs);
    },
    writeAll: async (writes, budgetMs) => {
      await step('write', writes.map(keyOf));
      return table.writeAll(writes, budgetMs);
    },
  };
}

/** `meanwhile` happens once, right before the first put whose key `isMeant`; what it gives is the answer, if it gives one. */
export function bucketWith(
  bucket: Bucket,
  isMeant: (key: string) => boolean,
  meanwhile: () => Promise<Answer | undefined>,
): Bucket {
  const before = once(meanwhile);
  return {
    ...bucket,
    putIfAbsent: async (key, body, budgetMs) =>
      (isMeant(key) ? await before() : undefined) ?? bucket.putIfAbsent(key, body, budgetMs),
  };
}

function once<T>(perform: () => Promise<T>): () => Promise<T | undefined> {
  let isDone = false;
  return async () => {
    if (isDone) return undefined;
    isDone = true;
    return perform();
  };
}

export function keyOf(write: TableWrite): TableKey {
  return write.kind === 'put' ? write.item : write.key;
}
