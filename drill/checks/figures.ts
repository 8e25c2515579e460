import type { Evidence } from '../evidence/evidence.ts';
import type { RegionFigures } from '../evidence/final-figures.ts';
import { microsText } from '../oracle/amounts.ts';
import { type Counts, eventClasses, type FiguresByRow, moneyCounters } from '../oracle/expected-figures.ts';
import { someOf } from './problem-text.ts';

/**
 * I2 and I5: the final figures of every region say what the drill itself has counted, row by row, to the event and to
 * the millionth, and so they are equal. A region whose release makes no figures has none to compare.
 */
export const finalFigures = (evidence: Judged): readonly string[] => [
  ...evidence.ledgerProblems.map((problem) => `I2: ${problem}`),
  ...regionsWithFigures(evidence).flatMap((figures) => [
    ...countProblems(evidence.expected, figures),
    ...otherProblems(evidence.expected, figures),
  ]),
  ...inequality(evidence),
];

type Judged = Pick<Evidence, 'expected' | 'figures' | 'ledgerProblems'>;

type Read = Extract<RegionFigures, { kind: 'figures' }>;

function regionsWithFigures({ figures }: Pick<Evidence, 'figures'>): readonly Read[] {
  return figures.filter((one) => one.kind === 'figures');
}

interface Difference {
  readonly row: string;
  readonly counter: string;
  readonly expected: bigint;
  readonly actual: bigint;
}

/** Events that are counted too often, and events that are not counted, each in the region where there are most. */
export function miscounts(evidence: Evidence): { readonly countedTwice: number; readonly missing: number } | undefined {
  const regions = regionsWithFigures(evidence).map((figures) => miscountOf(evidence.expected, figures));
  if (regions.length === 0) return undefined;
  return {
    countedTwice: Math.max(...regions.map(({ countedTwice }) => countedTwice)),
    missing: Math.max(...regions.map(({ missing }) => missing)),
  };
}

function miscountOf(expected: FiguresByRow, actual: FiguresByRow) {
  const differences = differencesOf(expected.rows, actual.rows, eventClasses);
  const sum = (amounts: readonly bigint[]) => Number(amounts.reduce((total, one) => total + (one > 0n ? one : 0n), 0n));
  return {
    countedTwice: sum(differences.map((one) => one.actual - one.expected)),
    missing: sum(differences.map((one) => one.expected - one.actual)),
    differences,
  };
}

function countProblems(expected: FiguresByRow, figures: Read): string[] {
  const { countedTwice, missing, differences } = miscountOf(expected, figures);
  if (differences.length === 0) return [];
  return [
    `I2: ${figures.region}'s final figures count ${countedTwice} events too often and lack ${missing}: ` +
      someOf(differences.map(differenceText)),
  ];
}

/** Money, reasons and visitors, which say more about events that are counted. */
function otherProblems(expected: FiguresByRow, figures: Read): string[] {
  const reasons = reasonsIn([expected, figures]);
  const kinds: readonly [string, readonly Difference[]][] = [
    ['money', differencesOf(expected.rows, figures.rows, moneyCounters)],
    ['reasons of rejections and waits', differencesOf(expected.rows, figures.rows, reasons)],
    ['visitors of an hour', countDifferences(expected.hourUniques, figures.hourUniques, 'unique_clicks')],
    ['visitors of a day', countDifferences(expected.dayUniques, figures.dayUniques, 'day_unique_clicks')],
  ];
  return kinds
    .filter(([, differences]) => differences.length > 0)
    .map(
      ([what, differences]) =>
        `I5: ${figures.region}'s final figures have other ${what} than was counted in ${differences.length} places: ` +
        someOf(differences.map(differenceText)),
    );
}

function reasonsIn(both: readonly FiguresByRow[]): readonly string[] {
  const names = both.flatMap(({ rows }) => [...rows.values()].flatMap((counts) => [...counts.keys()]));
  return [...new Set(names.filter((name) => /^(reason|pending_for):/.test(name)))];
}

function differencesOf(
  expected: FiguresByRow['rows'],
  actual: FiguresByRow['rows'],
  counters: readonly string[],
): readonly Difference[] {
  return [...new Set([...expected.keys(), ...actual.keys()])].flatMap((row) =>
    counters
      .map((counter) => ({
        row,
        counter,
        expected: expected.get(row)?.get(counter) ?? 0n,
        actual: actual.get(row)?.get(counter) ?? 0n,
      }))
      .filter((one) => one.expected !== one.actual),
  );
}

function countDifferences(expected: Counts, actual: Counts, counter: string): readonly Difference[] {
  return [...new Set([...expected.keys(), ...actual.keys()])]
    .map((row) => ({ row, counter, expected: expected.get(row) ?? 0n, actual: actual.get(row) ?? 0n }))
    .filter((one) => one.expected !== one.actual);
}

function differenceText({ row, counter, expected, actual }: Difference): string {
  const isMoney = moneyCounters.some((name) => name === counter);
  const text = (amount: bigint) => (isMoney ? microsText(amount) : String(amount));
  return `${row} ${counter} ${text(actual)} instead of ${text(expected)}`;
}

/** What differs from what was counted is told above; this is for two regions that are wrong in different ways. */
function inequality(evidence: Judged): string[] {
  const [first, ...others] = regionsWithFigures(evidence);
  if (first === undefined) return [];
  return others.flatMap((other) => {
    const differences = differencesOf(first.rows, other.rows, [...eventClasses, ...moneyCounters]);
    if (differences.length === 0) return [];
    return [
      `I5: the final figures of ${other.region} differ from those of ${first.region}: ` +
        someOf(differences.map(differenceText)),
    ];
  });
}

/** For the report: what all rows together say. */
export function figureTotals({ rows, hourUniques }: FiguresByRow): Readonly<Record<string, string | number>> {
  const counts = Object.fromEntries(eventClasses.map((name) => [name, Number(sumOf(rows, name))]));
  const uniques = [...hourUniques.values()].reduce((sum, one) => sum + one, 0n);
  return {
    ...counts,
    unique_clicks: Number(uniques),
    payout: moneyText(rows, 'payout_micros'),
    revenue: moneyText(rows, 'revenue_micros'),
  };
}

function sumOf(rows: FiguresByRow['rows'], counter: string): bigint {
  return [...rows.values()].reduce((sum, counts) => sum + (counts.get(counter) ?? 0n), 0n);
}

/** `12.345678 EUR, 1.000000 USD` */
function moneyText(rows: FiguresByRow['rows'], counter: string): string {
  const currencies = new Set([...rows.keys()].map((row) => row.split('|')[5] ?? ''));
  return [...currencies]
    .sort()
    .map((currency) => {
      const own = new Map([...rows].filter(([row]) => row.endsWith(`|${currency}`)));
      return `${microsText(sumOf(own, counter))} ${currency}`;
    })
    .join(', ');
}
