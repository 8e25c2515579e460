import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import type { RegionFigures } from '../evidence/region-figures.ts';
import { microsText } from '../oracle/amounts.ts';
import { type Counts, eventClasses, type FiguresByRow, hourOfRow, moneyCounters } from '../oracle/expected-figures.ts';
import { someOf } from './problem-text.ts';

/**
 * I2 and I5, for provisional figures: once `stats` has folded every segment, each event counts once, with its money and
 * its reasons. Only visitors may count more than once. An hour that is final already is not compared.
 */
export function provisionalFigures({
  expectedSoon,
  provisional,
}: Pick<Evidence, 'expectedSoon' | 'provisional'>): readonly string[] {
  return readOf(provisional).flatMap((figures) => {
    const isOpen = (row: string) => (figures.revisions.get(hourOfRow(row)) ?? 0) === 0;
    const expected = { ...expectedSoon, rows: new Map([...expectedSoon.rows].filter(([row]) => isOpen(row))) };
    return [...countProblems('provisional', expected, figures), ...rowProblems('provisional', expected, figures)];
  });
}

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
  ...readOf(evidence.figures).flatMap((figures) => [
    ...countProblems('final', evidence.expected, figures),
    ...rowProblems('final', evidence.expected, figures),
    ...visitorProblems(evidence.expected, figures),
  ]),
  ...inequality(evidence),
];

type FiguresEvidence = Pick<Evidence, 'expected' | 'figures' | 'ledgerProblems'>;

type Read = Extract<RegionFigures, { kind: 'figures' }>;

function readOf(figures: readonly RegionFigures[]): readonly Read[] {
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
  const regions = readOf(evidence.figures).map((figures) => miscountOf(evidence.expected, figures));
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

type Kind = 'provisional' | 'final';

function countProblems(kind: Kind, expected: FiguresByRow, figures: Read): string[] {
  const { countedTwice, missing, differences } = miscountOf(expected, figures);
  if (differences.length === 0) return [];
  return [
    `I2: ${figures.region}'s ${kind} figures count ${countedTwice} events too often and lack ${missing}: ` +
      someOf(differences.map(differenceText)),
  ];
}

function rowProblems(kind: Kind, expected: FiguresByRow, figures: Read): string[] {
  const differing = (counters: readonly string[]) => differencesOf(expected.rows, figures.rows, counters);
  return [
    ...otherProblem(figures, kind, 'money', differing(moneyCounters)),
    ...otherProblem(figures, kind, 'conflicts', differing(['conflicts'])),
    ...otherProblem(figures, kind, 'reasons of rejections and waits', differing(reasonsIn([expected, figures]))),
  ];
}

function visitorProblems(expected: FiguresByRow, figures: Read): string[] {
  const ofHours = countDifferences(expected.hourUniques, figures.hourUniques, 'unique_clicks');
  const ofDays = countDifferences(expected.dayUniques, figures.dayUniques, 'day_unique_clicks');
  const payable = differencesOf(expected.payable, figures.payable, countersIn([expected.payable, figures.payable]));
  return [
    ...otherProblem(figures, 'final', 'visitors of an hour', ofHours),
    ...otherProblem(figures, 'final', 'visitors of a day', ofDays),
    ...otherProblem(figures, 'final', 'payable visitors and capped events of a day', payable),
  ];
}

function otherProblem({ region }: Read, kind: Kind, what: string, differences: readonly Difference[]): string[] {
  if (differences.length === 0) return [];
  return [
    `I5: ${region}'s ${kind} figures have other ${what} than the drill counted, in ${differences.length} places: ` +
      someOf(differences.map(differenceText)),
  ];
}

function reasonsIn(both: readonly FiguresByRow[]): readonly string[] {
  return countersIn(both.map(({ rows }) => rows)).filter((name) => /^(reason|pending_for):/.test(name));
}

function countersIn(all: readonly FiguresByRow['rows'][]): readonly string[] {
  return [...new Set(all.flatMap((rows) => [...rows.values()].flatMap((counts) => [...counts.keys()])))];
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
  const [first, ...others] = readOf(evidence.figures);
  if (first === undefined) return [];
  return others.flatMap((other) => {
    const days = [first.payable, other.payable];
    const differences = [
      ...differencesOf(first.rows, other.rows, [...eventClasses, 'conflicts', ...moneyCounters]),
      ...differencesOf(first.payable, other.payable, countersIn(days)),
    ];
    if (differences.length === 0) return [];
    return [
      `I5: the final figures of ${other.region} differ from those of ${first.region}: ` +
        someOf(differences.map(differenceText)),
    ];
  });
}

/** The sums over all rows, for the report. What is over a hard cap stands in the rows of days. */
export function figureTotals({ rows, hourUniques, payable }: FiguresByRow): Readonly<Record<string, string | number>> {
  const counts = [...eventClasses, 'conflicts'].map((name) => [name, Number(sumOf(rows, name))] as const);
  const uniques = [...hourUniques.values()].reduce((sum, one) => sum + one, 0n);
  const money = moneyCounters.map((name) => [name.replace('_micros', ''), moneyText(rows, name)] as const);
  const overCaps = {
    over_cap: Number(sumOf(payable, 'over_cap')),
    over_cap_payout: moneyText(payable, 'over_cap_payout_micros'),
  };
  return { ...Object.fromEntries(counts), ...overCaps, unique_clicks: Number(uniques), ...Object.fromEntries(money) };
}

function sumOf(rows: FiguresByRow['rows'], counter: string): bigint {
  return [...rows.values()].reduce((sum, counts) => sum + (counts.get(counter) ?? 0n), 0n);
}

/** `12.345678 EUR, 1.000000 USD`; empty without money. */
function moneyText(rows: FiguresByRow['rows'], counter: string): string {
  const currencies = new Set([...rows.keys()].map((row) => row.split('|')[5] ?? ''));
  return [...currencies]
    .sort()
    .map((currency) => ({ currency, own: new Map([...rows].filter(([row]) => row.endsWith(`|${currency}`))) }))
    .map(({ currency, own }) => ({ currency, micros: sumOf(own, counter) }))
    .filter(({ micros }) => micros !== 0n)
    .map(({ currency, micros }) => `${microsText(micros)} ${currency}`)
    .join(', ');
}
