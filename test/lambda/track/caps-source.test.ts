import { describe, expect, test } from 'vitest';
import { encodeClosedCaps, indexClosedCaps } from '../../../core/caps/closed-caps.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { Bucket, Clock } from '../../../core/ports.ts';
import { createCapsSource } from '../../../lambda/track/caps-source.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { catalogFrom } from '../../core/tracking/ask.ts';
import { counting, logging } from './rung-doubles.ts';

const yaml = (cap: string) => `
network: { name: N, currency: USD }
advertisers: [{ id: 1, name: A }]
offers: [{ id: 1, name: o, advertiser_id: 1, offer_url: "https://a.example/", payout: 1, revenue: 2${cap} }]
`;
const capped = catalogFrom(yaml(', click_cap: 5'));
const uncapped = catalogFrom(yaml(''));

/** What stands at a place; `hang` never answers. */
type Holding = { text: string; etag: string } | 'missing' | 'down' | 'hang';
type Place = 'home east' | 'home west' | 'peer west';

const { refreshIntervalMs, staleMs, aheadMs } = limits.caps;

function scene(catalog = capped) {
  const clock = new SimulatedTime();
  const holding: Record<Place, Holding> = { 'home east': 'missing', 'home west': 'missing', 'peer west': 'missing' };
  const reads: string[] = [];
  const watched = { ...counting(), ...logging() };
  const bucket = { home: bucketOf('home', holding, reads, clock), peer: bucketOf('peer', holding, reads, clock) };
  const held = { catalog };
  const source = createCapsSource({
    ...{ region: 'east', peerRegion: 'west', bucket, clock, ...watched },
    catalog: { current: () => held.catalog },
  });
  /** Puts an object whose figures are so old, and whose only cap is closed for an offer. */
  const put = (place: Place, offerId: number, ageMs = 60_000, madeAgeMs = 0) => {
    const [, region = ''] = place.split(' ');
    const nowMs = clock.nowMs();
    const closed = indexClosedCaps([{ offerId, affiliateId: 0, name: 'click_cap', fromMs: 0, toMs: nowMs + 1 }]);
    const text = encodeClosedCaps({ region, asOfMs: nowMs - ageMs, madeAtMs: nowMs - madeAgeMs, closed });
    holding[place] = { text, etag: `"${offerId} ${ageMs} ${madeAgeMs} ${nowMs}"` };
  };
  return {
    ...{ clock, holding, held, source, put, counted: watched.counted },
    reads: () => reads.splice(0),
    /** The offers with a closed cap, after the next refresh. */
    async offers() {
      clock.freeze(refreshIntervalMs);
      await clock.until(source.refresh());
      return [...source.current().keys()];
    },
  };
}

