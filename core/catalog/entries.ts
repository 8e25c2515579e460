import type { CatalogContent, Postback } from './catalog.ts';

/** One thing of a catalog that has an id, so that two catalogs can be compared thing by thing. */
export interface ListedEntry {
  readonly kind: string;
  /** The same in both catalogs. */
  readonly key: string;
  /** The key of the offer of a goal or a URL. */
  readonly parent?: string;
  /** For people: `offer 8 Shoes`. */
  readonly label: string;
  /** Without the id and the things that are entries themselves. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** All things of a catalog by their keys, in the order of the file's sections. */
export function listEntries(content: CatalogContent): ReadonlyMap<string, ListedEntry> {
  const { network, advertisers, affiliates, offers, creatives } = content;
  const { affiliate_offers = [], affiliate_terms = [], affiliate_caps = [], postbacks = [] } = content;
  const entries: readonly ListedEntry[] = [
    { kind: 'network', key: 'network', label: 'network', fields: { ...network } },
    ...advertisers.map((one) => named('advertiser', one)),
    ...affiliates.map((one) => named('affiliate', one)),
    ...offers.flatMap(({ urls, goals, ...offer }) => {
      const entry = named('offer', offer);
      return [
        entry,
        ...urls.map((url) => inside(entry, named('URL', { name: '', ...url }))),
        ...goals.map((goal) => inside(entry, named('goal', goal))),
      ];
    }),
    ...creatives.map((one) => named('creative', one)),
    ...affiliate_offers.map((one) => {
      const { affiliate_id: affiliateId, offer_id: offerId } = one;
      const label = `affiliate ${affiliateId} at offer ${offerId}`;
      return { kind: 'approval', key: label, label, fields: { approval_status: one.approval_status } };
    }),
    ...affiliate_terms.map((one) => {
      const { affiliate_id: affiliateId, offer_id: offerId, goal_id: goalId, valid_from: from } = one;
      const goal = goalId === undefined ? '' : `, goal ${goalId}`;
      const label = `terms of affiliate ${affiliateId} at offer ${offerId}${goal}${from ? ` from ${from}` : ''}`;
      return { kind: 'terms', key: label, label, fields: { ...one } };
    }),
    ...affiliate_caps.map(({ affiliate_id: affiliateId, offer_id: offerId, ...fields }) => {
      const label = `caps of affiliate ${affiliateId} at offer ${offerId}`;
      return { kind: 'caps', key: label, label, fields };
    }),
    ...(content.alerts ?? []).map(({ id, ...fields }) => {
      const key = `alert ${id}`;
      return { kind: 'alert', key, label: key, fields };
    }),
    ...postbacks.map(({ id, ...fields }) => {
      const key = `postback ${id}`;
      return { kind: 'postback', key, label: `${key} of ${whoseText(fields)}`, fields };
    }),
  ];
  return new Map(entries.map((entry) => [entry.key, entry]));
}

function whoseText({ affiliate_id: affiliateId, offer_id: offerId }: Omit<Postback, 'id'>): string {
  const affiliate = affiliateId === 0 ? 'all affiliates' : `affiliate ${affiliateId}`;
  return `${affiliate} at ${offerId === 0 ? 'all offers' : `offer ${offerId}`}`;
}

function named(kind: string, { id, ...fields }: { readonly id: number; readonly name: string }): ListedEntry {
  const key = `${kind} ${id}`;
  return { kind, key, label: `${key} ${fields.name}`.trim(), fields };
}

function inside(offer: ListedEntry, entry: ListedEntry): ListedEntry {
  return {
    ...entry,
    key: `${offer.key}, ${entry.key}`,
    parent: offer.key,
    label: `${offer.label}, ${entry.label}`,
  };
}
