import type { CapFields, OfferCapFields, OfferCaps } from '../caps/cap.ts';
import type { AlertRule } from './alert-rule.ts';
import type { AppScheme } from './url-template.ts';

/**
 * The catalog: the offers, affiliates and so on that links name. Fields have the names that affiliate teams know. Ids
 * are whole numbers from 1 that fit 32 bits, because transaction ids contain them. Money is a decimal as text, because
 * a float would not be exact.
 */

export interface CatalogContent {
  readonly network: Network;
  readonly advertisers: readonly Advertiser[];
  readonly affiliates: readonly Affiliate[];
  readonly offers: readonly Offer[];
  readonly creatives: readonly Creative[];
  readonly affiliate_offers?: readonly AffiliateOffer[];
  readonly affiliate_terms?: readonly AffiliateTerms[];
  readonly affiliate_caps?: readonly AffiliateCaps[];
  readonly postbacks?: readonly Postback[];
  readonly alerts?: readonly AlertRule[];
}

/** A catalog ready for look-ups by id. */
export interface Catalog {
  /** 12 hex characters that follow from the content; every event carries them. */
  readonly version: string;
  readonly network: Network;
  readonly advertisers: ReadonlyMap<number, Advertiser>;
  readonly affiliates: ReadonlyMap<number, Affiliate>;
  readonly offers: ReadonlyMap<number, Offer>;
  readonly creatives: ReadonlyMap<number, Creative>;
  /** By offer, then by affiliate. */
  readonly approvals: ReadonlyMap<number, ReadonlyMap<number, ApprovalStatus>>;
  readonly affiliateTerms: AffiliateTermsIndex;
  /** By offer: those with a cap of their own, or with one of an affiliate. */
  readonly caps: ReadonlyMap<number, OfferCaps>;
  readonly postbacks: ReadonlyMap<number, Postback>;
  readonly alerts: readonly AlertRule[];
}

export interface Network {
  readonly name: string;
  /** Where a click goes when neither its offer nor a redirect offer can take it. */
  readonly default_url?: string;
  /** The currency of offers without their own: three letters, ISO 4217. */
  readonly currency: string;
  /** A cap of which so much is used is told to the operator. Absent = 90. */
  readonly cap_alert_percent?: number;
}

export interface Advertiser {
  readonly id: number;
  readonly name: string;
  readonly ref?: string;
  /** Hex SHA-256 of the token in its postbacks. So nobody who reads a snapshot can pose as the advertiser. */
  readonly security_token_hash?: string;
  /** Its postbacks must be signed. With a token as well, each postback needs one of the two. */
  readonly signed_postbacks?: boolean;
  /** Numbers of the keys that count; absent = 1 alone. Two while the advertiser changes a key that it lost. */
  readonly postback_keys?: readonly number[];
  /** Where its postbacks must come from: addresses and CIDR networks, IPv4 and IPv6. Absent = from anywhere. */
  readonly ip_whitelist?: readonly string[];
  /** Its own words for a conversion's status, besides the usual ones. Case and blanks do not matter. */
  readonly status_words?: Readonly<Partial<Record<'approved' | 'pending' | 'rejected', readonly string[]>>>;
  /**
   * The decimal mark of its amounts, where three digits follow a single mark. Absent = `.`: `1,234` is above a
   * thousand.
   */
  readonly decimal_mark?: '.' | ',';
  /** `minor`: its amounts are whole cents; absent = `major`. */
  readonly amount_unit?: 'major' | 'minor';
}

export const affiliateStatuses = ['active', 'pending', 'blocked', 'rejected', 'deleted'] as const;

export interface Affiliate {
  readonly id: number;
  readonly name: string;
  readonly ref?: string;
  readonly status: (typeof affiliateStatuses)[number];
}

/** Where a `conversion_unique_id` counts once. */
export const uniqueIdScopes = ['click', 'offer', 'advertiser', 'network'] as const;

export const offerStatuses = ['active', 'paused', 'pending', 'expired', 'deleted'] as const;
/** How conversions are paid. `cpc` and `cpm` pay for clicks and impressions. */
export const conversionMoneyTypes = ['cpa_flat', 'cpa_percentage', 'cpa_both'] as const;
export const moneyTypes = [...conversionMoneyTypes, 'cpc', 'cpm'] as const;
type MoneyType = (typeof moneyTypes)[number];

/** How conversions are accepted. An absent rule means no at an offer, and the offer's rule at a goal. */
interface ConversionRules {
  /** Several conversions of one click count, each with a `conversion_unique_id` or `adv_sub` of its own. */
  readonly allow_multiple_conversions?: boolean;
  /** Conversions are recorded as pending, until a person approves them. */
  readonly approve_conversions?: boolean;
  /** The `payout` / `revenue` of the postback replaces that of the catalog. */
  readonly allow_posted_payout?: boolean;
  readonly allow_posted_revenue?: boolean;
}

