/**
 * What links refer to, under the field names that affiliate teams know. Ids are whole numbers from 1 that fit 32 bits,
 * because a transaction id carries them; money is a decimal kept as text, because a float would not be exact.
 */

export interface CatalogContent {
  readonly network: Network;
  readonly advertisers: readonly Advertiser[];
  readonly affiliates: readonly Affiliate[];
  readonly offers: readonly Offer[];
  readonly creatives: readonly Creative[];
}

/** A snapshot ready for look-ups. */
export interface Catalog {
  /** 12 hex characters that follow from the content; every event carries them. */
  readonly version: string;
  readonly network: Network;
  readonly advertisers: ReadonlyMap<number, Advertiser>;
  readonly affiliates: ReadonlyMap<number, Affiliate>;
  readonly offers: ReadonlyMap<number, Offer>;
  readonly creatives: ReadonlyMap<number, Creative>;
}

export interface Network {
  readonly name: string;
  /** Where a click goes when neither its offer nor a redirect offer takes it. */
  readonly default_url?: string;
  /** Of offers that name none: three letters, ISO 4217. */
  readonly currency: string;
}

export interface Advertiser {
  readonly id: number;
  readonly name: string;
  readonly ref?: string;
  /** SHA-256 of the token that its postbacks have to bring, hex: whoever reads a snapshot cannot pose as the advertiser. */
  readonly security_token_hash?: string;
  /** Where its postbacks have to come from: addresses and CIDR networks, IPv4 and IPv6; absent = from anywhere. */
  readonly ip_whitelist?: readonly string[];
  /** Its own words for a conversion's status, besides the usual ones; case and blanks make no difference. */
  readonly status_words?: Readonly<Partial<Record<'approved' | 'pending' | 'rejected', readonly string[]>>>;
  /** What three digits behind a single mark are in its amounts: absent = `.`, so that `1,234` is a thousand. */
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

export const offerStatuses = ['active', 'paused', 'pending', 'expired', 'deleted'] as const;
/** What a conversion can earn; the others are due by the click and by the impression. */
export const conversionMoneyTypes = ['cpa_flat', 'cpa_percentage', 'cpa_both'] as const;
export const moneyTypes = [...conversionMoneyTypes, 'cpc', 'cpm'] as const;
type MoneyType = (typeof moneyTypes)[number];

/** How conversions are taken; absent means no, at a goal what its offer says. */
interface ConversionRules {
  /** Several conversions of one click count, each with a `conversion_unique_id` or `adv_sub` of its own. */
  readonly allow_multiple_conversions?: boolean;
  /** They wait for a person's approval: recorded as pending. */
  readonly approve_conversions?: boolean;
  /** The postback's own `payout` / `revenue` takes the place of ours. */
  readonly allow_posted_payout?: boolean;
  readonly allow_posted_revenue?: boolean;
}

export interface Offer extends ConversionRules {
  readonly id: number;
  readonly name: string;
  readonly ref?: string;
  readonly advertiser_id: number;
  readonly status: (typeof offerStatuses)[number];
  /** The last day, `YYYY-MM-DD` in UTC, on which the offer takes clicks. */
  readonly expiration_date?: string;
  /** Macros such as `{transaction_id}` may stand anywhere behind the host. */
  readonly offer_url: string;
  /** Other landing pages, chosen by `url_id`. */
  readonly urls: readonly OfferUrl[];
  /** Whether affiliates may send visitors to a page of their choice (`url=`) on `website_hosts`. */
  readonly allow_website_links: boolean;
  /** `www.example.com`, or `*.example.com` for every name below it but not itself. */
  readonly website_hosts: readonly string[];
  /** Whether a deep link gets the query parameters of `offer_url`, above all the transaction id. */
  readonly website_links_copy_static_params: boolean;
  /** Whether `{params}` expands to the parameters that we do not know. */
  readonly show_custom_variables: boolean;
  /**
   * Its advertiser has no proof of who sends a postback, and yet what a postback says sets what is paid. Without this
   * such an offer is refused, because every visitor can send that postback.
   */
  readonly trusts_visitors?: boolean;
  /** Larger posted amounts wait for a person. Exact decimal text in the offer's currency; absent = a million. */
  readonly posted_amount_max?: string;
  /** Takes the clicks that this offer cannot take. */
  readonly redirect_offer_id?: number;
  readonly currency: string;
  readonly payout_type: MoneyType;
  readonly payout: string;
  /** Of the sale amount, for `cpa_percentage` and `cpa_both`. */
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

/** Its payout and its revenue are the offer's, each side unless the goal has a type of its own there. */
export interface Goal extends ConversionRules {
  readonly id: number;
  /** Alone in its offer, and so is `ref`: postbacks name goals by them. */
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
