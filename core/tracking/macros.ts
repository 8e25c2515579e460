import type { Offer } from '../catalog/catalog.ts';
import { fallbackField } from '../catalog/url-template.ts';
import type { Random } from '../ports.ts';
import { type CommonSource, commonMacros, encodedMacros, type Macro, replaceMacros } from './common-macros.ts';
import { affiliateNames, deviceNames } from './input/parameter-names.ts';
import type { Parameters } from './input/parameters.ts';
import { encodeValue } from './input/percent.ts';

/** The values for the macros of a landing page. */
export interface MacroSource extends CommonSource {
  readonly offer: Offer;
  readonly parameters: Parameters;
  readonly ip: string;
  readonly random: Random;
}

/** Replaces each `{macro}` by its value, encoded for a URL. */
export function expandMacros(template: string, source: MacroSource): string {
  return replaceMacros(template, (name) => macros.get(name)?.(source));
}

/**
 * The same for an app link. Where the link contains an encoded URL or query, a value is encoded once more, because the
 * app decodes the inner text before it reads it.
 */
export function expandAppLink(template: string, source: MacroSource): string {
  return replaceMacros(template, (name, at) => {
    const value = macros.get(name)?.(source);
    return value !== undefined && isInside(template.slice(0, at)) ? encodeValue(value) : value;
  });
}

/** Whether the text ends inside the fallback of an `intent:` link or inside a referrer for the app, which is a query. */
function isInside(before: string): boolean {
  const field = before.slice(before.lastIndexOf(';') + 1);
  return field.startsWith(fallbackField) || /[?&]referrer=[^&#]*%3d[^&#]*$/i.test(before);
}

export const macroNames = (): readonly string[] => [...macros.keys()];

const macros: ReadonlyMap<string, Macro<MacroSource>> = new Map([
  ...encodedMacros<MacroSource>({
    ...Object.fromEntries(
      [...affiliateNames, ...deviceNames].map((name) => [name, ({ parameters }) => parameters.known.get(name)]),
    ),
    ...commonMacros,
    offer_file_id: ({ parameters }) => parameters.known.get('file_id'),
    aff_sub1: ({ parameters }) => parameters.known.get('aff_sub'),
    affiliate_click_id: ({ parameters }) => parameters.known.get('aff_click_id'),
    ip: ({ ip }) => ip,
    ran: ({ random }) => new DataView(Uint8Array.from(random.bytes(4)).buffer).getUint32(0),
  }),
  ['params', unknownParameters],
]);

/** The only macro whose value contains `&` and `=`: whole parameters, with each name and each value encoded. */
function unknownParameters({ offer, parameters }: MacroSource): string {
  if (!offer.show_custom_variables) return '';
  return Object.entries(parameters.unknown)
    .flatMap(([name, value]) => [value].flat().map((one) => `${encodeValue(name)}=${encodeValue(one)}`))
    .join('&');
}
