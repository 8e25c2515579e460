import { createHash } from 'node:crypto';
import type { Advertiser, Affiliate, Creative, Offer, Postback, PostbackStanding } from '../catalog/catalog.ts';
import { type CommonSource, commonMacros, encodedMacros, replaceMacros } from '../tracking/common-macros.ts';
import { affiliateNames, conversionFieldNames, deviceNames } from '../tracking/input/parameter-names.ts';
import type { PostbackRequest } from './outcome.ts';

/** Parameters of a click or of a conversion as events have them, by name. */
type TextFields = Readonly<Record<string, string>>;

/** A conversion that reached a standing, of which a partner is told. */
export interface PostbackFiring {
  /** The same for every attempt, by either region. */
  readonly idempotencyId: string;
  readonly standing: PostbackStanding;
  /** Event id of the first report. */
  readonly conversionId: string;
  readonly transactionId?: string;
  readonly offerId: number;
  readonly affiliateId: number;
  /** 0: the default goal. */
  readonly goalId: number;
  readonly currency: string;
  /** The affiliate's, an exact decimal in `currency`. */
  readonly payout: string;
  /** The sale's, an exact decimal. Absent where no usable amount was posted. */
  readonly amount?: string;
  /** Time of the first report, ms since the epoch. */
  readonly atMs: number;
  /** Time of the event that gave the standing, ms since the epoch. */
  readonly reachedAtMs: number;
  readonly clickFacts: TextFields;
  readonly reportFacts: TextFields;
}

/** What postbacks say of a catalog's things. */
export interface PostbackNames {
  readonly offers: ReadonlyMap<number, Pick<Offer, 'id' | 'name' | 'ref' | 'advertiser_id' | 'goals'>>;
  readonly affiliates: ReadonlyMap<number, Pick<Affiliate, 'id' | 'name' | 'ref'>>;
  readonly advertisers: ReadonlyMap<number, Pick<Advertiser, 'ref'>>;
  readonly creatives: ReadonlyMap<number, Pick<Creative, 'file_name'>>;
}

/**
 * The request that tells a partner of a conversion. Every value is encoded for a URL and is not expanded again. Unknown
 * macros stay. A POST has the query of the URL as its form.
 */
export function expandPostback(
  { url: template, method }: Pick<Postback, 'url' | 'method'>,
  firing: PostbackFiring,
  catalog: PostbackNames,
): PostbackRequest {
  const source = sourceOf(firing, catalog);
  const expanded = replaceMacros(template, (name) => macros.get(name)?.(source));
  const { idempotencyId } = firing;
  if (method === 'GET') return { method, url: expanded, idempotencyId };
  const [url = '', ...query] = expanded.split('?');
  return { method, url, body: query.join('?'), idempotencyId };
}

export const postbackMacroNames = (): readonly string[] => [...macros.keys()];

/** TUNE has these macros. Keeptrack keeps no address where postbacks could read it, and has no customer ids. */
export const emptyMacros: readonly string[] = ['session_ip', 'ip', 'customer_id', 'country_code'];

/** Whose facts a postback's URL has macros for. Looking facts up takes reads of S3. */
export interface FactsNeeded {
  readonly ofClick: boolean;
  readonly ofReport: boolean;
}

export function factsNeeded({ url }: Pick<Postback, 'url'>): FactsNeeded {
  const names: string[] = [];
  replaceMacros(url, (name) => void names.push(name));
  return {
    ofClick: names.some((name) => macrosOfClick.has(name)),
    ofReport: names.some((name) => macrosOfReport.has(name)),
  };
}

interface PostbackSource extends CommonSource {
  readonly firing: PostbackFiring;
  readonly goal: { readonly name?: string; readonly ref?: string } | undefined;
}

function sourceOf(firing: PostbackFiring, catalog: PostbackNames): PostbackSource {
  const { offerId, affiliateId, goalId, clickFacts } = firing;
  const offer = catalog.offers.get(offerId);
  const advertiser = offer && catalog.advertisers.get(offer.advertiser_id);
  const creative = catalog.creatives.get(Number(clickFacts['file_id']));
  return {
    firing,
    offer: offer ?? { id: offerId },
    goal: offer?.goals.find(({ id }) => id === goalId),
    affiliate: catalog.affiliates.get(affiliateId) ?? { id: affiliateId },
    ...(advertiser && { advertiser }),
    ...(creative && { creative }),
    offerUrlId: clickFacts['url_id'] ?? '',
    transactionId: firing.transactionId ?? '',
    nowMs: firing.atMs,
  };
}

const clickMacros = namedAfter(affiliateNames, (name, { clickFacts }) => clickFacts[name]);
const deviceMacros = namedAfter(
  deviceNames,
  (name, { clickFacts, reportFacts }) => clickFacts[name] ?? reportFacts[name],
);
const reportMacros = namedAfter([...conversionFieldNames], (name, { reportFacts }) => reportFacts[name]);

/** `file_name` is that of the click's creative. */
const macrosOfClick: ReadonlySet<string> = new Set([
  ...[...Object.keys(clickMacros), ...Object.keys(deviceMacros)],
  ...['aff_sub1', 'affiliate_click_id', 'offer_file_id', 'offer_url_id', 'file_name'],
]);
const macrosOfReport: ReadonlySet<string> = new Set([...Object.keys(reportMacros), ...Object.keys(deviceMacros)]);

function namedAfter(
  names: readonly string[],
  find: (name: string, firing: PostbackFiring) => string | undefined,
): Readonly<Record<string, (source: PostbackSource) => string | undefined>> {
  return Object.fromEntries(names.map((name) => [name, ({ firing }) => find(name, firing)]));
}

const macros = new Map(
  encodedMacros<PostbackSource>({
    ...Object.fromEntries(emptyMacros.map((name) => [name, () => ''])),
    ...commonMacros,
    ...clickMacros,
    ...reportMacros,
    ...deviceMacros,
    aff_sub1: ({ firing }) => firing.clickFacts['aff_sub'],
    affiliate_click_id: ({ firing }) => firing.clickFacts['aff_click_id'],
    offer_file_id: ({ firing }) => firing.clickFacts['file_id'],
    goal_id: ({ firing }) => firing.goalId,
    goal_name: ({ goal }) => goal?.name,
    goal_ref: ({ goal }) => goal?.ref,
    currency: ({ firing }) => firing.currency,
    payout: ({ firing }) => firing.payout,
    sale_amount: ({ firing }) => firing.amount,
    status: ({ firing }) => firing.standing,
    conversion_id: ({ firing }) => firing.conversionId,
    event_at: ({ firing }) => new Date(firing.reachedAtMs).toISOString(),
    idempotency_id: ({ firing }) => firing.idempotencyId,
    ran: ({ firing }) => randomNumber(firing.idempotencyId),
  }),
);

/** Repeated attempts have the same number, so a partner's proxy may take them for one. */
function randomNumber(idempotencyId: string): number {
  return createHash('sha256').update(idempotencyId).digest().readUInt32BE(0);
}
