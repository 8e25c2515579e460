import { z } from 'zod';
import { limits } from '../limits/limits.ts';
import { isNetwork } from '../tracking/input/ip-address.ts';
import { alertList } from './alert-schema.ts';
import { affiliateCaps, capAlertPercent, offerCaps } from './cap-schema.ts';
import {
  affiliateStatuses,
  approvalStatuses,
  conversionMoneyTypes,
  moneyTypes,
  offerStatuses,
  uniqueIdScopes,
} from './catalog.ts';
import { decimal, id, name, whole } from './plain-fields.ts';
import { postback } from './postback-schema.ts';
import { appSchemes, pageUrlProblem, urlTemplateProblem } from './url-template.ts';

/**
 * The shape of a catalog file, field by field. Rules for two fields or two entries are in references.ts, which reports
 * them even when the shape is wrong. Unknown fields are refused, because most of them are typing errors.
 */

const currency = z.string().regex(/^[A-Z]{3}$/, 'must be a currency such as USD');

const urlWithout = (problemOf: (url: string) => string | undefined) =>
  z.string().superRefine((url, context) => {
    const problem = problemOf(url);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });
const webUrl = urlWithout(urlTemplateProblem);
/** The page of an offer: a web URL or an app link. */
const pageUrl = urlWithout(pageUrlProblem);

const percent = decimal.refine((text) => Number(text) <= 100, 'must be at most 100');

const lastDay = z.string().refine(isDay, 'must be a day written as YYYY-MM-DD');

const host = z
  .string()
  .regex(
    /^(\*\.)?([a-z0-9-]+\.)+[a-z0-9-]+$/,
    'must be a host such as www.example.com or *.example.com, in lower case',
  );

const network = z.strictObject({
  name,
  default_url: webUrl.optional(),
  currency: currency.default('USD'),
  cap_alert_percent: capAlertPercent.optional(),
});

/** Every event contains a part of the token's hash. A reader of the log could find a shorter token by trial. */
const tokenCharactersMin = 16;

/** YAML reads 1 as a number. The advertiser posts it as text. */
const statusWords = z
  .array(z.union([z.string(), z.number()]).transform(String).pipe(z.string().trim().min(1, 'must not be empty')))
  .max(50, 'must have at most 50 words');

/** Conversions of older clicks wait for a person in any case. */
const sessionHoursMax = limits.figures.clickAgeDaysMax * 24;

const advertiser = z.strictObject({
  id,
  name,
  ref: name.optional(),
  security_token: z
    .string({ error: 'must be a text (in quotation marks when it looks like a number)' })
    .min(tokenCharactersMin, `must have at least ${tokenCharactersMin} characters`)
    .max(limits.link.subIdCharactersMax, `must have at most ${limits.link.subIdCharactersMax} characters`)
    .regex(/^[\x21-\x7e]+$/, 'must have no spaces and no letters beyond ASCII')
    .optional(),
  /** Instead of the token, for a file that others read. */
  security_token_hash: z
    .string({ error: 'must be the SHA-256 of the token as 64 hex digits' })
    .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the token as 64 hex digits')
    .optional(),
  signed_postbacks: z.boolean().optional(),
  postback_keys: z
    .array(whole(1, 1_000))
    .min(1, 'must name at least one key')
    .max(2, 'must have at most two keys')
    .optional(),
  ip_whitelist: z
    .array(z.string().refine(isNetwork, 'must be an address or a network such as 203.0.113.0/24 or 2001:db8::/32'))
    .min(1, 'must name at least one address or network')
    .max(100, 'must name at most 100 addresses and networks')
    .optional(),
  status_words: z
    .strictObject({
      approved: statusWords.optional(),
      pending: statusWords.optional(),
      rejected: statusWords.optional(),
    })
    .optional(),
  decimal_mark: z.enum(['.', ',']).optional(),
  amount_unit: z.enum(['major', 'minor']).optional(),
});

const affiliate = z.strictObject({
  id,
  name,
  ref: name.optional(),
  status: z.enum(affiliateStatuses).default('active'),
});

