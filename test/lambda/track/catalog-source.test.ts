import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import type { Bucket, Clock } from '../../../core/ports.ts';
import { openCatalog } from '../../../lambda/track/catalog-source.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { counting, logging } from './rung-doubles.ts';
import { smallCatalog } from './small-catalog.ts';

/** What a bucket holds at the catalog's key; `hang` never answers. */
type Holding = { text: string; etag: string } | 'missing' | 'down' | 'hang';

const old = smallCatalog('old');
const fresh = smallCatalog('fresh');
const oldObject = { text: old.text, etag: '"1"' };
const freshObject = { text: fresh.text, etag: '"2"' };

function scene(home: Holding, peer: Holding, bundle = old.text) {
  const clock = new SimulatedTime();
  const holding = { home, peer };
  const reads: string[] = [];
  const ports = {
    bucket: { home: bucketOf('home', holding, reads, clock), peer: bucketOf('peer', holding, reads, clock) },
    readBundle: async () => bundle,
    clock,
    ...counting(),
    ...logging(),
  };
  return { clock, holding, reads: () => reads.splice(0), ports, open: () => clock.until(openCatalog(ports)) };
}

function bucketOf(
  name: 'home' | 'peer',
  holding: Record<string, Holding>,
  reads: string[],
  clock: Clock,
): Pick<Bucket, 'get'> {
  return {
    async get(_key, budgetMs, unlessEtag) {
      reads.push(name);
      const held = holding[name] ?? 'missing';
      if (held === 'hang') {
        await clock.sleep(budgetMs);
        return { kind: 'failed', answer: { status: 0, code: 'Timeout' } };
      }
      await clock.sleep(20);
      if (held === 'missing') return { kind: 'failed', answer: { status: 404, code: 'NoSuchKey' } };
      if (held === 'down') return { kind: 'failed', answer: { status: 503, code: 'SlowDown' } };
      if (held.etag === unlessEtag) return { kind: 'failed', answer: { status: 304, code: 'NotModified' } };
      return { kind: 'ok', value: { body: Buffer.from(held.text), etag: held.etag } };
    },
  };
}

describe('a cold start', () => {
  test('takes the catalog of the home bucket', async () => {
    const { open, reads } = scene(freshObject, oldObject);
    expect((await open()).current().version).toBe(fresh.version);
    expect(reads()).toEqual(['home']);
  });

  test.each(['down', 'hang', 'missing', { text: 'garbage', etag: '"x"' }] as const)(
    "takes the peer bucket's when home is %j",
    async (home) => {
      const { open, ports, clock } = scene(home, freshObject);
      expect((await open()).current().version).toBe(fresh.version);
      await clock.pass(60_000);
      expect(ports.counted).toEqual({ 'CatalogUnreadable{source=home}': 1 });
    },
  );

  test('takes no catalog that is larger than memory allows for', async () => {
    const padded = fresh.text.padEnd(limits.catalog.bytesMax + 1);
    const { open, ports } = scene({ text: padded, etag: '"x"' }, oldObject);
    expect((await open()).current().version).toBe(old.version);
    expect(ports.counted).toEqual({ 'CatalogUnreadable{source=home}': 1 });
  });

  test('takes the copy in the bundle when both buckets are down', async () => {
    const { open, ports } = scene('down', 'hang', fresh.text);
    expect((await open()).current().version).toBe(fresh.version);
    expect(ports.counted).toEqual({ 'CatalogUnreadable{source=home}': 1, 'CatalogUnreadable{source=peer}': 1 });
  });

  test('waits for buckets that hang no longer than init may, and asks them again with the first request', async () => {
    const { open, clock, holding, reads } = scene('hang', 'hang', old.text);
    const beforeMs = clock.nowMs();
    const source = await open();
    expect(clock.nowMs() - beforeMs).toBe(limits.track.initWaitMs);
    holding.home = freshObject;
    reads();
    await clock.until(source.refresh());
    expect(reads()).toEqual(['home']);
    expect(source.current().version).toBe(fresh.version);
  });

  test('fails and says why when there is no catalog anywhere', async () => {
    const { open, ports } = scene('missing', 'missing', '{}');
    await expect(open()).rejects.toThrow('there is no catalog, neither in a bucket nor in the bundle');
    expect(ports.counted['CatalogUnreadable{source=bundle}']).toBe(1);
  });
});

describe('a refresh', () => {
  test('comes only when the catalog is old', async () => {
    const { open, clock, reads } = scene(oldObject, oldObject);
    const source = await open();
    reads();
    clock.freeze(limits.catalog.refreshIntervalMs - 1);
    await clock.until(source.refresh());
    expect(reads()).toEqual([]);
    clock.freeze(1);
    await clock.until(source.refresh());
    expect(reads()).toEqual(['home']);
    await clock.until(source.refresh());
    expect(reads()).toEqual([]);
  });

  test('takes a new catalog, and the old one serves until it is there', async () => {
    const { open, clock, holding } = scene(oldObject, oldObject);
    const source = await open();
    holding.home = freshObject;
    clock.freeze(limits.catalog.refreshIntervalMs);
    const refreshed = source.refresh();
    expect(source.current().version).toBe(old.version);
    await clock.until(refreshed);
    expect(source.current().version).toBe(fresh.version);
  });

  test('is not started twice at once', async () => {
    const { open, clock, reads } = scene(oldObject, oldObject);
    const source = await open();
    reads();
    clock.freeze(limits.catalog.refreshIntervalMs);
    await clock.until(Promise.all([source.refresh(), source.refresh()]));
    expect(reads()).toEqual(['home']);
  });

  test('asks the peer while home is down', async () => {
    const { open, clock, holding } = scene(oldObject, oldObject);
    const source = await open();
    holding.home = 'down';
    holding.peer = freshObject;
    clock.freeze(limits.catalog.refreshIntervalMs);
    await clock.until(source.refresh());
    expect(source.current().version).toBe(fresh.version);
  });

  test.each(['down', 'hang', 'missing', { text: '{"format":1}', etag: '"x"' }] as const)(
    'keeps the last good catalog when both buckets are %j, and tries again before long',
    async (state) => {
      const { open, clock, holding, reads } = scene(freshObject, freshObject);
      const source = await open();
      holding.home = state;
      holding.peer = state;
      for (let hour = 0; hour < 72; hour += 1) {
        clock.freeze(3_600_000);
        await clock.until(source.refresh());
      }
      expect(source.current().version).toBe(fresh.version);
      reads();
      clock.freeze(limits.catalog.retryIntervalMs);
      await clock.until(source.refresh());
      expect(reads()).toEqual(['home', 'peer']);
      await clock.until(source.refresh());
      expect(reads()).toEqual([]);
    },
  );

  test('refuses a catalog that is too large to be one', async () => {
    const { open, clock, holding } = scene(oldObject, oldObject);
    const source = await open();
    holding.home = { text: ' '.repeat(limits.catalog.bytesMax + 1), etag: '"huge"' };
    holding.peer = 'missing';
    clock.freeze(limits.catalog.refreshIntervalMs);
    await clock.until(source.refresh());
    expect(source.current().version).toBe(old.version);
  });
});
