/**
 * What the core and the handlers need from the world. The AWS shell (lambda/aws), the simulation and the tests each
 * bring their own; nothing else reads a clock, draws a random number or opens a connection.
 */

/** Time in milliseconds since the Unix epoch, and waiting for it to pass. */
export interface Clock {
  nowMs(): number;
  sleep(durationMs: number): Promise<void>;
}

export interface Random {
  /** Unpredictable bytes: transaction ids are signed, but their random part also must not be guessable. */
  bytes(length: number): Uint8Array;
}

/**
 * What came back from a call: the HTTP status and the service's error code. Status 0 means that no answer came; the
 * code then is the reason (`Timeout`, `ECONNRESET`, `ENOTFOUND`, …). What an answer means is decided in answers.ts.
 */
export interface Answer {
  readonly status: number;
  readonly code: string;
}

/** A call that brings something back: `value` is there exactly when the answer meant success. */
export type Fetched<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'failed'; readonly answer: Answer };

/** One SQS queue, seen by those who put messages in. Every call ends within `budgetMs`, with an answer, never a throw. */
export interface QueueSender {
  send(body: string, budgetMs: number, attributes?: Readonly<Record<string, string>>): Promise<Answer>;
  /** One signed call that changes nothing: opens the connection, so that no click pays for the TLS handshake. */
  warm(budgetMs: number): Promise<Answer>;
}

export interface ReceivedMessage {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  /** When SQS took the message, ms since the epoch. */
  readonly sentAtMs: number;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
}

/** One SQS queue, seen by those who take messages out. */
export interface QueueReceiver {
  /** At most 10 messages (SQS's limit), each invisible to others for the queue's visibility timeout; never waits for messages. */
  receive(countMax: number, budgetMs: number): Promise<Fetched<readonly ReceivedMessage[]>>;
  /** Removes messages for good, any number; `value` holds the receipts that were not removed. */
  remove(receipts: readonly string[], budgetMs: number): Promise<Fetched<readonly string[]>>;
  /** Makes messages visible again at once; a failure only means that they come back later. */
  release(receipts: readonly string[], budgetMs: number): Promise<void>;
}

export interface ListingPage {
  readonly keys: readonly string[];
  /** Of the objects, in the same order: an object that was overwritten has another one. */
  readonly etags: readonly string[];
  /** Of the objects, in the same order. */
  readonly sizesBytes: readonly number[];
  /** Where the next page starts; absent on the last page. */
  readonly next?: string;
}

export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
}

/** One S3 bucket. Every call ends within `budgetMs`, with an answer, never a throw. */
export interface Bucket {
  /** Writes with If-None-Match, so that a key once written keeps its bytes; 412 means that it is there already. */
  putIfAbsent(key: string, body: Uint8Array, budgetMs: number): Promise<Answer>;
  /** `unlessEtag`: answers 304 (as failed) when the object still is that one. */
  get(key: string, budgetMs: number, unlessEtag?: string): Promise<Fetched<StoredObject>>;
  /** Keys in order, at most 1,000 a page (S3's limit). */
  list(prefix: string, budgetMs: number, after?: string): Promise<Fetched<ListingPage>>;
  warm(budgetMs: number): Promise<Answer>;
}

/** Text, a number without a fraction, or a set of such numbers. */
export type TableValue = string | bigint | readonly bigint[];

/** One item of a table with its keys `pk` and `sk`. */
export type TableItem = Readonly<Record<string, TableValue>>;

export interface TableKey {
  readonly pk: string;
  readonly sk: string;
}

/** What an item must be like for a write to happen; an item that is not there has no attributes. */
export type TableTest =
  | { readonly attribute: string; readonly is: 'absent' | 'present' }
  /** The stored value stands first: `{ attribute: 'revision', is: 'less', value: 7n }` holds for revision 6. */
  | { readonly attribute: string; readonly is: 'equal' | 'less' | 'greater'; readonly value: string | bigint };

interface Conditional {
  /** Any one of these has to hold; none given = whatever is there. */
  readonly when?: readonly TableTest[];
}

export interface TablePut extends Conditional {
  readonly kind: 'put';
  /** With its `pk` and `sk`; takes the place of the whole item. */
  readonly item: TableKey & TableItem;
}

/** Makes the item when it is not there. */
export interface TableUpdate extends Conditional {
  readonly kind: 'update';
  readonly key: TableKey;
  readonly set?: TableItem;
  /** Numbers are added to what is there, members to sets. */
  readonly add?: Readonly<Record<string, bigint | readonly bigint[]>>;
  readonly remove?: readonly string[];
}

export interface TableDelete extends Conditional {
  readonly kind: 'delete';
  readonly key: TableKey;
}

export type TableWrite = TablePut | TableUpdate | TableDelete;

export interface TableQuery {
  readonly pk: string;
  /** Of the index, whose partition key is `affiliate_pk`; read as it was a moment ago. The table itself is read as it is. */
  readonly index?: 'by-affiliate';
  /** Sort keys from this one to that one, both included, in order. */
  readonly from: string;
  readonly to: string;
  /** `next` of the page before. */
  readonly after?: TableItem;
  readonly countMax?: number;
}

export interface TablePage {
  readonly items: readonly TableItem[];
  /** Where the next page starts; absent on the last page. */
  readonly next?: TableItem;
}

/** One DynamoDB table. Every call ends within `budgetMs`, with an answer, never a throw. Nothing is tried again by itself. */
export interface Table {
  /** The items that are there, in no order, read as they are now; any number of distinct keys. Failed when any call was. */
  get(keys: readonly TableKey[], budgetMs: number): Promise<Fetched<readonly TableItem[]>>;
  query(query: TableQuery, budgetMs: number): Promise<Fetched<TablePage>>;
  write(write: TableWrite, budgetMs: number): Promise<Answer>;
  /**
   * All of at most 100 writes or none; of different items. When it did not happen, the answer's code holds the reasons
   * of the writes that kept it from happening, each once, joined with `+`: `ConditionalCheckFailed+TransactionConflict`.
   */
  transact(writes: readonly TableWrite[], budgetMs: number): Promise<Answer>;
  /** Any number of puts and deletes of different items, without conditions and each for itself; `value` holds those that were not done. */
  writeAll(
    writes: readonly (TablePut | TableDelete)[],
    budgetMs: number,
  ): Promise<Fetched<readonly (TablePut | TableDelete)[]>>;
}

/** Figures under the names in metrics.ts; adapters decide how they reach CloudWatch. */
export interface Metrics {
  /** What adds up. */
  count(name: string, value: number, dimensions?: Readonly<Record<string, string>>): void;
  /** What is as it is: of several values at a time the greatest and the smallest mean something, and not their sum. */
  gauge(name: string, value: number, dimensions?: Readonly<Record<string, string>>): void;
}

/** Structured log lines; never given secrets. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
