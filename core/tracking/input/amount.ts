import { isCurrencyMark, isMarkOf, minorDigitsOf } from '../../money/currency.ts';
import { isAbove, parseExactDecimal } from '../../money/decimal.ts';
import { trimBlanks } from './word.ts';

/** How an advertiser writes amounts, and the largest one that is accepted. */
export interface AmountStyle {
  /** The offer's currency, ISO 4217. */
  readonly currency: string;
  /** Decides what a single mark before three digits is. With `.`, `1.234` is below two and `1,234` above a thousand. */
  readonly decimalMark: '.' | ',';
  /** `minor`: amounts are whole cents, or whole smallest units of another currency. */
  readonly unit: 'major' | 'minor';
  /** A larger amount is a mistake or fraud. Exact decimal text. */
  readonly max: string;
}

/** Why a posted amount cannot be used. */
export type AmountFault = 'unclear' | 'negative' | 'other-currency' | 'too-large';

export type PostedAmount =
  | { readonly kind: 'absent' }
  /** `value`: exact decimal text in the currency's major unit (core/money/decimal.ts). */
  | { readonly kind: 'amount'; readonly value: string }
  | { readonly kind: AmountFault };

/**
 * Reads an amount as shops write it: `49.99`, ` $49.99 `, `1.234,56 EUR`, `1'234.50`, `.99`, `(12.50)`. Any doubt gives
 * `unclear` and never a guess. Examples are an exponent, letters, an unreplaced placeholder, or groups of digits that
 * do not have three digits.
 */
export function readAmount(text: string, style: AmountStyle): PostedAmount {
  const written = trimBlanks(text).replace(/\s+/g, ' ').replaceAll('\u2212', '-').replace(wholeEnd, '$1$200');
  if (written === '') return { kind: 'absent' };
  const parts = written.length > writtenCharactersMax ? undefined : partsOf(written);
  if (parts === undefined) return { kind: 'unclear' };
  if (parts.mark !== '' && !isMarkOf(parts.mark, style.currency)) {
    return { kind: isCurrencyMark(parts.mark) ? 'other-currency' : 'unclear' };
  }
  const plain = plainNumber(parts.number, style.decimalMark);
  const value = plain === undefined || style.unit === 'major' ? plain : fromMinor(plain, style.currency);
  if (value === undefined) return { kind: 'unclear' };
  return judged(value, parts.isNegative, style.max);
}

/** Several countries write a whole amount as `100,-` or `100.--`. */
const wholeEnd = /(\d)([.,]) ?[-–—]{1,2}$/;

const writtenCharactersMax = 64;

function judged(written: string, isNegative: boolean, max: string): PostedAmount {
  const value = withoutFloatTail(written);
  const [amount, bound] = [parseExactDecimal(value), parseExactDecimal(max)];
  // A number that is no decimal here has too many digits before its point.
  if (!amount || !bound) return { kind: 'too-large' };
  if (isNegative && amount.units > 0n) return { kind: 'negative' };
  return isAbove(amount, bound) ? { kind: 'too-large' } : { kind: 'amount', value };
}

const fractionDigitsMax = 12;

/** Sums of floats arrive as `0.30000000000000004`. Digits behind the twelfth decimal are such errors. */
function withoutFloatTail(written: string): string {
  const [whole = '', fraction = ''] = written.split('.');
  if (fraction.length <= fractionDigitsMax) return written;
  const digits = `${whole}${fraction.slice(0, fractionDigitsMax)}`;
  const rounded = BigInt(digits) + ((fraction[fractionDigitsMax] ?? '0') >= '5' ? 1n : 0n);
  const padded = rounded.toString().padStart(fractionDigitsMax + 1, '0');
  return `${padded.slice(0, -fractionDigitsMax)}.${padded.slice(-fractionDigitsMax)}`;
}

interface Parts {
  readonly isNegative: boolean;
  /** The currency's code or symbol, or empty. */
  readonly mark: string;
  /** Digits with decimal and grouping marks. */
  readonly number: string;
}

const sign = '([+-]?) ?';
const mark = "([^\\d\\s.,'’()+-]{0,4}) ?";
const shape = new RegExp(`^${sign}${mark}${sign}((?:[\\d.,'’]| (?=[\\d.,]))+) ?${mark}${sign}$`, 'u');

/** Brackets around an amount, or a minus on either side, make it negative. Two such signs at once are no amount. */
function partsOf(written: string): Parts | undefined {
  const inBrackets = /^\( ?(.*?) ?\)$/.exec(written)?.[1];
  const found = shape.exec(inBrackets ?? written);
  if (!found) return undefined;
  const [, before = '', markBefore = '', between = '', number = '', markBehind = '', behind = ''] = found;
  const signs = `${inBrackets === undefined ? '' : '-'}${before}${between}${behind}`;
  if (signs.length > 1 || (markBefore !== '' && markBehind !== '')) return undefined;
  // The point in `kr.1500` belongs to an abbreviation and is no decimal mark.
  const isAbbreviated = /\p{L}$/u.test(markBefore) && /^[.,]/.test(number);
  return { isNegative: signs === '-', mark: markBefore + markBehind, number: isAbbreviated ? number.slice(1) : number };
}

/** The last mark of a number is its decimal mark, unless it groups digits by three. */
function plainNumber(number: string, decimalMark: '.' | ','): string | undefined {
  const at = decimalMarkAt(number, decimalMark);
  const whole = at < 0 ? number : number.slice(0, at);
  const fraction = at < 0 ? '' : number.slice(at + 1);
  if (!/^\d*$/.test(fraction) || !isGrouped(whole)) return undefined;
  const digits = whole.replace(/\D/g, '');
  if (digits === '' && fraction === '') return undefined;
  const head = digits.replace(/^0+(?=\d)/, '') || '0';
  return fraction === '' ? head : `${head}.${fraction}`;
}

/** Where the decimal mark is. -1 when every mark only groups digits. */
function decimalMarkAt(number: string, decimalMark: '.' | ','): number {
  const [point, comma] = [number.lastIndexOf('.'), number.lastIndexOf(',')];
  const last = Math.max(point, comma);
  if (last < 0 || (point >= 0 && comma >= 0)) return last;
  const isRepeated = number.indexOf(number[last] ?? '') !== last;
  if (isRepeated) return -1;
  const couldGroup = number.length - last - 1 === 3 && /^[1-9]\d{0,2}$/.test(number.slice(0, last));
  return couldGroup && number[last] !== decimalMark ? -1 : last;
}

function isGrouped(whole: string): boolean {
  return /^\d*$/.test(whole) || /^\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*$/.test(whole);
}

/** Turns whole minor units into major units. Undefined for a fraction of a minor unit. */
function fromMinor(plain: string, currency: string): string | undefined {
  const digits = minorDigitsOf(currency);
  if (plain.includes('.')) return undefined;
  if (digits === 0) return plain;
  const padded = plain.padStart(digits + 1, '0');
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}
