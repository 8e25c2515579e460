import { capNames, isCapName } from '../caps/cap.ts';
import { isAbove, parseExactDecimal } from '../money/decimal.ts';
import { affiliateTermsAt, indexAffiliateTerms } from './affiliate-terms.ts';
import type { AffiliateTermsIndex, CatalogContent, Offer } from './catalog.ts';
import { type ListedEntry, listEntries } from './entries.ts';

/** What publishing a catalog changes, one change of one field each. */
export interface CatalogChange {
  /** For example `offer 488 Game, goal 7 Level ten`. */
  readonly what: string;
  readonly change: 'new' | 'removed' | 'changed';
  /** Absent for what is new or removed as a whole. */
  readonly field?: string;
  readonly before?: string;
  readonly after?: string;
  /** What follows for links and money, in words. */
  readonly effect?: string;
}

/** `before` is undefined when nothing is published yet. `nowMs`: when the catalog would be published. */
export function diffCatalogs(
  before: CatalogContent | undefined,
  after: CatalogContent,
  nowMs: number,
): readonly CatalogChange[] {
  const [old, fresh] = [before ? listEntries(before) : new Map<string, ListedEntry>(), listEntries(after)];
  const isNews = (entry: ListedEntry, others: ReadonlyMap<string, ListedEntry>) =>
    !others.has(entry.key) && (entry.parent === undefined || others.has(entry.parent));
  const lookups: After = {
    offersById: new Map(after.offers.map((offer) => [offer.id, offer])),
    terms: indexAffiliateTerms(after.affiliate_terms ?? []),
    nowMs,
  };
  const removed = [...old.values()].filter((entry) => isNews(entry, fresh)).map(removal);
  const others = [...fresh.values()].flatMap((entry) => {
    const earlier = old.get(entry.key);
    if (earlier !== undefined) return fieldChanges(earlier, entry, nowMs);
    return isNews(entry, old) ? [addition(entry, lookups)] : [];
  });
  return [...others, ...removed];
}

/** One line: `offer 8 Shoes: payout 2.00 -> 2.50; pays more from now on`. */
export function changeText({ what, change, field, before, after, effect }: CatalogChange): string {
  const words = change === 'changed' ? `${field} ${before} -> ${after}` : change;
  const given = change === 'new' && after ? ` (${after})` : '';
  return `${what}: ${words}${given}${effect ? `; ${effect}` : ''}`;
}

function removal({ kind, label }: ListedEntry): CatalogChange {
  const effect = removalEffects[kind];
  return { what: label, change: 'removed', ...(effect && { effect }) };
}

const removalEffects: Readonly<Record<string, string>> = {
  offer: 'its clicks go to the default URL, and its conversions wait as offer-unknown',
  affiliate: 'its clicks are credited to nobody; conversions of earlier clicks still count',
  advertiser: 'nobody can prove to be this advertiser',
  goal: 'its conversions wait as goal-unknown',
  terms: 'its earlier terms or the usual ones hold from now on',
  approval: 'whether the affiliate may use the offer follows from the offer alone',
  caps: 'only the caps of the offer hold for the affiliate',
  alert: 'nobody is told of this any more',
  postback: 'fires for no further conversion',
};

function addition(entry: ListedEntry, lookups: After): CatalogChange {
  const { kind, label, fields } = entry;
  if (kind === 'terms') return { what: label, change: 'new', ...termsNews(fields, lookups) };
  const after = shownWhenNew.flatMap((field) =>
    fields[field] === undefined ? [] : [`${field} ${textOf(field, fields)}`],
  );
  return { what: label, change: 'new', ...(after.length > 0 && { after: after.join(', ') }) };
}

const shownWhenNew = [
  ...['status', 'approval_status', 'payout', 'revenue', 'currency', 'offer_url', 'on', 'url'],
  ...['cap_mode', ...capNames, 'measure'],
];

type Fields = ListedEntry['fields'];
const sides = ['payout', 'revenue'] as const;
type Side = (typeof sides)[number];

/** The catalog to be published, for look-ups. */
interface After {
  readonly offersById: ReadonlyMap<unknown, Offer>;
  readonly terms: AffiliateTermsIndex;
  readonly nowMs: number;
}

/** Terms of an affiliate, beside what the affiliate gets without them. */
function termsNews(fields: Fields, after: After): Pick<CatalogChange, 'after' | 'effect'> {
  const given = sides
    .filter((side) => fields[`${side}_type`] !== undefined)
    .map((side) => ({ side, without: termsWithout(side, fields, after) }));
  return {
    after: given
      .map(({ side, without }) => `${side} ${moneyText(side, fields)} instead of ${moneyText(side, without)}`)
      .join(', '),
    effect: `${given.map(({ side, without }) => moneyEffect(side, without, fields)).join(', ')} ${fromWhen(fields, after.nowMs)}`,
  };
}

/** What holds for the affiliate when these terms begin, if they did not. */
function termsWithout(side: Side, fields: Fields, { offersById, terms, nowMs }: After): Fields {
  const { affiliate_id: affiliateId, offer_id: offerId, goal_id: goalId, valid_from: from } = fields;
  const own = (goal: unknown, timeMs: number) =>
    affiliateTermsAt(terms, side, [Number(offerId), Number(affiliateId), Number(goal)], timeMs);
  const fromMs = typeof from === 'string' ? Date.parse(from) : undefined;
  const earlier = fromMs === undefined ? undefined : own(goalId ?? 0, fromMs - 1);
  const offer = offersById.get(offerId);
  const goal = offer?.goals.find(({ id }) => id === goalId);
  const ofGoal = goal?.[`${side}_type`] ? goal : undefined;
  const ofOffer = goalId === undefined ? undefined : own(0, Math.max(fromMs ?? nowMs, nowMs));
  return { ...(earlier ?? ofGoal ?? ofOffer ?? offer) };
}

