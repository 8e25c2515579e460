import type { Catalog, Offer } from '../../core/catalog/catalog.ts';
import { readTransactionId } from '../../core/event/transaction-id.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, hourStart } from '../../core/log/log-key.ts';
import { conversionKey, scopedConversionKey } from '../../core/tracking/conversion-key.ts';
import { noParameters } from '../../core/tracking/input/parameters.ts';

/** How an operator names a conversion. */
export type ConversionReference =
  | { readonly kind: 'key'; readonly key: string }
  /** Any event of the conversion. */
  | { readonly kind: 'event'; readonly eventId: string }
  | {
      readonly kind: 'transaction';
      readonly transactionId: string;
      /** Absent = any goal of the offer. */
      readonly goalId?: number;
      /** The advertiser's own id, where one click can have several conversions. */
      readonly uniqueId?: string;
    };

const keyShape = /^[0-9a-f]{32}$/;
const eventShape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Undefined for text that names no conversion. Blanks around an id, and capitals where they mean nothing, are fine. */
export function parseReference(text: string): ConversionReference | undefined {
  const id = text.trim();
  const small = id.toLowerCase();
  if (keyShape.test(small)) return { kind: 'key', key: small };
  if (eventShape.test(small)) return { kind: 'event', eventId: small };
  return readTransactionId(id) && { kind: 'transaction', transactionId: id };
}

type TransactionReference = Extract<ConversionReference, { kind: 'transaction' }>;

/**
 * The keys that the conversions of the transaction may have. Without a catalog only the default goal is known. A goal
 * that the catalog does not know has another key, and so has a conversion with the advertiser's own id.
 */
export function candidateKeys(
  { transactionId, goalId, uniqueId = '' }: TransactionReference,
  catalog: Catalog | undefined,
): readonly string[] {
  const offer = offerOf(transactionId, catalog);
  const goals = goalId === undefined ? [0, ...(offer?.goals ?? []).map(({ id }) => id)] : [goalId];
  const parameters = { ...noParameters, known: new Map([['conversion_unique_id', uniqueId]]) };
  return goals.map(
    (goal) =>
      (offer && scopedConversionKey(offer, goal, parameters)) ?? conversionKey(transactionId, goal, true, parameters),
  );
}

function offerOf(transactionId: string, catalog: Catalog | undefined): Offer | undefined {
  return catalog?.offers.get(readTransactionId(transactionId)?.offerId ?? 0);
}

/** Whether the click may have conversions with ids of the advertiser's own, which the reference does not tell apart. */
export function mayMeanSeveral(reference: ConversionReference, catalog: Catalog | undefined): boolean {
  if (reference.kind !== 'transaction' || reference.uniqueId !== undefined) return false;
  const { transactionId, goalId } = reference;
  const offer = offerOf(transactionId, catalog);
  if ((offer?.unique_id_scope ?? 'click') !== 'click') return true;
  const { goals = [], allow_multiple_conversions: usual = false } = offer ?? {};
  const named = goals.filter(({ id }) => goalId === undefined || id === goalId);
  const hasDefault = goalId === undefined || goalId === 0;
  return (hasDefault && usual) || named.some(({ allow_multiple_conversions: allowed = usual }) => allowed);
}

/**
 * Starts of the hours in which a conversion of the transaction is searched that its keys do not find: some days from the
 * click on. None when the reference names a goal or an id of the advertiser's own, because these have known keys.
 */
export function hoursToSearch(reference: ConversionReference, nowMs: number): readonly number[] {
  if (reference.kind !== 'transaction' || reference.goalId !== undefined || reference.uniqueId !== undefined) return [];
  const clickMs = readTransactionId(reference.transactionId)?.clickedAtMs ?? nowMs;
  const hours = Array.from({ length: searchHoursAfterClick }, (_, index) => hourStart(clickMs) + index * hourMs);
  return hours.filter((hour) => hour <= nowMs);
}

const { searchHoursAfterClick } = limits.decisions;
