/** Exact decimals as whole numbers with 18 decimals: more digits than any catalog and any postback has. */

const digits = 18;
const one = 10n ** BigInt(digits);
const microDigits = 6;

/** A text that is not a plain decimal counts as 0. */
function scaled(text: string | undefined): bigint {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d{1,18}))?$/.exec(text ?? '') ?? [];
  return whole === '' ? 0n : BigInt(whole) * one + BigInt(fraction.padEnd(digits, '0'));
}

export function isPlainDecimal(text: string | undefined): boolean {
  return /^\d+(\.\d{1,18})?$/.test(text ?? '');
}

export interface Price {
  readonly type: string | undefined;
  readonly flat: string | undefined;
  readonly percent: string | undefined;
}

/** In micros, rounded half up once, to this number of decimals of the currency. `amount` is the sale's. */
export function microsDue(
  { type = 'cpa_flat', flat, percent }: Price,
  occasion: 'click' | 'impression' | 'conversion',
  amount: string | undefined,
  decimals = microDigits,
): bigint {
  const share = (scaled(amount) * scaled(percent)) / (100n * one);
  switch (`${occasion} ${type}`) {
    case 'click cpc':
    case 'conversion cpa_flat':
      return rounded(scaled(flat), decimals);
    case 'impression cpm':
      return rounded(scaled(flat) / 1_000n, decimals);
    case 'conversion cpa_percentage':
      return rounded(share, decimals);
    case 'conversion cpa_both':
      return rounded(scaled(flat) + share, decimals);
    default:
      return 0n;
  }
}

/** Whether a share of the sale's amount is due. */
export function hasShare({ type = 'cpa_flat' }: Price): boolean {
  return type === 'cpa_percentage' || type === 'cpa_both';
}

function rounded(amount: bigint, decimals: number): bigint {
  const unit = one / 10n ** BigInt(decimals);
  return ((amount + unit / 2n) / unit) * 10n ** BigInt(microDigits - decimals);
}

/** The decimals of a currency's smallest unit, as JavaScript knows them from ISO 4217. */
export function minorDecimals(currency: string): number {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return maximumFractionDigits;
}

/** Micros of a decimal with a sign, for example `-12.50`, and with at most 6 decimals. */
export function signedMicrosOf(text: string): bigint {
  const size = rounded(scaled(text.replace(/^[-+]/, '')), microDigits);
  return text.startsWith('-') ? -size : size;
}

/** For example `12.345678`. */
export function microsText(micros: bigint): string {
  const sign = micros < 0n ? '-' : '';
  const text = String(micros < 0n ? -micros : micros).padStart(7, '0');
  return `${sign}${text.slice(0, -6)}.${text.slice(-6)}`;
}
