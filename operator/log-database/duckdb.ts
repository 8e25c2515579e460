import { limits } from '../../core/limits/limits.ts';

/** The part of DuckDB's module that is used here. DuckDB is optional, so its own types may be missing. */
interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string, options: Readonly<Record<string, string>>): Promise<Instance>;
  };
}

interface Instance {
  connect(): Promise<Connection>;
  closeSync(): void;
}

interface Connection {
  run(sql: string): Promise<unknown>;
  prepare(sql: string): Promise<{ destroySync(): void }>;
  runAndReadUntil(sql: string, rowsMin: number): Promise<Reader>;
}

interface Reader {
  readonly currentRowCount: number;
  columnNames(): readonly string[];
  columnTypes(): readonly { toString(): string }[];
  getRowsJson(): readonly (readonly unknown[])[];
}

export interface QueryResult {
  readonly columns: readonly string[];
  /** Exact numbers, text for decimals and times, `null`, and JSON values for the rest. */
  readonly rows: readonly (readonly unknown[])[];
  /** There are more rows than these. */
  readonly isCut: boolean;
}

export type Answered =
  | { readonly kind: 'rows'; readonly result: QueryResult }
  /** `reason` is DuckDB's own message. */
  | { readonly kind: 'refused'; readonly reason: string };

/** A database in memory that downloads no extensions. Nothing here throws. */
export interface Database {
  /** Resolves to the problem; undefined when the statement succeeded. */
  run(sql: string): Promise<string | undefined>;
  /** Resolves to what is wrong with a statement, without running it. */
  check(sql: string): Promise<string | undefined>;
  /** At most `most` rows; usually as many as a person reads. */
  ask(sql: string, most?: number): Promise<Answered>;
  close(): void;
}

/** Undefined when DuckDB is not installed for this kind of machine. */
export async function openDatabase(load: () => Promise<unknown> = importDuckDb): Promise<Database | undefined> {
  const duckDb = (await load().catch(() => undefined)) as DuckDb | undefined;
  if (duckDb === undefined) return undefined;
  const instance = await duckDb.DuckDBInstance.create(':memory:', { autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  return {
    run: (sql) => problemOf(() => connection.run(sql)),
    check: (sql) => problemOf(async () => (await connection.prepare(sql)).destroySync()),
    async ask(sql, most = rowsMax) {
      try {
        return { kind: 'rows', result: resultOf(await connection.runAndReadUntil(sql, most + 1), most) };
      } catch (error) {
        return { kind: 'refused', reason: (error as Error).message };
      }
    },
    close: () => instance.closeSync(),
  };
}

const { rowsMax } = limits.query;

/** The compiler does not follow a name in a variable. The module may be missing. */
function importDuckDb(): Promise<unknown> {
  const name: string = '@duckdb/node-api';
  return import(name);
}

async function problemOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function resultOf(reader: Reader, most: number): QueryResult {
  const types = reader.columnTypes().map(String);
  const rows = reader.getRowsJson().slice(0, most);
  return {
    columns: reader.columnNames(),
    rows: rows.map((row) => row.map((value, column) => plainValue(value, types[column] ?? ''))),
    isCut: reader.currentRowCount > most,
  };
}

/** DuckDB gives whole numbers of 64 bits and more as text, even small ones. */
function plainValue(value: unknown, type: string): unknown {
  const isWhole = /^U?(?:BIG|HUGE)INT$/.test(type);
  return isWhole && typeof value === 'string' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
