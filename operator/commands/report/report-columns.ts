import type { CounterName, counterNames } from '../../../core/figures/row.ts';
import { amountText } from '../../../core/money/amount-text.ts';
import { quotientMicros, shareText } from '../../cli/amount-text.ts';
import type { ReportRow } from './report-rows.ts';

/**
 * The one definition of what a report says in each line. The table for people, CSV, JSON and the table of columns in
 * docs/operations.md are all made from it.
 */
export interface ReportColumn {
  /** In CSV and JSON, and for `--columns`. */
  readonly name: string;
  /** In the table for people. */
  readonly title: string;
  /** In words, or by the names of other columns. */
  readonly formula: string;
  readonly unit: 'count' | 'money' | 'money each' | 'percent';
  /** Absent: never empty. */
  readonly emptyWhen?: string;
  readonly of: (row: ReportRow) => ColumnValue;
}

/** Money and percent are exact text. Undefined: the line has no such value. */
type ColumnValue = number | string | undefined;

type Counter = (typeof counterNames)[number];
type MoneyCounter = Extract<Counter, `${string}_micros`>;

/** A sum of counters of one line, some of them taken away. */
interface Term {
  readonly text: string;
  readonly of: (row: ReportRow) => bigint;
}

function counterIn({ counters }: Pick<ReportRow, 'counters'>, name: CounterName): bigint {
  return counters.get(name) ?? 0n;
}

function count(name: Exclude<Counter, MoneyCounter>, title: string, formula: string): ReportColumn {
  return { name, title, formula, unit: 'count', of: (row) => Number(counterIn(row, name)) };
}

function term(text: string, plus: readonly Counter[], minus: readonly Counter[] = []): Term {
  const sum = (row: ReportRow, names: readonly Counter[]) =>
    names.reduce((total, name) => total + counterIn(row, name), 0n);
  return { text, of: (row) => sum(row, plus) - sum(row, minus) };
}

function money(name: string, title: string, { text, of }: Term): ReportColumn {
  return { name, title, formula: text, unit: 'money', of: (row) => amountText(of(row)) };
}

function perOne(name: string, title: string, part: Term, whole: Term): ReportColumn {
  return ratio(name, title, 'money each', part, whole, (row) => {
    const micros = quotientMicros(part.of(row), whole.of(row));
    return micros === undefined ? undefined : amountText(micros);
  });
}

function share(name: string, title: string, part: Term, whole: Term): ReportColumn {
  return ratio(name, title, 'percent', part, whole, (row) => shareText(part.of(row), whole.of(row)));
}

/** Always of the sums of a line. A line of corrections has differences, whose ratios say nothing. */
function ratio(
  name: string,
  title: string,
  unit: ReportColumn['unit'],
  part: Term,
  whole: Term,
  quotient: ReportColumn['of'],
): ReportColumn {
  return {
    ...{ name, title, unit, formula: `${part.text} / ${whole.text}`, emptyWhen: `${whole.text} is not above 0` },
    of: (row) => (row.corrects === '' ? quotient(row) : undefined),
  };
}

const clicks = term('`clicks`', ['clicks']);
const approved = term('`approved`', ['approved']);
const payout = term('`payout`', ['payout_micros']);
const revenue = term('`revenue`', ['revenue_micros']);
const profit = term('`revenue` - `payout`', ['revenue_micros'], ['payout_micros']);
const countedImpressions: Term = { text: '`impressions`', of: ({ measured }) => measured.impressions };
const countedClicks: Term = { text: '`clicks`', of: ({ measured }) => measured.clicks };

