import type { CatalogContent, Postback } from '../../../../core/catalog/catalog.ts';
import { catalogKey, makeSnapshot } from '../../../../core/catalog/snapshot.ts';
import { encodeConversions } from '../../../../core/figures/conversion-block.ts';
import { digestOf, foldKey } from '../../../../core/ledger/object-keys.ts';
import { hourStart, minuteMs, minuteStart } from '../../../../core/log/log-key.ts';
import { deliveryStateKey } from '../../../../core/postbacks/delivery-keys.ts';
import {
  type Delivery,
  type DeliveryState,
  encodeDeliveryState,
  type Lease,
  parseDeliveryState,
} from '../../../../core/postbacks/delivery-state.ts';
import { type DueIndex, dueIndexKey, parseDueIndex } from '../../../../core/postbacks/due-index.ts';
import { firingId } from '../../../../core/postbacks/firing.ts';
import { encodeHealthBook, healthKey, type PostbackHealth } from '../../../../core/postbacks/suspension.ts';
import { contentFrom } from '../../../core/tracking/ask.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { east, type SmallCloud, west } from '../../small-cloud.ts';
import { keyNumber, report } from '../../some-conversions.ts';

/** What tests of `keeptrack postbacks` leave in the buckets of a small cloud, and see there. */

export type Region = typeof east | typeof west;

const regions = [east, west] as const;

const yaml = `network: { name: N }
advertisers: [{ id: 1, name: A }]
affiliates: [{ id: 7, name: B }]
offers: [{ id: 15, name: o, advertiser_id: 1, offer_url: "https://a.example/?t={transaction_id}", payout: 1, revenue: 2 }]
postbacks:
  - { id: 12, affiliate_id: 7, offer_id: 0, url: "https://p.example/in?key=secret&click={aff_click_id}" }
  - { id: 13, affiliate_id: 0, offer_id: 15, url: "https://q.example/?t={transaction_id}", status: paused }
`;

/** Both regions have published this catalog. `change`: what a postback is instead, or undefined for none. */
export function publish(
  cloud: SmallCloud,
  change: (postback: Postback) => Postback | undefined = (postback) => postback,
): void {
  const content: CatalogContent = contentFrom(yaml);
  const { text } = makeSnapshot({
    ...content,
    postbacks: (content.postbacks ?? []).flatMap((one) => change(one) ?? []),
  });
  for (const region of regions) cloud.buckets[region].put(catalogKey, Buffer.from(text));
}

/** Both regions have folded the report of the conversion with key number `seq`. */
export function fold(cloud: SmallCloud, seq: number): void {
  const body = encodeConversions([report(seq)]);
  const minute = (minuteStart(sampleMs) - hourStart(sampleMs)) / minuteMs;
  const named = { kind: 'conversions', generation: 2, minute, name: digestOf([body]) } as const;
  for (const region of regions) cloud.buckets[region].put(foldKey(hourStart(sampleMs), named), Buffer.from(body));
}

/** The delivery of postback 12 about the conversion with key number `seq`. */
export function delivery(seq: number, fields: Partial<Delivery> = {}): Delivery {
  const { id: firstId } = report(seq);
  const key = keyNumber(seq);
  const terms = { offerId: 15, affiliateId: 7, goalId: 0, currency: 'USD', payout: '2.50' };
  const line = { key, firstId, standing: 'approved', standingId: firstId, ...terms } as const;
  const state = { status: 'failed', dueAtMs: sampleMs, attempts: 8, changes: 8, last: 'status 503' } as const;
  return { id: firingId(key, 'approved', 12), postbackId: 12, line, ...state, lastAtMs: sampleMs, ...fields };
}

const key = deliveryStateKey(sampleMs);

/** The state of the minute in these regions. */
export function put(
  cloud: SmallCloud,
  deliveries: readonly Delivery[],
  lease?: Lease,
  at: readonly Region[] = regions,
): void {
  const state = { deliveries: new Map(deliveries.map((one) => [one.id, one])), ...(lease && { lease }) };
  for (const region of at) cloud.buckets[region].put(key, Buffer.from(encodeDeliveryState(state)));
}

export function putHealth(cloud: SmallCloud, health: Readonly<Record<number, PostbackHealth>>): void {
  const book = new Map(Object.entries(health).map(([id, one]) => [Number(id), one]));
  for (const region of regions) cloud.buckets[region].put(healthKey, Buffer.from(encodeHealthBook(book)));
}

export function stateIn(cloud: SmallCloud, region: Region): DeliveryState | undefined {
  return read(cloud, region, key, parseDeliveryState);
}

export function indexIn(cloud: SmallCloud, region: Region): DueIndex | undefined {
  return read(cloud, region, dueIndexKey, parseDueIndex);
}

export function read<T>(
  cloud: SmallCloud,
  region: Region,
  objectKey: string,
  parse: (bytes: Uint8Array) => T | undefined,
): T | undefined {
  const held = cloud.buckets[region].get(objectKey);
  return held.kind === 'ok' ? parse(held.value.body) : undefined;
}
