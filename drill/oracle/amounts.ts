/** Exact decimals as whole numbers with 18 decimals: more digits than any catalog and any postback has. */

const digits = 18;
const one = 10n ** BigInt(digits);
/** A millionth of the currency. */
const micro = one / 1_000_000n;

/** A text that is not a plain decimal counts as 0. */
function scaled(text: string | undefined): bigint {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d{1,18}))?$/.exec(text ?? '') ?? [];
  return whole === '' ? 0n : BigInt(whole) * one + BigInt(fraction.padEnd(digits, '0'));
}

export function isPlainDecimal(text: string | undefined): boolean {
  return /^\d+(\.\d{1,18})?$/.test(text ?? '');
}

interface Price {
  readonly type: string | undefined;
  readonly flat: string | undefined;
  readonly percent: string | undefined;
}

/** In micros, rounded half up once. `amount` is the sale's. */
export function microsDue(
  { type = 'cpa_flat', flat, percent }: Price,
  occasion: 'click' | 'impression' | 'conversion',
  amount: string | undefined,
): bigint {
  const share = (scaled(amount) * scaled(percent)) / (100n * one);
  switch (`${occasion} ${type}`) {
    case 'click cpc':
    case 'conversion cpa_flat':
      return rounded(scaled(flat));
    case 'impression cpm':
      return rounded(scaled(flat) / 1_000n);
    case 'conversion cpa_percentage':
      return rounded(share);
    case 'conversion cpa_both':
      return rounded(scaled(flat) + share);
    default:
      return 0n;
  }
}

function rounded(amount: bigint): bigint {
  return (amount + micro / 2n) / micro;
}

/** For example `12.345678`. */
export function microsText(micros: bigint): string {
  const sign = micros < 0n ? '-' : '';
  const text = String(micros < 0n ? -micros : micros).padStart(7, '0');
  return `${sign}${text.slice(0, -6)}.${text.slice(-6)}`;
}
