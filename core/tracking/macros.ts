import type { Advertiser, Affiliate, Creative, Offer } from '../catalog/catalog.ts';
import { fallbackField } from '../catalog/url-template.ts';
import type { Random } from '../ports.ts';
import { affiliateNames, deviceNames } from './input/parameter-names.ts';
import type { Parameters } from './input/parameters.ts';
import { encodeValue } from './input/percent.ts';

/** The values for the macros of a landing page. */
export interface MacroSource {
  readonly offer: Offer;
  /** Id of an entry of `offer.urls`. Absent for the offer's own URL. */
  readonly offerUrlId?: number;
  readonly affiliate?: Affiliate;
  readonly advertiser?: Advertiser;
  readonly creative?: Creative;
  readonly transactionId: string;
  readonly parameters: Parameters;
  readonly ip: string;
  readonly nowMs: number;
  readonly random: Random;
}

const token = /\{([a-z0-9_]+)\}/g;

/**
 * Replaces each `{macro}` by its value, encoded for a URL. Unknown macros stay, because the next system may know them.
 * Values are not expanded again, so nobody can smuggle a macro in with a sub id.
 */
export function expandMacros(template: string, source: MacroSource): string {
  return template.replace(token, (unchanged: string, name: string) => macros.get(name)?.(source) ?? unchanged);
}

/**
 * The same for an app link. Where the link contains an encoded URL or query, a value is encoded once more, because the
 * app decodes the inner text before it reads it.
 */
export function expandAppLink(template: string, source: MacroSource): string {
  return template.replace(token, (unchanged: string, name: string, at: number) => {
    const value = macros.get(name)?.(source);
    if (value === undefined) return unchanged;
    return isInside(template.slice(0, at)) ? encodeValue(value) : value;
  });
}

/** Whether the text ends inside the fallback of an `intent:` link or inside a referrer for the app, which is a query. */
function isInside(before: string): boolean {
  const field = before.slice(before.lastIndexOf(';') + 1);
  return field.startsWith(fallbackField) || /[?&]referrer=[^&#]*%3d[^&#]*$/i.test(before);
}

export const isMacro = (name: string): boolean => macros.has(name);
export const macroNames = (): readonly string[] => [...macros.keys()];

type Macro = (source: MacroSource) => string;

/** `{country_code}` is always empty, because nothing in front of Keeptrack looks countries up. */
const plainMacros: Readonly<Record<string, (source: MacroSource) => string | number | undefined>> = {
  transaction_id: ({ transactionId }) => transactionId,
  offer_id: ({ offer }) => offer.id,
  offer_name: ({ offer }) => offer.name,
  offer_ref: ({ offer }) => offer.ref,
  offer_url_id: ({ offerUrlId }) => offerUrlId,
  offer_file_id: ({ parameters }) => parameters.known.get('file_id'),
  file_name: ({ creative }) => creative?.file_name,
  affiliate_id: ({ affiliate }) => affiliate?.id,
  affiliate_name: ({ affiliate }) => affiliate?.name,
  affiliate_ref: ({ affiliate }) => affiliate?.ref,
  advertiser_id: ({ offer }) => offer.advertiser_id,
  advertiser_ref: ({ advertiser }) => advertiser?.ref,
  aff_sub1: ({ parameters }) => parameters.known.get('aff_sub'),
  affiliate_click_id: ({ parameters }) => parameters.known.get('aff_click_id'),
  country_code: () => '',
  ip: ({ ip }) => ip,
  ran: ({ random }) => new DataView(Uint8Array.from(random.bytes(4)).buffer).getUint32(0),
  date: ({ nowMs }) => isoTime(nowMs).slice(0, 10),
  time: ({ nowMs }) => isoTime(nowMs).slice(11, 19),
  datetime: ({ nowMs }) => isoTime(nowMs).slice(0, 19).replace('T', ' '),
};

const macros: ReadonlyMap<string, Macro> = new Map<string, Macro>([
  ...[...affiliateNames, ...deviceNames].map((name): [string, Macro] => [
    name,
    ({ parameters }) => encodeValue(parameters.known.get(name) ?? ''),
  ]),
  ...Object.entries(plainMacros).map(([name, value]): [string, Macro] => [
    name,
    (source) => encodeValue(String(value(source) ?? '')),
  ]),
  ['params', unknownParameters],
]);

/** Times are UTC. */
function isoTime(nowMs: number): string {
  return new Date(nowMs).toISOString();
}

/** The only macro whose value contains `&` and `=`: whole parameters, with each name and each value encoded. */
function unknownParameters({ offer, parameters }: MacroSource): string {
  if (!offer.show_custom_variables) return '';
  return Object.entries(parameters.unknown)
    .flatMap(([name, value]) => [value].flat().map((one) => `${encodeValue(name)}=${encodeValue(one)}`))
    .join('&');
}
