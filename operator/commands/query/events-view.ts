import { type ColumnType, type EventColumn, eventColumns } from '../../../core/event/event-columns.ts';

/**
 * The log as SQL sees it: a view `events` with a column for each field of the event schema, each event once however many
 * segments hold it, and the whole line as `line`, so that unknown fields can be had too: `line->>'$.params.erid'`.
 * `at` is a word of SQL and has to be quoted, so there is `event_time` as well.
 */
export function eventsView(files: readonly string[]): string {
  const lines =
    files.length === 0
      ? `SELECT NULL::JSON AS line WHERE false`
      : `SELECT json AS line FROM read_ndjson_objects([${files.map(quoted).join(', ')}], ignore_errors = true)`;
  // Of lines with the same id the redacted one, then the smallest, as in a segment.
  const first = `coalesce(min(line::VARCHAR) FILTER (line->>'$.redacted' = 'true'), min(line::VARCHAR))`;
  const once = `SELECT ${first}::JSON AS line FROM (${lines}) WHERE line->>'$.id' IS NOT NULL GROUP BY line->>'$.id'`;
  const columns = [...eventColumns.map(columnOf), `epoch_ms(TRY_CAST(line->>'$.at' AS BIGINT)) AS event_time`, 'line'];
  return `CREATE OR REPLACE VIEW events AS SELECT ${columns.join(', ')} FROM (${once})`;
}

function columnOf({ name, type }: EventColumn): string {
  return `${expressions[type](`line->>'$.${name}'`)} AS "${name}"`;
}

/** What is not of its type is NULL: it still stands in `line`. */
const expressions: Readonly<Record<ColumnType, (text: string) => string>> = {
  text: (text) => text,
  whole: (text) => `TRY_CAST(${text} AS BIGINT)`,
  time: (text) => `epoch_ms(TRY_CAST(${text} AS BIGINT))`,
  decimal: (text) => `TRY_CAST(${text} AS DECIMAL(24, 12))`,
  flag: (text) => `TRY_CAST(${text} AS BOOLEAN)`,
  json: (text) => `TRY_CAST(${text} AS JSON)`,
};

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