export interface Offer extends ConversionRules, OfferCapFields {
  readonly id: number;
  readonly name: string;
  readonly ref?: string;
  readonly advertiser_id: number;
  readonly status: (typeof offerStatuses)[number];
  /** The last day, `YYYY-MM-DD` in UTC, on which the offer takes clicks. */
  readonly expiration_date?: string;
  /** May contain macros such as `{transaction_id}` behind the host. Also an app link of a scheme in `app_schemes`. */
  readonly offer_url: string;
  readonly app_schemes?: readonly AppScheme[];
  /** Other landing pages, chosen by `url_id`. */
  readonly urls: readonly OfferUrl[];
  /** Whether affiliates may send visitors to a page of their choice (`url=`) on `website_hosts`. */
  readonly allow_website_links: boolean;
  /** Hosts such as `www.example.com`. `*.example.com` stands for every name below it, but not for `example.com`. */
  readonly website_hosts: readonly string[];
  /** Whether a deep link gets the query parameters of `offer_url`, such as the transaction id. */
  readonly website_links_copy_static_params: boolean;
  /** Whether `{params}` expands to the parameters that Keeptrack does not know. */
  readonly show_custom_variables: boolean;
  /**
   * Allows an offer whose postbacks set what is paid although its advertiser cannot prove who sends them. Every visitor
   * can send such a postback, so the catalog refuses such an offer without this field (unproven-pay.ts).
   */
  readonly trusts_visitors?: boolean;
  /** A conversion with a larger posted amount waits for a person. In the offer's currency; absent = a million. */
  readonly posted_amount_max?: string;
  /** Absent = `click`. Beyond the click, an order that is reported for two clicks counts for one of them. */
  readonly unique_id_scope?: (typeof uniqueIdScopes)[number];
  /** A conversion that comes later after its click does not count. Absent = no limit. */
  readonly session_hours?: number;
  /** A conversion that comes sooner after its click does not count. Absent = 0. */
  readonly min_seconds_to_conversion?: number;
  /** For `cpc`: of several clicks of one visitor to one affiliate and day, the first is paid. */
  readonly pay_unique_clicks_only?: boolean;
  /** Only affiliates whose `approval_status` is `approved` may use the offer. */
  readonly require_approval?: boolean;
  /** The same, and the other affiliates are not to see the offer. */
  readonly is_private?: boolean;
  /** The offer for clicks that this offer cannot take. */
  readonly redirect_offer_id?: number;
  readonly currency: string;
  readonly payout_type: MoneyType;
  readonly payout: string;
  /** Percent of the sale's amount, for `cpa_percentage` and `cpa_both`. */
  readonly payout_percent?: string;
  readonly revenue_type: MoneyType;
  readonly revenue: string;
  readonly revenue_percent?: string;
  readonly goals: readonly Goal[];
}

interface OfferUrl {
  readonly id: number;
  readonly name?: string;
  readonly url: string;
}

/**
 * A goal has the offer's payout unless it has a `payout_type`, and the offer's revenue unless it has a `revenue_type`.
 */
export interface Goal extends ConversionRules {
  readonly id: number;
  /** Unique in its offer, and so is `ref`, because postbacks name goals by them. */
  readonly name: string;
  readonly ref?: string;
  readonly payout_type?: (typeof conversionMoneyTypes)[number];
  readonly payout?: string;
  readonly payout_percent?: string;
  readonly revenue_type?: (typeof conversionMoneyTypes)[number];
  readonly revenue?: string;
  readonly revenue_percent?: string;
}

export interface Creative {
  readonly id: number;
  readonly offer_id: number;
  readonly name: string;
  readonly file_name: string;
}

export const approvalStatuses = ['approved', 'pending', 'rejected', 'blocked'] as const;
export type ApprovalStatus = (typeof approvalStatuses)[number];

/** Whether one affiliate may use one offer. */
export interface AffiliateOffer {
  readonly affiliate_id: number;
  readonly offer_id: number;
  readonly approval_status: ApprovalStatus;
}

/**
 * What one affiliate gets for one offer instead of the usual terms: payout, revenue or both. A side that the entry has
 * has its type.
 */
export interface AffiliateTerms {
  readonly affiliate_id: number;
  readonly offer_id: number;
  /** Absent: for the offer and for its goals without terms of their own. */
  readonly goal_id?: number;
  /** ISO time in UTC, for example `2026-12-01T00:00:00Z`. Absent: since ever. */
  readonly valid_from?: string;
  readonly payout_type?: MoneyType;
  readonly payout?: string;
  readonly payout_percent?: string;
  readonly revenue_type?: MoneyType;
  readonly revenue?: string;
  readonly revenue_percent?: string;
}

/** Caps of one affiliate at one offer. Mode and goals are those of the offer. */
export interface AffiliateCaps extends CapFields {
  readonly affiliate_id: number;
  readonly offer_id: number;
}

/**
 * Terms of single affiliates, ready for look-ups on every click: by offer, affiliate and goal. Goal 0 stands for the
 * whole offer. The latest terms are first.
 */
export type AffiliateTermsIndex = ReadonlyMap<number, ReadonlyMap<number, ReadonlyMap<number, readonly DatedTerms[]>>>;

export interface DatedTerms {
  /** Ms since the epoch. */
  readonly fromMs: number;
  readonly terms: AffiliateTerms;
}

export const postbackMethods = ['GET', 'POST'] as const;
export const postbackStatuses = ['active', 'paused'] as const;
/** `reversed`: rejected after it was approved. A conversion that never was approved is `rejected`. */
export const postbackStandings = ['approved', 'pending', 'rejected', 'reversed'] as const;
export type PostbackStanding = (typeof postbackStandings)[number];

/** A URL of an affiliate, called when a conversion of this affiliate reaches one of the standings in `on`. */
export interface Postback {
  readonly id: number;
  /** 0: of every affiliate. */
  readonly affiliate_id: number;
  /** 0: of every offer. */
  readonly offer_id: number;
  /** Absent: the default goal alone. 0: every goal, and the default goal. */
  readonly goal_id?: number;
  /** May contain macros such as `{aff_sub}` behind the host. */
  readonly url: string;
  /** A POST sends the query of `url` as a form. */
  readonly method: (typeof postbackMethods)[number];
  readonly on: readonly PostbackStanding[];
  readonly status: (typeof postbackStatuses)[number];
}
