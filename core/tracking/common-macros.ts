import { encodeValue } from './input/percent.ts';

/** The macros that landing pages and postbacks of affiliates have in common, and how a template is expanded. */

/** Things that the catalog does not hold any more are absent, or have their ids alone. */
export interface CommonSource {
  readonly offer: Named & { readonly advertiser_id?: number };
  /** Id of an entry of the offer's `urls`. Absent for the offer's own URL. */
  readonly offerUrlId?: number | string;
  readonly affiliate?: Named | undefined;
  readonly advertiser?: Pick<Named, 'ref'> | undefined;
  readonly creative?: { readonly file_name: string } | undefined;
  readonly transactionId: string;
  readonly nowMs: number;
}

interface Named {
  readonly id: number;
  readonly name?: string;
  readonly ref?: string;
}

type PlainMacro<Source> = (source: Source) => string | number | undefined;

/** Times are UTC. `{country_code}` is always empty, because nothing in front of Keeptrack looks countries up. */
export const commonMacros: Readonly<Record<string, PlainMacro<CommonSource>>> = {
  transaction_id: ({ transactionId }) => transactionId,
  offer_id: ({ offer }) => offer.id,
  offer_name: ({ offer }) => offer.name,
  offer_ref: ({ offer }) => offer.ref,
  offer_url_id: ({ offerUrlId }) => offerUrlId,
  file_name: ({ creative }) => creative?.file_name,
  affiliate_id: ({ affiliate }) => affiliate?.id,
  affiliate_name: ({ affiliate }) => affiliate?.name,
  affiliate_ref: ({ affiliate }) => affiliate?.ref,
  advertiser_id: ({ offer }) => offer.advertiser_id,
  advertiser_ref: ({ advertiser }) => advertiser?.ref,
  country_code: () => '',
  date: ({ nowMs }) => isoTime(nowMs).slice(0, 10),
  time: ({ nowMs }) => isoTime(nowMs).slice(11, 19),
  datetime: ({ nowMs }) => isoTime(nowMs).slice(0, 19).replace('T', ' '),
};

function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** A macro whose value is encoded for a URL. */
export type Macro<Source> = (source: Source) => string;

export function encodedMacros<Source>(
  plain: Readonly<Record<string, PlainMacro<Source>>>,
): readonly (readonly [string, Macro<Source>])[] {
  return Object.entries(plain).map(([name, value]) => [name, (source) => encodeValue(String(value(source) ?? ''))]);
}

const token = /\{([a-z0-9_]+)\}/g;

/**
 * Replaces each `{macro}` by its value. Unknown macros stay, because the next system may know them. Values are not
 * expanded again, so nobody can smuggle a macro in with a sub id.
 *
 * `expand`: undefined for an unknown macro. `at`: where the macro begins.
 */
export function replaceMacros(template: string, expand: (name: string, at: number) => string | undefined): string {
  return template.replace(token, (unchanged: string, name: string, at: number) => expand(name, at) ?? unchanged);
}
