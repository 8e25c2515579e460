import { type ColumnType, type EventColumn, eventColumns } from '../../core/event/event-columns.ts';

/**
 * The view `events` has each event once, with a column for each field of the event schema. The column `line` has the
 * whole line, for fields without a column: `line->>'$.params.erid'`. `at` is a keyword of SQL and needs quotes, so
 * there is `event_time` too.
 */
export function eventsView(files: readonly string[]): string {
  const lines =
    files.length === 0
      ? `SELECT NULL::JSON AS line WHERE false`
      : `SELECT json AS line FROM read_ndjson_objects([${files.map(quoted).join(', ')}], ignore_errors = true)`;
  // Of several lines with the same id the redacted one is taken, then the smallest, as in a segment.
  const first = `coalesce(min(line::VARCHAR) FILTER (line->>'$.redacted' = 'true'), min(line::VARCHAR))`;
  const once = `SELECT ${first}::JSON AS line FROM (${lines}) WHERE line->>'$.id' IS NOT NULL GROUP BY line->>'$.id'`;
  const columns = [...eventColumns.map(columnOf), `epoch_ms(TRY_CAST(line->>'$.at' AS BIGINT)) AS event_time`, 'line'];
  return `CREATE OR REPLACE VIEW events AS SELECT ${columns.join(', ')} FROM (${once})`;
}

function columnOf({ name, type }: EventColumn): string {
  return `${expressions[type](`line->>'$.${name}'`)} AS "${name}"`;
}

/** A value that is not of its type is NULL. It is still in `line`. */
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