function bucketOf(
  name: 'home' | 'peer',
  holding: Readonly<Record<string, Holding>>,
  reads: string[],
  clock: Clock,
): Pick<Bucket, 'get'> {
  return {
    async get(key, budgetMs, unlessEtag) {
      const place = `${name} ${/^caps\/(\w+)\.json$/.exec(key)?.[1]}`;
      reads.push(place);
      const held = holding[place] ?? 'missing';
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

describe('closed caps', () => {
  test('are none before the first read, and none while nobody wrote an object', async () => {
    const { source, offers, counted } = scene();
    expect(source.current().size).toBe(0);
    expect(await offers()).toEqual([]);
    expect(counted).toEqual({});
  });

  test('are not read for a catalog without caps, and are read once it has some', async () => {
    const { offers, reads, held, put } = scene(uncapped);
    put('home east', 1);
    expect(await offers()).toEqual([]);
    expect(reads()).toEqual([]);
    held.catalog = capped;
    expect(await offers()).toEqual([1]);
  });

  test('come from the own object while its figures are fresh, and the peer is not asked', async () => {
    const { offers, reads, put } = scene();
    put('home east', 1, staleMs - refreshIntervalMs - 20);
    put('home west', 2, 0);
    expect(await offers()).toEqual([1]);
    expect(reads()).toEqual(['home east']);
  });

  test('are read again when they are 20 s old, and a click in between waits for nothing', async () => {
    const { offers, reads, put, source, clock } = scene();
    put('home east', 1);
    await offers();
    reads();
    clock.freeze(refreshIntervalMs - 21);
    await clock.until(source.refresh());
    expect(reads()).toEqual([]);
    put('home east', 3);
    clock.freeze(1);
    const refreshed = source.refresh();
    expect([...source.current().keys()]).toEqual([1]);
    await clock.until(refreshed);
    expect([...source.current().keys()]).toEqual([3]);
  });

  test.each(['missing', 'down', 'hang'] as const)(
    "are the peer's copy at home when the own object is %s",
    async (own) => {
      const { offers, reads, put, holding } = scene();
      holding['home east'] = own;
      put('home west', 2);
      expect(await offers()).toEqual([2]);
      expect(reads()).toEqual(['home east', 'home west']);
    },
  );

  test("are the peer's when the own figures are older than three minutes and the peer's are newer", async () => {
    const { offers, reads, put } = scene();
    put('home east', 1, staleMs);
    put('home west', 2);
    expect(await offers()).toEqual([2]);
    expect(reads()).toEqual(['home east', 'home west']);
  });

  test("are read in the peer's bucket when home has nothing fresh", async () => {
    const { offers, reads, put, holding } = scene();
    holding['home east'] = 'down';
    holding['home west'] = 'down';
    put('peer west', 2);
    expect(await offers()).toEqual([2]);
    expect(reads()).toEqual(['home east', 'home west', 'peer west']);
  });

  test('are those of the newest figures when all are old', async () => {
    const { offers, put } = scene();
    put('home east', 1, 3 * staleMs);
    put('home west', 2, 2 * staleMs);
    put('peer west', 3, 4 * staleMs);
    expect(await offers()).toEqual([2]);
  });

  test('are those of the later object when two have the same figures', async () => {
    const { offers, put, clock } = scene();
    put('home east', 1, 1_000, 500);
    const madeAtMs = clock.nowMs();
    await offers();
    put('home east', 2, 1_000 + clock.nowMs() - madeAtMs, 0);
    expect(await offers()).toEqual([2]);
  });

  test('are the own ones again once their figures are the newest', async () => {
    const { offers, put } = scene();
    put('home east', 1, 2 * staleMs);
    put('home west', 2, 1_000);
    expect(await offers()).toEqual([2]);
    put('home east', 3, 0);
    expect(await offers()).toEqual([3]);
  });

  test('stay as they are when an old copy comes later', async () => {
    const { offers, put } = scene();
    put('home east', 1, 1_000);
    await offers();
    put('home east', 2, 10 * 60_000);
    expect(await offers()).toEqual([1]);
  });

  test.each([
    ['damaged', '{"v":1,"region":"east"', 'own'],
    ['that of another region', encodeClosedCaps({ region: 'west', asOfMs: 1, madeAtMs: 1, closed: new Map() }), 'own'],
  ])('stay as they are when the object is %s, and that is counted', async (_, text, source) => {
    const { offers, put, holding, counted } = scene();
    put('home east', 1);
    await offers();
    holding['home east'] = { text, etag: '"damaged"' };
    expect(await offers()).toEqual([1]);
    expect(counted).toEqual({ [`CapsUnreadable{source=${source}}`]: 1 });
  });

  test('with figures of the future are refused, because they would win for ever', async () => {
    const { offers, put, counted } = scene();
    put('home east', 1, -aheadMs - refreshIntervalMs - 21);
    put('home west', 2);
    expect(await offers()).toEqual([2]);
    expect(counted).toEqual({ 'CapsUnreadable{source=own}': 1 });
  });

  test('stay as they are through days in which nothing can be read', async () => {
    const { offers, put, holding, counted, clock } = scene();
    put('home east', 1);
    await offers();
    for (const place of ['home east', 'home west', 'peer west'] as const) holding[place] = 'down';
    clock.freeze(72 * 3_600_000);
    expect(await offers()).toEqual([1]);
    expect(counted).toEqual({
      'CapsUnreadable{source=own}': 1,
      'CapsUnreadable{source=peer-at-home}': 1,
      'CapsUnreadable{source=peer}': 1,
    });
  });
});
