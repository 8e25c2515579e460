import { parse } from 'yaml';
import { z } from 'zod';
import type { LinkIds } from './links.ts';

const status = z.string().default('active');
const catalog = z.object({
  offers: z.array(z.object({ id: z.number(), status, expiration_date: z.unknown().optional() })),
  affiliates: z.array(z.object({ id: z.number(), status })),
});

/** Ids of a catalog file whose links lead somewhere; whether the rest of the catalog is valid is not judged here. */
export function linkIdsOf(catalogText: string): LinkIds {
  const { offers, affiliates } = catalog.parse(parse(catalogText));
  const running = offers.filter((offer) => offer.status === 'active' && offer.expiration_date === undefined);
  const active = affiliates.filter((affiliate) => affiliate.status === 'active');
  if (running.length === 0 || active.length === 0)
    throw new Error('the catalog has no active offer or no active affiliate');
  return { offerIds: running.map(({ id }) => id), affiliateIds: active.map(({ id }) => id) };
}