function fieldChanges(old: ListedEntry, fresh: ListedEntry, nowMs: number): readonly CatalogChange[] {
  const names = new Set([...Object.keys(old.fields), ...Object.keys(fresh.fields)].map(nameShown));
  return [...names].flatMap((field) => {
    const [before, after] = [textOf(field, old.fields), textOf(field, fresh.fields)];
    if (before === after) return [];
    const effect = isSide(field)
      ? `${moneyEffect(field, old.fields, fresh.fields)} ${fromWhen(fresh.fields, nowMs)}`
      : isCapName(field)
        ? capEffect(old.fields[field], fresh.fields[field])
        : effectOf(fresh.kind, field, fresh.fields[field]);
    const shown = isSecret(field)
      ? { before: secretText(before, 'one'), after: secretText(after, 'another') }
      : { before, after };
    return [{ what: fresh.label, change: 'changed', field, ...shown, ...(effect && { effect }) } as const];
  });
}

/** Type, amount and percent of one side are one thing. */
function nameShown(field: string): string {
  return /^(payout|revenue)_(type|percent)$/.exec(field)?.[1] ?? field;
}

function isSecret(field: string): boolean {
  return field === 'security_token_hash';
}

function secretText(value: string, word: string): string {
  return value === 'none' ? value : word;
}

function isSide(field: string): field is Side {
  return field === 'payout' || field === 'revenue';
}

function textOf(field: string, fields: Fields): string {
  if (isSide(field)) return moneyText(field, fields);
  const value = fields[field];
  if (value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function moneyText(side: Side, fields: Fields = {}): string {
  const { [`${side}_type`]: type, [side]: flat = '0', [`${side}_percent`]: percent = '0' } = fields;
  if (type === undefined) return "the offer's";
  if (type === 'cpa_percentage') return `${percent} %`;
  if (type === 'cpa_both') return `${flat} and ${percent} %`;
  return type === 'cpa_flat' ? `${flat}` : `${flat} ${type}`;
}

/** 0 is the same as none. Each limit is exact text or a whole number. */
function capEffect(before: unknown, after: unknown): string {
  const [old, fresh] = [`${before ?? 0}`, `${after ?? 0}`];
  if (Number(fresh) === 0) return 'caps nothing any more';
  if (Number(old) === 0) return 'counts from the beginning of its period';
  return signOf(old, fresh) === 1
    ? 'opens again within minutes if it was reached'
    : 'closes within minutes if it is reached; earlier events keep the old cap';
}

/** What a change of a field does, where an operator might not see it. `after` is its new value. */
function effectOf(kind: string, field: string, after: unknown): string | undefined {
  const [expected, then, otherwise] = effects[`${kind}.${field}`] ?? [];
  return after === expected ? then : otherwise;
}

const usualFallback = 'its clicks go to its redirect offer or the default URL';
const goesThere = 'clicks go there';

/** By kind and field: a new value, what it does, and what any other new value does. */
const effects: Readonly<Record<string, readonly [expected: unknown, then: string, otherwise: string]>> = {
  'offer.currency': [undefined, '', 'all amounts of the offer are in this currency from now on'],
  'offer.status': ['active', 'takes clicks', usualFallback],
  'offer.offer_url': [undefined, '', goesThere],
  'URL.url': [undefined, '', goesThere],
  'offer.cap_mode': [
    'hard',
    'what comes above a cap from now on is not paid',
    'what comes above a cap from now on is paid',
  ],
  'offer.over_cap': [
    'pending',
    'conversions above a cap wait for a decision from now on',
    'conversions above a cap are rejected from now on',
  ],
  'offer.caps_count_goals': [true, 'conversions of all goals count', 'conversions of the default goal alone count'],
  'postback.url': [undefined, '', 'postbacks go there'],
  'postback.status': ['active', 'fires', 'fires for no further conversion'],
  'affiliate.status': ['active', 'is credited', 'its clicks are credited to nobody'],
  'approval.approval_status': ['approved', 'may use the offer', 'conversions of earlier clicks still count'],
  'advertiser.security_token_hash': [undefined, 'postbacks need no token', 'postbacks need the new token'],
  'advertiser.ip_whitelist': [
    undefined,
    'postbacks may come from anywhere',
    'postbacks from other addresses are rejected',
  ],
};

/** No terms reach back: what was captured before keeps its money. */
function fromWhen({ valid_from: from }: Fields, nowMs: number): string {
  return typeof from === 'string' && Date.parse(from) > nowMs ? 'from then on' : 'from now on';
}

function moneyEffect(side: Side, before: Fields | undefined, after: Fields): string {
  const [more, less] = side === 'payout' ? ['pays more', 'pays less'] : ['earns more', 'earns less'];
  const isSameType = before?.[`${side}_type`] === after[`${side}_type`];
  const signs = [side, `${side}_percent`].map((field) => signOf(before?.[field], after[field]));
  if (isSameType && signs.includes(1) && !signs.includes(-1)) return more;
  if (isSameType && signs.includes(-1) && !signs.includes(1)) return less;
  return isSameType && signs.every((sign) => sign === 0) ? `${side} stays the same` : `another ${side}`;
}

function signOf(before: unknown, after: unknown): number {
  const [one, other] = [parseExactDecimal(before ?? '0'), parseExactDecimal(after ?? '0')];
  if (one === undefined || other === undefined) return 0;
  return Number(isAbove(other, one)) - Number(isAbove(one, other));
}
