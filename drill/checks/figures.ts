import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import type { RegionFigures } from '../evidence/final-figures.ts';
import { provisionalCounts } from '../evidence/provisional-counts.ts';
import { microsText } from '../oracle/amounts.ts';
import { type Counts, eventClasses, type FiguresByRow, moneyCounters } from '../oracle/expected-figures.ts';
import { someOf } from './problem-text.ts';

/**
 * I2, for provisional figures: `stats` counts each segment and each conversion once, even when S3 announces a segment
 * twice or a function dies. A click that stands in several segments counts once for each; only the ledger counts it
 * once.
 */
export const provisionalFigures: DrillCheck = (evidence) =>
  provisionalCounts(evidence, evidence.figures)
    .filter(({ counted, min, max }) => counted < min || counted > max)
    .map(
      ({ region, counted, min, max }) =>
        `I2: ${region} has counted ${counted} events provisionally, without duplicates, but its segments hold ${min === max ? max : `${min} to ${max}`}`,
    );

/** I5: `keeptrack reconcile`, which compares the figures with the log for operators, finds no difference. */
export const reconcileAgrees: DrillCheck = ({ reconciled }) =>
  reconciled
    .filter(({ exitCode }) => exitCode !== 0)
    .map(({ command, exitCode, errors }) =>
      [`I5: "keeptrack ${command}" ended with ${exitCode}`, ...errors].join('; '),
    );

/**
 * I2 and I5: the final figures of every region equal the drill's own count, row by row, to the single event and to the
 * millionth of the currency. A region whose release makes no figures is not compared.
 */
export const finalFigures = (evidence: FiguresEvidence): readonly string[] => [
  ...evidence.ledgerProblems.map((problem) => `I2: ${problem}`),
  ...regionsWithFigures(evidence).flatMap((figures) => [
    ...countProblems(evidence.expected, figures),
    ...otherProblems(evidence.expected, figures),
  ]),
  ...inequality(evidence),
];

type FiguresEvidence = Pick<Evidence, 'expected' | 'figures' | 'ledgerProblems'>;

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

/** How many events are counted too often, and how many are missing; each number is that of the worse region. */
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

/** Money, reasons and visitors. */
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
        `I5: ${figures.region}'s final figures have other ${what} than the drill counted, in ${differences.length} places: ` +
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

/** Two regions can both be wrong in different ways, so this compares them with each other. */
function inequality(evidence: FiguresEvidence): string[] {
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

/** The sums over all rows, for the report. */
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
