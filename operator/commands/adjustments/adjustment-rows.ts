import type { Catalog } from '../../../core/catalog/catalog.ts';
import type { AdjustmentFields } from '../../../core/conversions/operator-events.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs } from '../../../core/log/log-key.ts';
import { isKnownCurrency, minorDigitsOf } from '../../../core/money/currency.ts';
import { signedMicros } from '../../../core/money/decimal.ts';
import { type CsvRow, readCsvRows } from '../../cli/csv-rows.ts';
import { type Calendar, quartersOfDay } from '../../figures/calendar.ts';
import { noteProblems } from '../conversions/decision-rows.ts';

/** One adjustment that an operator asks for. */
export interface AdjustmentRow {
  /** For messages: `line 12`, or empty. */
  readonly place: string;
  readonly fields: AdjustmentFields;
}

/** What rows are checked against. */
export interface AdjustmentRules {
  /** Of the network's time zone. */
  readonly calendar: Calendar;
  readonly nowMs: number;
  /** How long figures are kept. What an earlier day gets is in no figures. */
  readonly retentionDays: number;
  /** Absent = ids that the catalog does not know are fine. */
  readonly catalog?: Catalog;
}

export type ReadAdjustments =
  | {
      readonly kind: 'rows';
      readonly rows: readonly AdjustmentRow[];
      /** What is accepted and may be a mistake all the same. */
      readonly warnings: readonly string[];
      /** Columns that nothing reads. */
      readonly ignored: readonly string[];
    }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

export const adjustmentColumns = [
  ...['offer_id', 'affiliate_id', 'goal_id', 'currency', 'day', 'payout', 'revenue', 'reference', 'note'],
];

/** What `adjustments list` adds to a row. A file may have these columns too. */
export const bookedColumns = ['booked_at', 'booked_by'];

/** `note`: for rows without a note of their own. */
export function adjustmentsOfFile(text: string, rules: AdjustmentRules, note?: string): ReadAdjustments {
  const read = readCsvRows(text, adjustmentColumns, bookedColumns);
  if (read.kind === 'wrong') return read;
  const usual: readonly [string, string][] = note === undefined ? [] : [['note', note]];
  const asked = read.rows.map(({ line, cells }) => [`line ${line}`, new Map([...usual, ...cells])] as const);
  return judgedAdjustments(asked, rules, read.ignored);
}

export function judgedAdjustments(
  asked: readonly (readonly [place: string, cells: CsvRow['cells']])[],
  rules: AdjustmentRules,
  ignored: readonly string[] = [],
): ReadAdjustments {
  const places = new Map<string, string>();
  const rows: AdjustmentRow[] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const [place, cells] of asked) {
    const reference = cells.get('reference') ?? '';
    const earlier = places.get(reference);
    const faults = [
      ...problemsIn(cells, rules),
      ...(earlier === undefined || reference === '' ? [] : [`reference ${reference} stands in ${earlier} already`]),
    ];
    places.set(reference, earlier ?? place);
    const placed = (text: string) => (place === '' ? text : `${place}: ${text}`);
    problems.push(...faults.map(placed));
    warnings.push(...currencyWarnings(cells, rules).map(placed));
    if (faults.length === 0) rows.push({ place, fields: fieldsOf(cells, rules) });
  }
  if (asked.length === 0) problems.push('no adjustment is given');
  return problems.length > 0 ? { kind: 'wrong', problems } : { kind: 'rows', rows, warnings, ignored };
}

