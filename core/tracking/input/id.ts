import { trimBlanks } from './word.ts';

const plainNumber = /^\d{1,10}$/;

/**
 * An id as it was meant: without blanks around it, and without the second query that some platforms append to a link
 * as `?fbclid=…` although the link has one already.
 */
export function idText(text: string): string {
  const secondQuery = text.indexOf('?');
  return trimBlanks(secondQuery > 0 ? text.slice(0, secondQuery) : text);
}

/** An id from a link, or undefined when the text is none. Ids are whole numbers from 1 that fit 32 bits. */
export function parseId(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const meant = plainNumber.test(text) ? text : idText(text);
  if (!plainNumber.test(meant)) return undefined;
  const id = Number(meant);
  return id >= 1 && id <= 0xffff_ffff ? id : undefined;
}
