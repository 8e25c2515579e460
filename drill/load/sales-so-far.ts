import { groupBy } from '../group-by.ts';
import { hasShare } from '../oracle/amounts.ts';
import type { CatalogText } from '../oracle/catalog-text.ts';
import { classifyEvent } from '../oracle/classify-event.ts';
import { expectedEvents } from '../oracle/expected-event.ts';
import { type SaleStanding, saleStanding } from '../oracle/sale-standing.ts';
import type { Link } from './links.ts';
import type { SentRecord } from './sent-record.ts';

/** A sale as the advertisers' answered reports have it. What operators say meanwhile is not in it. */
export interface SaleSoFar {
  /** Event id of the first report. */
  readonly id: string;
  readonly link: Link;
  readonly transaction: { readonly id: string; readonly click: Link };
  readonly standing: SaleStanding;
  /** The advertiser proves who sends its postbacks. */
  readonly isProven: boolean;
  /** A share of the sale's amount is due. */
  readonly hasShare: boolean;
}

/** In the order of their first reports. */
export function salesSoFar(records: readonly SentRecord[], catalog: CatalogText): readonly SaleSoFar[] {
  const sent = new Map(records.map((record) => [record.eventId, record]));
  const clicks = new Map(records.map(({ transactionId, link }) => [transactionId, link]));
  const reports = expectedEvents(records, []).flatMap((event) => classifyEvent(event, catalog).report ?? []);
  return [...groupBy(reports, ({ sale }) => sale).values()]
    .flatMap((told) => {
      const standing = saleStanding(told);
      const link = sent.get(standing?.firstId ?? '')?.link;
      const id = link?.parameters['transaction_id'] ?? '';
      const click = clicks.get(id);
      if (standing === undefined || link === undefined || click === undefined) return [];
      const shares = told.map(({ payout, revenue }) => hasShare(payout) || hasShare(revenue));
      const isProven = told.some((report) => report.isProven);
      return [
        { id: standing.firstId, link, transaction: { id, click }, standing, isProven, hasShare: shares[0] === true },
      ];
    })
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}
