import { eventColumns } from '../../core/event/event-columns.ts';
import { hourName } from '../../core/log/log-key.ts';

/**
 * Questions to the event log for reports by fields that are no keys of figures. DuckDB and Athena get the same text, but
 * for the first part, which says where lines come from. Every field is text there, as on the line, so that no database
 * rounds money.
 */

/** Times in ms. `toMs` is excluded. */
export interface LogSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface LogQuestion {
  /** Clicks and impressions of this time, and conversions whose first report is in it. */
  readonly counted: LogSpan;
  /** What is read. Earlier clicks tell the sub ids of conversions. Later events change a conversion's standing. */
  readonly read: LogSpan;
  /** Fields of clicks. */
  readonly fields: readonly string[];
  /** Whether lines of a report are by day or hour. */
  readonly byTime: boolean;
  /** Empty means all. The same holds for `affiliates`. */
  readonly offers: readonly number[];
  readonly affiliates: readonly number[];
}

/** Where `lines` comes from: each event once, every field as text. */
export type LinesOf = (span: LogSpan) => string;

const names = eventColumns.filter(({ type }) => type !== 'json').map(({ name }) => name);

/** From the view `events` of `keeptrack query`, whose files are those of the span. */
export const duckDbLines: LinesOf = () =>
  `SELECT ${names.map((name) => `line->>'$.${name}' AS "${name}"`).join(', ')} FROM events`;

/** From a table with the log's days and hours as partitions. Of the lines of one id the redacted one counts. */
export function athenaLines(database: string, table: string): LinesOf {
  return ({ fromMs, toMs }) => {
    const [first, last] = [hourName(fromMs), hourName(toMs - 1)];
    const columns = names.map((name) => `CAST("${name}" AS varchar) AS "${name}"`).join(', ');
    const copies = `SELECT *, row_number() OVER (PARTITION BY id ORDER BY redacted DESC NULLS LAST) AS copy
      FROM "${database}"."${table}"
      WHERE dt BETWEEN '${first.slice(0, 10)}' AND '${last.slice(0, 10)}' AND concat(dt, 'T', hr) BETWEEN '${first}' AND '${last}'`;
    return `SELECT ${columns} FROM (${copies}) AS copies WHERE copy = 1`;
  };
}

/** What clicks, impressions and previews of the same kind have in common. */
export const clickFields = [
  ...['type', 'reason', 'offer_id', 'redirect_offer_id', 'aff_id', 'region', 'rules'],
  ...['currency', 'payout_type', 'payout', 'revenue_type', 'revenue', 'pay_unique'],
] as const;

/** The columns beside `clickFields` and the question's fields. */
export const clickColumns = { quarter: 'quarter', isUnique: 'is_unique', events: 'events' } as const;

const quarterMs = 900_000;

/**
 * How many events there are of each kind. `is_unique` is 1 for the first click of a visitor in an hour, offer and
 * affiliate, as figures count them. `quarter`: since the epoch, or 0 in a report without times.
 */
export function clicksSql(question: LogQuestion, linesOf: LinesOf): string {
  const { counted, fields, byTime } = question;
  const isCredited = `type = 'click' AND (reason IS NULL OR (reason LIKE 'offer-%' AND redirect_offer_id IS NOT NULL))`;
  const visitor = `coalesce(visitor, ip || ' ' || coalesce(user_agent, ''), id)`;
  const offer = `CASE WHEN reason = 'offer-unknown' THEN '0' ELSE coalesce(redirect_offer_id, offer_id) END`;
  const keys = [...clickFields, ...fields].map(quoted).join(', ');
  const quarter = byTime ? `${whole('at', quarterMs)}` : '0';
  return `WITH lines AS (${linesOf(counted)}),
    seen AS (
      SELECT *, ${isCredited} AS is_credited FROM lines
      WHERE v = '1' AND type IN ('click', 'impression', 'preview') AND ${isWithin(counted)}${filters(question)}
    ),
    marked AS (
      SELECT *, ${quarter} AS quarter, CASE WHEN is_credited AND row_number() OVER (
        PARTITION BY is_credited, ${whole('at', 4 * quarterMs)}, ${offer}, aff_id, ${visitor} ORDER BY id
      ) = 1 THEN 1 ELSE 0 END AS is_unique FROM seen
    )
    SELECT ${keys}, quarter, is_unique, count(*) AS events FROM marked GROUP BY ${keys}, quarter, is_unique`;
}

/** All that a conversion's standing, and an operator's signature, can depend on. */
export const conversionFields = names.filter(
  (name) =>
    !/^(visitor|ip|user_agent|referer|raw_query|url|conv_ip|.*_given|adv_.*|aff_.+|device_.*|.*_(md5|sha1))$/.test(
      name,
    ) || name === 'aff_id',
);

/** The question's fields are those of the conversion's click. `has_click` is empty where that click was not read. */
const clickPrefix = 'click_';
export const hasClickColumn = 'has_click';

const clickTypes = `'click', 'preview'`;
const saleTypes = `'conversion', 'decision'`;

/**
 * Conversions and operators' decisions, one a row. A click has the sub ids, and a conversion its transaction id. A click
 * of a robot, or a prefetched one, has them too: it is a preview. A window over transaction ids finds them without
 * reading the log twice.
 */
export function conversionsSql(question: LogQuestion, linesOf: LinesOf): string {
  const ofClick = (text: string, name: string) =>
    `max(CASE WHEN type IN (${clickTypes}) THEN ${text} END) OVER (PARTITION BY txn) AS ${quoted(name)}`;
  const fields = question.fields.map((name) => ofClick(quoted(name), `${clickPrefix}of_${name}`));
  return `WITH lines AS (${linesOf(question.read)}),
    joined AS (
      SELECT ${conversionFields.map(quoted).join(', ')}, ${[...fields, ofClick('id', hasClickColumn)].join(', ')}
      FROM lines WHERE type IN (${saleTypes}) OR (type IN (${clickTypes}) AND txn IS NOT NULL)
    )
    SELECT * FROM joined WHERE type IN (${saleTypes})`;
}

export function clickColumn(field: string): string {
  return `${clickPrefix}of_${field}`;
}

function quoted(name: string): string {
  return `"${name}"`;
}

/** A time since the epoch as a whole number of units. */
function whole(name: string, unitMs: number): string {
  return `CAST(floor(CAST("${name}" AS double) / ${unitMs}e0) AS bigint)`;
}

/** Ids begin with the time at which the event counts: 48 bits in hexadecimal digits. */
function isWithin({ fromMs, toMs }: LogSpan): string {
  return `id >= '${idPrefix(fromMs)}' AND id < '${idPrefix(toMs)}'`;
}

function idPrefix(timeMs: number): string {
  const digits = timeMs.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

function filters({ offers, affiliates }: LogQuestion): string {
  const list = (ids: readonly number[]) => ids.map((id) => `'${id}'`).join(', ');
  const ofOffers =
    offers.length > 0 ? ` AND (offer_id IN (${list(offers)}) OR redirect_offer_id IN (${list(offers)}))` : '';
  return `${ofOffers}${affiliates.length > 0 ? ` AND aff_id IN (${list(affiliates)})` : ''}`;
}