/** In the order of CSV and of the table. */
export const reportColumns: readonly ReportColumn[] = [
  count('impressions', 'impressions', 'credited impressions'),
  count('clicks', 'clicks', 'credited clicks, repeated ones too (gross)'),
  count('unique_clicks', 'unique', 'visitors of an offer and affiliate, each once an hour, summed'),
  {
    ...{ name: 'day_unique_clicks', title: 'unique a day', unit: 'count' },
    formula: 'visitors of an offer and affiliate, each once a day, summed',
    emptyWhen: 'they are not known (see below)',
    of: ({ dayUniqueClicks }) => (dayUniqueClicks === undefined ? undefined : Number(dayUniqueClicks)),
  },
  count('payable_clicks', 'paid unique', 'unique clicks of a day at offers that pay these alone'),
  share('ctr', 'CTR', countedClicks, countedImpressions),
  count('approved', 'conversions', 'approved conversions'),
  share('cr', 'CR', approved, clicks),
  count('pending', 'pending', 'conversions that wait'),
  count('rejected', 'rejected', 'conversions that were never approved, and refused reports'),
  count('reversed', 'reversed', 'conversions that were approved and rejected later'),
  count('over_cap', 'over cap', 'conversions that a hard cap has no room for; they are in no other column'),
  count('over_cap_paid', 'paid over cap', 'approved conversions that an operator pays although a cap has no room'),
  count('over_cap_clicks', 'clicks over cap', 'credited clicks that are not paid, because a hard cap has no room'),
  count('duplicates', 'duplicates', 'later reports of a conversion, and adjustments whose reference was used before'),
  count('tests', 'tests', 'test conversions'),
  count('rejected_clicks', 'rejected clicks', 'clicks that are credited to nobody'),
  count('rejected_impressions', 'rejected impressions', 'impressions that are credited to nobody'),
  count('previews', 'previews', 'robots, prefetches and HEAD requests'),
  money('payout', 'payout', term('what is due to affiliates, without adjustments', ['payout_micros'])),
  money('revenue', 'revenue', term('what advertisers owe, without adjustments', ['revenue_micros'])),
  money('profit', 'profit', profit),
  money('adjusted_payout', 'adjusted payout', term('sum of adjustments, can be negative', ['adjusted_payout_micros'])),
  money(
    'adjusted_revenue',
    'adjusted revenue',
    term('sum of adjustments, can be negative', ['adjusted_revenue_micros']),
  ),
  money('net_payout', 'net payout', term('`payout` + `adjusted_payout`', ['payout_micros', 'adjusted_payout_micros'])),
  money(
    'net_revenue',
    'net revenue',
    term('`revenue` + `adjusted_revenue`', ['revenue_micros', 'adjusted_revenue_micros']),
  ),
  perOne('epc', 'EPC', payout, clicks),
  perOne('rpc', 'RPC', revenue, clicks),
  perOne('cpa', 'CPA', payout, approved),
  perOne('rpa', 'RPA', revenue, approved),
  share('margin', 'margin', profit, revenue),
  money('pending_payout', 'pending payout', term('what pending conversions would pay', ['pending_payout_micros'])),
  money('pending_revenue', 'pending revenue', term('what they would earn', ['pending_revenue_micros'])),
  money('rejected_payout', 'rejected payout', term('what rejected conversions would pay', ['rejected_payout_micros'])),
  money('rejected_revenue', 'rejected revenue', term('what they would earn', ['rejected_revenue_micros'])),
  money('reversed_payout', 'reversed payout', term('what reversed conversions had paid', ['reversed_payout_micros'])),
  money('reversed_revenue', 'reversed revenue', term('what they had earned', ['reversed_revenue_micros'])),
  money(
    'over_cap_payout',
    'payout over cap',
    term('what conversions over a cap would pay', ['over_cap_payout_micros']),
  ),
  money('over_cap_revenue', 'revenue over cap', term('what they would earn', ['over_cap_revenue_micros'])),
  money(
    'over_cap_paid_payout',
    'payout paid over cap',
    term('the part of `payout` that operators pay over a cap', ['over_cap_paid_payout_micros']),
  ),
  money(
    'over_cap_paid_revenue',
    'revenue paid over cap',
    term('the part of `revenue` that belongs to it', ['over_cap_paid_revenue_micros']),
  ),
  count('adjustments', 'adjustments', 'adjustments of operators'),
  count('decisions', 'decisions', 'decisions of operators, and closed periods'),
  count('conflicts', 'conflicts', 'conversions that an operator has to decide on'),
  count('unsigned', 'unsigned', "events in an operator's name that no valid key signed; they change nothing"),
];

/** Rows of the table in docs/operations.md. */
export function columnTable(): readonly string[] {
  return [
    '| column | in the table | is | unit | empty |',
    '|---|---|---|---|---|',
    ...reportColumns.map(
      ({ name, title, formula, unit, emptyWhen = '' }) =>
        `| \`${name}\` | ${title} | ${formula} | ${unit} | ${emptyWhen && `when ${emptyWhen}`} |`,
    ),
  ];
}

/** Reasons for rejections, or for pending conversions, with their counts, the most frequent first. */
export function reasonsIn(
  { counters }: Pick<ReportRow, 'counters'>,
  kind: 'reason' | 'pending_for',
): readonly (readonly [string, bigint])[] {
  const prefix = `${kind}:`;
  return [...counters]
    .flatMap(([name, count]): [string, bigint][] =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), count]] : [],
    )
    .sort(([, one], [, other]) => (one < other ? 1 : -1));
}
