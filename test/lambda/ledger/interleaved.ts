import { limits } from '../../../core/limits/limits.ts';
import type { Bucket, Table, TableKey } from '../../../core/ports.ts';
import type { FoldPorts } from '../../../lambda/fold/run.ts';
import { createLedger, type LedgerReport } from '../../../lambda/ledger/ledger.ts';
import type { LedgerPorts } from '../../../lambda/ledger/ports.ts';
import { createFunction, type SimulatedWorld } from '../../../simulation/world.ts';
import { home } from '../world-view.ts';

/** How tests do something exactly between two calls of a run, and see which objects a run reads. */

export function portsOf(world: SimulatedWorld): LedgerPorts {
  return createFunction({ world, home, functionName: 'ledger' }).ledger;
}

export function runWith(
  world: SimulatedWorld,
  ports: LedgerPorts,
  event: unknown = { task: 'close' },
): Promise<LedgerReport> {
  return world.time.until(createLedger(ports)(event, limits.ledger.timeoutSeconds * 1_000));
}

/** The same ports with a changed bucket of the home region. */
export function atHome<Ports extends FoldPorts>(ports: Ports, change: (bucket: Bucket) => Bucket): Ports {
  const { home: log } = ports.buckets;
  return { ...ports, buckets: { ...ports.buckets, home: { ...log, bucket: change(log.bucket) } } };
}

/** Notes the keys of objects that are read whole, or written. */
export function noting(keys: string[], call: 'get' | 'putIfAbsent' = 'get'): (bucket: Bucket) => Bucket {
  const note = (made: typeof call, key: string) => {
    if (made === call) keys.push(key);
  };
  return (bucket) => ({
    ...bucket,
    get: (key, ...rest) => {
      note('get', key);
      return bucket.get(key, ...rest);
    },
    putIfAbsent: (key, ...rest) => {
      note('putIfAbsent', key);
      return bucket.putIfAbsent(key, ...rest);
    },
  });
}

/** `meanwhile` happens once, right before the first call whose key `isMeant`. */
export function before(
  call: 'putIfAbsent' | 'replace' | 'get',
  isMeant: (key: string) => boolean,
  meanwhile: () => Promise<unknown>,
): (bucket: Bucket) => Bucket {
  const perform = once(meanwhile);
  const step = async (made: typeof call, key: string) => {
    if (made === call && isMeant(key)) await perform();
  };
  return (bucket) => ({
    ...bucket,
    putIfAbsent: async (key, ...rest) => {
      await step('putIfAbsent', key);
      return bucket.putIfAbsent(key, ...rest);
    },
    replace: async (key, ...rest) => {
      await step('replace', key);
      return bucket.replace(key, ...rest);
    },
    get: async (key, ...rest) => {
      await step('get', key);
      return bucket.get(key, ...rest);
    },
  });
}

/** `meanwhile` happens once, right before the first write to the index. */
export function beforeClaim(
  index: Pick<Table, 'get' | 'write'>,
  meanwhile: (key: TableKey) => Promise<unknown>,
): Pick<Table, 'get' | 'write'> {
  const perform = once(meanwhile);
  return {
    get: index.get,
    write: async (write, budgetMs) => {
      await perform(write.key);
      return index.write(write, budgetMs);
    },
  };
}

function once<Args extends readonly unknown[]>(perform: (...args: Args) => Promise<unknown>) {
  let isDone = false;
  return async (...args: Args) => {
    if (isDone) return;
    isDone = true;
    await perform(...args);
  };
}

/** Lists one key a page. `meanwhile` happens once, before page `page` of a listing whose prefix `isMeant`. */
export function inSmallPages(
  isMeant: (prefix: string) => boolean,
  page: number,
  meanwhile: () => Promise<unknown>,
): (bucket: Bucket) => Bucket {
  const perform = once(meanwhile);
  let asked = 0;
  return (bucket) => ({
    ...bucket,
    list: async (prefix, budgetMs, after) => {
      if (isMeant(prefix)) asked += 1;
      if (asked === page) await perform();
      const listed = await bucket.list(prefix, budgetMs, after);
      if (listed.kind === 'failed') return listed;
      const { keys, etags, sizesBytes, next = keys.at(1) } = listed.value;
      const first = { keys: keys.slice(0, 1), etags: etags.slice(0, 1), sizesBytes: sizesBytes.slice(0, 1) };
      return { kind: 'ok', value: next === undefined ? first : { ...first, next: keys[0] ?? '' } };
    },
  });
}
