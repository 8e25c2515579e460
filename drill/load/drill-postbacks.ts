import { parseDocument } from 'yaml';
import type { PostbackText } from '../oracle/catalog-text.ts';

/** The partners that every drill opens. Functions reach them as `<label>.partner.test`. */
export const partnerLabels = ['shop', 'network'] as const;

const macros = [
  ...['idempotency_id', 'conversion_id', 'status', 'transaction_id', 'offer_id', 'affiliate_id', 'goal_id'],
  ...['payout', 'currency', 'sale_amount', 'aff_sub', 'aff_unique1', 'source', 'adv_sub', 'conversion_unique_id'],
];
const query = macros.map((name) => `${name}={${name}}`).join('&');

/** Each postback names itself in its path, so that a received request tells which postback it belongs to. */
export function postbackOfPath(path: string): number {
  return Number(/^\/postback\/(\d+)(\?|$)/.exec(path)?.[1] ?? 0);
}

/** `shop` hears of approved sales of the default goal, as most partners do. `network` hears of everything. */
const drillPostbacks: readonly PostbackText[] = [
  { id: 1, affiliate_id: 0, offer_id: 0, url: `http://shop.partner.test/postback/1?${query}` },
  {
    ...{ id: 2, affiliate_id: 0, offer_id: 0, goal_id: 0, method: 'POST' },
    on: ['approved', 'pending', 'rejected', 'reversed'],
    url: `http://network.partner.test/postback/2?${query}`,
  },
];

/** The catalog's text with the postbacks of a drill in the place of its own, which lead to hosts outside of the drill. */
export function withDrillPostbacks(catalogText: string): string {
  const catalog = parseDocument(catalogText);
  catalog.set('postbacks', drillPostbacks);
  return catalog.toString();
}
