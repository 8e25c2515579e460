import { trimBlanks } from './word.ts';

const plainNumber = /^\d{1,10}$/;

/**
 * The text of an id without blanks around it, and without a second query. Some platforms append `?fbclid=…` to a link
 * that already has a query.
 */
export function idText(text: string): string {
  const secondQuery = text.indexOf('?');
  return trimBlanks(secondQuery > 0 ? text.slice(0, secondQuery) : text);
}

/** An id of a link. Undefined when the text is none. Ids are whole numbers from 1 that fit 32 bits. */
export function parseId(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const meant = plainNumber.test(text) ? text : idText(text);
  if (!plainNumber.test(meant)) return undefined;
  const id = Number(meant);
  return id >= 1 && id <= 0xffff_ffff ? id : undefined;
}
