import { groupBy } from '../group-by.ts';
import type { CatalogText, PostbackText } from './catalog-text.ts';
import { classifyEvent } from './classify-event.ts';
import { timeOfEvent } from './event-time.ts';
import type { ExpectedEvent } from './expected-event.ts';
import { decisionsBySale, type EventAndClass } from './expected-figures.ts';
import { type SaleDecision, type SaleReport, type SaleStanding, saleStanding } from './sale-standing.ts';

/** A postback that a partner may get for one sale and standing, by docs/postbacks.md. */
export interface DuePostback {
  readonly postbackId: number;
  readonly sale: string;
  readonly standing: string;
  /** False when the next standing may have come before anybody told this one. */
  readonly isOwed: boolean;
  /** When the word was said that gave the standing, ms since the epoch. */
  readonly reachedAtMs: number;
  /** The values of macros. There are several, because reports can arrive in another order than they were captured. */
  readonly texts: readonly MacroTexts[];
}

/** By the macro's name. */
export type MacroTexts = Readonly<Record<string, string>>;

export interface PostbackFrame {
  readonly catalog: CatalogText;
  /** Standings that were reached earlier fire nothing, ms since the epoch. */
  readonly sinceMs: number;
  /** The drill has waited longer for clicks than a postback does. So it may come without the sub ids of its click. */
  readonly isPatienceOver?: boolean;
}

export function expectedPostbacks(
  events: readonly ExpectedEvent[],
  { catalog, sinceMs, isPatienceOver = false }: PostbackFrame,
): readonly DuePostback[] {
  const all = events.map((event) => ({ event, classified: classifyEvent(event, catalog) }));
  const byId = new Map(all.map((one) => [one.event.id, one]));
  const clicked = new Set(events.filter(({ type }) => type === 'click').map(({ transactionId = '' }) => transactionId));
  const decisions = decisionsBySale(all);
  const sales = groupBy(
    all.filter(({ classified }) => classified.report !== undefined),
    ({ classified }) => classified.report?.sale ?? '',
  );
  return [...sales].flatMap(([sale, told]) => {
    const reports = told.flatMap(({ classified }) => classified.report ?? []);
    const words = [...reports, ...(decisions.get(sale) ?? [])];
    const reached = standingsOf(words).filter(({ reachedAtMs }) => reachedAtMs >= sinceMs);
    const hasClick = clicked.has(told[0]?.event.parameters['transaction_id'] ?? '');
    return postbacksOf(sale, reached, byId, catalog).map((due) => ({
      ...due,
      isOwed: due.isOwed && hasClick,
      texts: isPatienceOver ? [...due.texts, ...due.texts.map((texts) => ({ ...texts, ...noClickTexts }))] : due.texts,
    }));
  });
}

interface Reached {
  readonly standing: SaleStanding;
  readonly reachedAtMs: number;
  /** By all words that were said. */
  readonly isLast: boolean;
}

/** Words can come to a region late. So it may take any words in a row for the whole history for a while. */
function standingsOf(words: readonly (SaleReport | SaleDecision)[]): readonly Reached[] {
  const inTime = [...words].sort((one, other) => (one.id < other.id ? -1 : 1));
  return inTime.flatMap((_, from) => {
    let held: { readonly status: string; readonly reachedAtMs: number } | undefined;
    return inTime.slice(from).flatMap((word, index, later): Reached[] => {
      const standing = saleStanding(later.slice(0, index + 1));
      if (standing === undefined) return [];
      if (held?.status !== standing.status) held = { status: standing.status, reachedAtMs: timeOfEvent(word.id) };
      const isLast = from === 0 && index === later.length - 1;
      return [{ standing, reachedAtMs: held.reachedAtMs, isLast }];
    });
  });
}

function postbacksOf(
  sale: string,
  reached: readonly Reached[],
  events: ReadonlyMap<string, EventAndClass>,
  catalog: CatalogText,
): readonly DuePostback[] {
  const found = reached.flatMap((one) => {
    const first = events.get(one.standing.firstId);
    if (first === undefined) return [];
    const texts = textsOf(first, one.standing);
    return catalog.postbacks
      .filter((postback) => isFired(postback, first, one.standing.status))
      .map(({ id }) => ({ ...one, postbackId: id, texts }));
  });
  const byFiring = groupBy(found, ({ postbackId, standing }) => `${postbackId} ${standing.status}`);
  return [...byFiring.values()].flatMap((ofFiring) => {
    const [one] = ofFiring;
    if (one === undefined) return [];
    return {
      postbackId: one.postbackId,
      sale,
      standing: one.standing.status,
      isOwed: ofFiring.some(({ isLast }) => isLast),
      reachedAtMs: Math.max(...ofFiring.map(({ reachedAtMs }) => reachedAtMs)),
      texts: ofFiring.map(({ texts }) => texts),
    };
  });
}

function isFired(postback: PostbackText, { classified }: EventAndClass, status: string): boolean {
  const { affiliate_id, offer_id, goal_id = 'default', on = ['approved'] } = postback;
  const { affiliateId, offerId, goalId } = classified;
  return (
    postback.status !== 'paused' &&
    affiliateId > 0 &&
    (affiliate_id === 0 || affiliate_id === affiliateId) &&
    (offer_id === 0 || offer_id === offerId) &&
    (goal_id === 0 || goal_id === goalId || (goal_id === 'default' && goalId === 0)) &&
    on.includes(status)
  );
}

const noClickTexts = { aff_sub: '', aff_unique1: '', source: '' };

function textsOf({ event, classified }: EventAndClass, standing: SaleStanding): MacroTexts {
  const { click, parameters } = event;
  const ofClick = (name: string) => click[name] ?? '';
  const ofReport = (name: string) => parameters[name] ?? '';
  return {
    conversion_id: standing.firstId,
    status: standing.status,
    transaction_id: ofReport('transaction_id'),
    offer_id: String(classified.offerId),
    affiliate_id: String(classified.affiliateId),
    goal_id: String(classified.goalId),
    payout: decimalText(standing.payoutMicros),
    currency: classified.currency,
    sale_amount: standing.amount,
    ...Object.fromEntries(Object.keys(noClickTexts).map((name) => [name, ofClick(name)])),
    ...Object.fromEntries(['adv_sub', 'conversion_unique_id'].map((name) => [name, ofReport(name)])),
  };
}

/** An amount of millionths, with two decimals or more. */
function decimalText(micros: bigint): string {
  const digits = String(micros).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6).replace(/0{1,4}$/, '')}`;
}