/** No beginning that a spreadsheet takes for a formula. */
const referenceShape = /^[A-Za-z0-9][A-Za-z0-9 ._:/#-]{0,63}$/;
const idShape = /^[1-9]\d{0,9}$/;
/** The default goal. */
const defaultGoal = '0';

function problemsIn(cells: CsvRow['cells'], rules: AdjustmentRules): readonly string[] {
  const needed = ['offer_id', 'affiliate_id', 'currency', 'day', 'reference', 'note'].filter(
    (name) => !cells.has(name),
  );
  if (needed.length > 0) return [`lacks ${needed.join(', ')}`];
  const cell = (name: string) => cells.get(name) ?? '';
  const isZero = ['payout', 'revenue'].every((name) => (signedMicros(cell(name) || '0') ?? 1n) === 0n);
  return [
    ...['offer_id', 'affiliate_id', 'goal_id']
      .filter((name) => cells.has(name) && !idShape.test(cell(name)))
      .filter((name) => name !== 'goal_id' || cell(name) !== defaultGoal)
      .map((name) => `${name} "${cell(name)}" is no id`),
    ...(isKnownCurrency(cell('currency')) ? [] : [`currency "${cell('currency')}" is no code of ISO 4217 such as USD`]),
    ...(referenceShape.test(cell('reference'))
      ? []
      : ['the reference has other characters than letters, digits, blanks and . _ : / # -, or more than 64']),
    ...dayProblems(cell('day'), rules),
    ...['payout', 'revenue'].flatMap((name) => moneyProblems(name, cell(name), cell('currency'))),
    ...(isZero ? ['changes no money: give a payout or a revenue'] : []),
    ...noteProblems(cell('note')),
    ...idProblems(cells, rules),
  ];
}

function moneyProblems(name: string, text: string, currency: string): readonly string[] {
  if (text === '') return [];
  if (signedMicros(text) === undefined) return [`${name} "${text}" is no amount such as 12.50 or -12.50`];
  const [, fraction = ''] = text.split('.');
  const digits = minorDigitsOf(currency);
  return fraction.length > digits ? [`${name} ${text}: ${currency} has ${digits} decimals`] : [];
}

function dayProblems(day: string, { calendar, nowMs, retentionDays }: AdjustmentRules): readonly string[] {
  const daysMax = Math.min(limits.report.daysMax, retentionDays);
  const startMs = startOfDay(day, calendar);
  if (startMs === undefined) return [`day "${day}" is no day such as 2026-11-23 in ${calendar.timeZone}`];
  if (startMs > nowMs) return [`day ${day} has not begun in ${calendar.timeZone}`];
  return nowMs - startMs > daysMax * 24 * hourMs ? [`day ${day} is more than ${daysMax} days ago`] : [];
}

function startOfDay(day: string, calendar: Calendar): number | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? quartersOfDay(day, calendar)[0] : undefined;
}

function idProblems(cells: CsvRow['cells'], { catalog }: AdjustmentRules): readonly string[] {
  if (catalog === undefined) return [];
  const id = (name: string) => Number(cells.get(name));
  const offer = catalog.offers.get(id('offer_id'));
  const goal = cells.get('goal_id');
  return [
    ...(offer === undefined ? [`offer ${cells.get('offer_id')} is not in the published catalog`] : []),
    ...(catalog.affiliates.has(id('affiliate_id'))
      ? []
      : [`affiliate ${cells.get('affiliate_id')} is not in the published catalog`]),
    ...(goal === undefined ||
    goal === defaultGoal ||
    offer === undefined ||
    offer.goals.some((one) => one.id === Number(goal))
      ? []
      : [`offer ${offer.id} has no goal ${goal}`]),
  ];
}

function currencyWarnings(cells: CsvRow['cells'], { catalog }: AdjustmentRules): readonly string[] {
  const offer = catalog?.offers.get(Number(cells.get('offer_id')));
  const currency = cells.get('currency');
  if (offer === undefined || currency === undefined || currency === offer.currency) return [];
  return [`warning: ${currency} is not the currency of offer ${offer.id}, which is ${offer.currency}`];
}

function fieldsOf(cells: CsvRow['cells'], { calendar }: AdjustmentRules): AdjustmentFields {
  const cell = (name: string) => cells.get(name) ?? '';
  return {
    reference: cell('reference'),
    day: cell('day'),
    day_at: startOfDay(cell('day'), calendar) ?? 0,
    offer_id: Number(cell('offer_id')),
    aff_id: Number(cell('affiliate_id')),
    ...(cells.has('goal_id') && cell('goal_id') !== defaultGoal && { goal_id: Number(cell('goal_id')) }),
    currency: cell('currency'),
    payout: cell('payout') || '0',
    revenue: cell('revenue') || '0',
    note: cell('note'),
  };
}