/** These have no defaults, so a catalog that does not use them keeps its version when a release adds a rule. */
const conversionRules = {
  allow_multiple_conversions: z.boolean().optional(),
  approve_conversions: z.boolean().optional(),
  allow_posted_payout: z.boolean().optional(),
  allow_posted_revenue: z.boolean().optional(),
};

const goal = z.strictObject({
  id,
  name,
  ref: name.optional(),
  payout_type: z.enum(conversionMoneyTypes).optional(),
  payout: decimal.optional(),
  payout_percent: percent.optional(),
  revenue_type: z.enum(conversionMoneyTypes).optional(),
  revenue: decimal.optional(),
  revenue_percent: percent.optional(),
  ...conversionRules,
});

const offer = z.strictObject({
  id,
  name,
  ref: name.optional(),
  advertiser_id: id,
  status: z.enum(offerStatuses).default('active'),
  expiration_date: lastDay.optional(),
  offer_url: pageUrl,
  app_schemes: z.array(z.enum(appSchemes)).min(1, 'must name at least one scheme').optional(),
  urls: z.array(z.strictObject({ id, name: name.optional(), url: pageUrl })).default([]),
  allow_website_links: z.boolean().default(false),
  /** Absent: the host of `offer_url`. */
  website_hosts: z.array(host).min(1, 'must name at least one host').optional(),
  website_links_copy_static_params: z.boolean().default(true),
  show_custom_variables: z.boolean().default(false),
  require_approval: z.boolean().optional(),
  is_private: z.boolean().optional(),
  redirect_offer_id: id.optional(),
  trusts_visitors: z.boolean().optional(),
  posted_amount_max: decimal.optional(),
  unique_id_scope: z.enum(uniqueIdScopes).optional(),
  session_hours: whole(1, sessionHoursMax).optional(),
  min_seconds_to_conversion: whole(0, 86_400).optional(),
  pay_unique_clicks_only: z.boolean().optional(),
  /** Absent: the network's currency. */
  currency: currency.optional(),
  payout_type: z.enum(moneyTypes).default('cpa_flat'),
  payout: decimal.default('0'),
  payout_percent: percent.optional(),
  revenue_type: z.enum(moneyTypes).default('cpa_flat'),
  revenue: decimal.default('0'),
  revenue_percent: percent.optional(),
  goals: z.array(goal).default([]),
  ...conversionRules,
  ...offerCaps,
});

const creative = z.strictObject({ id, offer_id: id, name, file_name: name });

const affiliateOffer = z.strictObject({
  affiliate_id: id,
  offer_id: id,
  approval_status: z.enum(approvalStatuses),
});

/** A day means its first moment. The text is always UTC, so that one moment has one text. */
const moment = z.string().transform((text, context) => {
  const time = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/.exec(text);
  const timeMs = time && isDay(time[1] ?? '') ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return new Date(timeMs).toISOString().replace('.000Z', 'Z');
  context.addIssue({
    code: 'custom',
    message: 'must be a day in UTC or a time such as 2026-12-01T00:00Z or 2026-12-01T00:00+01:00',
  });
  return z.NEVER;
});

const affiliateTerms = z.strictObject({
  affiliate_id: id,
  offer_id: id,
  goal_id: id.optional(),
  valid_from: moment.optional(),
  payout_type: z.enum(moneyTypes).optional(),
  payout: decimal.optional(),
  payout_percent: percent.optional(),
  revenue_type: z.enum(moneyTypes).optional(),
  revenue: decimal.optional(),
  revenue_percent: percent.optional(),
});

export const catalogSchema = z.strictObject({
  network,
  advertisers: z.array(advertiser).default([]),
  affiliates: z.array(affiliate).default([]),
  offers: z.array(offer).default([]),
  creatives: z.array(creative).default([]),
  // Without defaults, like the rules above.
  affiliate_offers: z.array(affiliateOffer).optional(),
  affiliate_terms: z.array(affiliateTerms).optional(),
  affiliate_caps: z.array(affiliateCaps).optional(),
  postbacks: z.array(postback).optional(),
  alerts: alertList.optional(),
});

function isDay(text: string): boolean {
  const timeMs = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(text);
}
