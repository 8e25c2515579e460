/**
 * The number of decimals of each currency that does not have two.
 * ISO 4217, list one: https://www.six-group.com/en/products-services/financial-information/data-standards.html
 */
const minorDigits: Readonly<Record<string, number>> = {
  ...each(0, ['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV']),
  ...each(0, ['XAF', 'XOF', 'XPF']),
  ...each(3, ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']),
  ...each(4, ['CLF', 'UYW']),
};

function each(digits: number, currencies: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(currencies.map((currency) => [currency, digits]));
}

/** Whether ISO 4217 has this code, now or in the past. */
export function isKnownCurrency(code: string): boolean {
  return Object.hasOwn(minorDigits, code) || Intl.supportedValuesOf('currency').includes(code);
}

/** The number of decimals of a currency (ISO 4217), for example 2 for `USD` and 0 for `JPY`. */
export function minorDigitsOf(currency: string): number {
  return minorDigits[currency] ?? 2;
}

/**
 * Whether people write the currency as `mark`: its code in any case, or its symbol, such as `$` for `USD` and `CAD`.
 */
export function isMarkOf(mark: string, currency: string): boolean {
  if (mark.toUpperCase() === currency) return true;
  return symbolsOf(currency).includes(mark);
}

/** Further marks of currencies, most of which share a symbol. */
const ownSymbols: Readonly<Record<string, readonly string[]>> = {
  USD: ['US$'],
  AUD: ['A$', 'AU$'],
  CAD: ['C$', 'CA$'],
  HKD: ['HK$'],
  MXN: ['MX$'],
  NZD: ['NZ$'],
  SGD: ['S$'],
  TWD: ['NT$'],
  CNY: ['CN¥', 'RMB'],
  INR: ['Rs'],
};

function symbolsOf(currency: string): readonly string[] {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  const symbol = format.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? currency;
  return [symbol, ...(ownSymbols[currency] ?? [])];
}

/** Whether `mark` looks like a currency: three letters, or a currency symbol. */
export function isCurrencyMark(mark: string): boolean {
  return /^[A-Za-z]{3}$/.test(mark) || /\p{Sc}/u.test(mark);
}
