/** The links that a drill follows: shapes that affiliates and advertisers really use, over the catalog's own ids. */

export interface LinkIds {
  readonly offerIds: readonly number[];
  readonly affiliateIds: readonly number[];
}

/** Every third click asks for JSON, as servers do that want the transaction id back; the others follow the redirect. */
export function clickLink({ offerIds, affiliateIds }: LinkIds, chance: () => number): string {
  const link = `/aff_c?offer_id=${pick(offerIds, chance)}&aff_id=${pick(affiliateIds, chance)}`;
  const suffix = pick(
    ['', '&aff_sub={clickid}', '&aff_sub=drill&source=a%20b&utm_medium=mail', '&aff_unique1=%C3%A9'],
    chance,
  );
  return link + suffix + (chance() < 1 / 3 ? '&format=json' : '');
}

export function impressionLink({ offerIds, affiliateIds }: LinkIds, chance: () => number): string {
  return `/aff_i?offer_id=${pick(offerIds, chance)}&file_id=162&aff_id=${pick(affiliateIds, chance)}`;
}

export function conversionLink(transactionId: string, chance: () => number): string {
  const amount = (1 + Math.floor(chance() * 10_000) / 100).toFixed(2);
  const page = pick(['/aff_lsr?', '/aff_goal?a=lsr&goal_id=2&'], chance);
  return `${page}transaction_id=${transactionId}&amount=${amount}`;
}

/** The first transaction id in a redirect's address or in a JSON answer: 36 base64url characters that are no UUID. */
export function transactionIdIn(text: string): string | undefined {
  return /(?<![\w-])(?![0-9a-f]{8}-)[\w-]{36}(?![\w-])/.exec(text)?.[0];
}

function pick<Item>(items: readonly Item[], chance: () => number): Item {
  const item = items[Math.floor(chance() * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}
