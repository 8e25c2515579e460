import { randomFillSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { encodeClosedCaps, indexClosedCaps, parseClosedCaps } from '../../core/caps/closed-caps.ts';
import type { Catalog, CatalogContent, Offer } from '../../core/catalog/catalog.ts';
import { makeSnapshot, parseSnapshot } from '../../core/catalog/snapshot.ts';
import { validateCatalog } from '../../core/catalog/validate.ts';
import { dayIn } from '../../core/config/time-zone.ts';
import { encodeLine } from '../../core/event/event.ts';
import { decide } from '../../core/tracking/decide.ts';
import type { TrackContext } from '../../core/tracking/decision.ts';
import { clickRequest } from '../measure/serving.ts';
import { median } from '../median.ts';

/** As many offers, each with caps of as many affiliates. */
const side = 100;
const firstId = 1_000_000;
const nowMs = Date.UTC(2026, 10, 23, 5);

export const cappedPairs = side * side;

export interface CappedClicks {
  /** CPU time of a decided and encoded click, in microseconds: the median of the rounds. */
  readonly clickMicros: number;
  /** What caps that are open add to it: the median of the differences. */
  readonly softMicros: number;
  readonly hardMicros: number;
  /** The object of closed caps, with an entry for each pair. */
  readonly objectBytes: number;
  readonly readObjectMs: number;
  /** What caps add to reading the catalog on a cold start. */
  readonly readCatalogMs: number;
}

/**
 * Measures in this process what caps cost a click. Over HTTP the noise would be larger than the difference. The click
 * goes to a capped pair with room left, while caps of other pairs of the same offer are closed.
 */
export async function measureCappedClicks(rounds: number, clicksOfRound: number): Promise<CappedClicks> {
  const [plain, soft, hard] = await Promise.all([snapshotWith(), snapshotWith('soft'), snapshotWith('hard')]);
  const object = Buffer.from(
    encodeClosedCaps({ region: 'east', asOfMs: nowMs, madeAtMs: nowMs, closed: openEntries() }),
  );
  const closedPairs = indexClosedCaps([...entries(0)].filter(({ affiliateId }) => affiliateId !== firstId));
  const answers = {
    plain: clicksOn(catalogOf(plain), new Map()),
    soft: clicksOn(catalogOf(soft), closedPairs),
    hard: clicksOn(catalogOf(hard), openEntries()),
  };
  for (const click of Object.values(answers)) repeat(click, 4 * clicksOfRound);
  const all = Array.from({ length: rounds }, () => ({
    plain: microsOf(answers.plain, clicksOfRound),
    soft: microsOf(answers.soft, clicksOfRound),
    hard: microsOf(answers.hard, clicksOfRound),
  }));
  return {
    clickMicros: median(all.map((round) => round.plain)),
    softMicros: median(all.map((round) => round.soft - round.plain)),
    hardMicros: median(all.map((round) => round.hard - round.plain)),
    objectBytes: object.length,
    readObjectMs: readMs(rounds, () => parseClosedCaps('east', object)),
    readCatalogMs: readMs(rounds, () => parseSnapshot(hard)) - readMs(rounds, () => parseSnapshot(plain)),
  };
}

/** The example catalog with so many further offers and affiliates, and with caps of each pair when a mode is given. */
async function snapshotWith(mode?: 'soft' | 'hard'): Promise<string> {
  const example = validateCatalog(await readFile('examples/catalog.yaml', 'utf8'));
  const template = example.kind === 'valid' && example.content.offers.find(({ id }) => id === 1500);
  if (example.kind !== 'valid' || !template) throw new Error('examples/catalog.yaml has no offer 1500');
  const ids = Array.from({ length: side }, (_, index) => firstId + index);
  const ownCaps = mode && { cap_mode: mode, conversion_cap: 100_000, monthly_payout_cap: '250000.00' };
  const content: CatalogContent = {
    ...example.content,
    offers: [...example.content.offers, ...ids.map((id): Offer => ({ ...template, id, ...ownCaps }))],
    affiliates: [
      ...example.content.affiliates,
      ...ids.map((id) => ({ id, name: `Affiliate ${id}`, status: 'active' as const })),
    ],
    ...(mode && {
      affiliate_caps: ids.flatMap((offer_id) =>
        ids.map((affiliate_id) => ({ affiliate_id, offer_id, conversion_cap: 1_000, click_cap: 50_000 })),
      ),
    }),
  };
  return makeSnapshot(content).text;
}

function catalogOf(snapshot: string): Catalog {
  const parsed = parseSnapshot(snapshot);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  return parsed.catalog;
}

function* entries(fromMs: number) {
  const toMs = nowMs + 86_400_000;
  for (let offer = 0; offer < side; offer += 1) {
    const offerId = firstId + offer;
    yield { offerId, affiliateId: 0, name: 'monthly_payout_cap', fromMs: nowMs + 1_000, toMs } as const;
    for (let affiliate = 0; affiliate < side; affiliate += 1) {
      yield { offerId, affiliateId: firstId + affiliate, name: 'conversion_cap', fromMs, toMs } as const;
    }
  }
}

/** Hard caps that will close later have entries too. */
function openEntries() {
  return indexClosedCaps(entries(nowMs + 1_000));
}

function clicksOn(catalog: Catalog, closedCaps: TrackContext['closedCaps']): () => void {
  const { requestContext, headers, rawPath: path, rawQueryString } = clickRequest;
  const pair = `offer_id=${firstId}&aff_id=${firstId}`;
  const rawQuery = rawQueryString.replace('offer_id=1500&aff_id=1001', pair);
  const request = { method: 'GET', path, rawQuery, userAgent: headers['user-agent'], referer: '' };
  const keys = { signing: '5'.repeat(64), accepted: '5'.repeat(64) };
  const context: TrackContext = {
    ...{ catalog, closedCaps, nowMs, keys, region: 'us-east-1', dayOf: dayIn('UTC') },
    random: { bytes: (length) => randomFillSync(new Uint8Array(length)) },
    privacy: { clientAddress: 'full', userAgent: 'full' },
  };
  return () => {
    const decision = decide({ ...request, ip: requestContext.http.sourceIp }, context);
    if (decision.kind !== 'capture' || decision.draft.fields['destination'] !== 'offer')
      throw new Error('the offer did not take the click');
    encodeLine({ v: 1, id: '', type: 'click', at: nowMs, region: 'us-east-1', ...decision.draft.fields });
  };
}

function repeat(work: () => void, times: number): void {
  for (let done = 0; done < times; done += 1) work();
}

function microsOf(work: () => void, times: number): number {
  const before = process.cpuUsage();
  repeat(work, times);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

function readMs(rounds: number, read: () => unknown): number {
  return median(Array.from({ length: rounds }, () => microsOf(read, 1) / 1_000));
}
