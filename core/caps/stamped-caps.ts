import { type Cap, capOf, limitText } from './cap.ts';

/**
 * The caps that hold for an event, as text on its line: `conversion_cap=100 affiliate:monthly_payout_cap=12.5`. A cap
 * without prefix is the offer's. So a cap that an operator changes in the middle of the day holds for later events
 * only, and what is over a cap follows from the log alone.
 */

export interface StampedCap extends Cap {
  /** Whether the cap is the affiliate's at the offer. Otherwise the offer's as a whole. */
  readonly isAffiliates: boolean;
}

const prefix = 'affiliate:';

/** Empty for no caps. */
export function formatStampedCaps(caps: readonly StampedCap[]): string {
  return caps.map((cap) => `${cap.isAffiliates ? prefix : ''}${cap.name}=${limitText(cap)}`).join(' ');
}

/** More than all caps of an offer and of an affiliate need together. */
const charactersMax = 1_500;

/** Undefined for any text that is no list of different caps. */
export function parseStampedCaps(text: unknown): readonly StampedCap[] | undefined {
  if (typeof text !== 'string' || text.length > charactersMax) return undefined;
  const parts = text.split(' ');
  const owned = new Set<string>();
  const caps = parts.flatMap((part) => {
    const [, affiliates, name = '', limit = ''] = /^(affiliate:)?([a-z_]+)=([\d.]+)$/.exec(part) ?? [];
    const cap = capOf(name, limit);
    owned.add(`${affiliates}${name}`);
    return cap ? [{ ...cap, isAffiliates: affiliates !== undefined }] : [];
  });
  return caps.length === parts.length && owned.size === parts.length ? caps : undefined;
}
