import { limits } from '../../../core/limits/limits.ts';
import { parseExactDecimal } from '../../../core/money/decimal.ts';
import { type CsvRow, readCsvRows } from '../../cli/csv-rows.ts';
import { type ConversionReference, parseReference } from '../../conversions/conversion-reference.ts';

export type Verdict = 'approve' | 'reject' | 'set-amount';

/** One decision that an operator asks for. */
export interface DecisionRow {
  /** For messages: `line 12`, or the id that the operator typed. */
  readonly place: string;
  readonly reference: ConversionReference;
  /** Exact decimals. */
  readonly money: Readonly<Partial<Record<MoneyName, string>>>;
  readonly note?: string;
  /** Whether an approved conversion is paid although a hard cap has no room for it. */
  readonly paysOverCap?: true;
}

export const moneyNames = ['amount', 'payout', 'revenue'] as const;
type MoneyName = (typeof moneyNames)[number];

export type ReadRows =
  /** `ignored`: columns that nothing reads. */
  | { readonly kind: 'rows'; readonly rows: readonly DecisionRow[]; readonly ignored: readonly string[] }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

const idColumns = ['conversion', 'transaction_id', 'goal_id', 'conversion_unique_id'];

/** `ignored`: columns of `conversions list --csv`, so that its output can be given back. */
export function rowsOfFile(text: string, verdict: Verdict, ignored: readonly string[]): ReadRows {
  const read = readCsvRows(text, [...idColumns, ...moneyNames, 'note'], ignored);
  if (read.kind === 'wrong') return read;
  const asked = read.rows.map((row) => [`line ${row.line}`, row.cells] as const);
  return judged(asked, verdict, read.ignored);
}

/** The same values hold for each of the ids. */
export function rowsOfIds(ids: readonly string[], values: ReadonlyMap<string, string>, verdict: Verdict): ReadRows {
  return judged(
    ids.map((id) => [id, new Map([...values, ['conversion', id]])]),
    verdict,
  );
}

function judged(
  asked: readonly (readonly [place: string, cells: CsvRow['cells']])[],
  verdict: Verdict,
  ignored: readonly string[] = [],
): ReadRows {
  const rows: DecisionRow[] = [];
  const problems: string[] = [];
  for (const [place, cells] of asked) {
    const reference = referenceIn(cells);
    const faults = [...(typeof reference === 'string' ? [reference] : []), ...valueProblems(cells, verdict)];
    problems.push(...faults.map((fault) => `${place}: ${fault}`));
    if (typeof reference !== 'string') rows.push(rowOf(place, reference, cells));
  }
  if (asked.length === 0) problems.push('no conversion is named');
  return problems.length > 0 ? { kind: 'wrong', problems } : { kind: 'rows', rows, ignored };
}

/** `conversion` decides. Without it, the transaction's id does. A text says what is wrong. */
function referenceIn(cells: CsvRow['cells']): ConversionReference | string {
  const text = cells.get('conversion') ?? cells.get('transaction_id');
  if (text === undefined) return 'names no conversion';
  const reference = parseReference(text);
  if (reference === undefined) return `"${text}" is no transaction id, no event id and no conversion key`;
  if (reference.kind !== 'transaction') return reference;
  const [goal, uniqueId] = [cells.get('goal_id'), cells.get('conversion_unique_id')];
  if (goal !== undefined && !/^\d{1,10}$/.test(goal)) return `goal_id "${goal}" is no id`;
  return {
    ...reference,
    ...(goal !== undefined && { goalId: Number(goal) }),
    ...(uniqueId !== undefined && { uniqueId }),
  };
}

function valueProblems(cells: CsvRow['cells'], verdict: Verdict): readonly string[] {
  const given = moneyNames.filter((name) => cells.has(name));
  const unusable = given.filter((name) => parseExactDecimal(cells.get(name)) === undefined);
  return [
    ...unusable.map((name) => `${name} "${cells.get(name)}" is no amount such as 12.50`),
    ...(verdict === 'reject' && given.length > 0 ? [`a rejection has no ${given.join(' and no ')}`] : []),
    ...(verdict === 'set-amount' && given.length === 0 ? ['gives no amount, no payout and no revenue'] : []),
    ...noteProblems(cells.get('note')),
  ];
}

const { noteCharactersMax } = limits.decisions;

export function noteProblems(note = ''): readonly string[] {
  return [
    ...(note.length > noteCharactersMax ? [`the note is longer than ${noteCharactersMax} characters`] : []),
    ...(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(note) ? ['the note contains a control character'] : []),
  ];
}

function rowOf(place: string, reference: ConversionReference, cells: CsvRow['cells']): DecisionRow {
  const note = cells.get('note');
  const money = Object.fromEntries(moneyNames.flatMap((name) => (cells.has(name) ? [[name, cells.get(name)]] : [])));
  return { place, reference, money, ...(note !== undefined && { note }) };
}
