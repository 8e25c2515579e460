/**
 * Everything that the core and the handlers need from the outside world. AWS adapters (lambda/aws), the simulation and
 * the tests each implement these ports. No other code reads a clock, draws a random number or opens a connection.
 */

/** Time in milliseconds since the Unix epoch, and waiting for it to pass. */
export interface Clock {
  nowMs(): number;
  sleep(durationMs: number): Promise<void>;
}

export interface Random {
  /** Unpredictable bytes: nobody may be able to guess the random part of a transaction id. */
  bytes(length: number): Uint8Array;
}

/**
 * What came back from a call to an AWS service: the HTTP status and the service's error code. Status 0 means that no
 * answer came; the code is then the reason (`Timeout`, `ECONNRESET`, `ENOTFOUND`, …). call-outcome.ts interprets it.
 */
export interface Answer {
  readonly status: number;
  readonly code: string;
}

/** The result of a call that returns a value: the value on success, else the answer. */
export type Fetched<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'failed'; readonly answer: Answer };

/** One SQS queue, as senders see it. Every call ends within `budgetMs`, with an answer and never a throw. */
export interface QueueSender {
  send(body: string, budgetMs: number, attributes?: Readonly<Record<string, string>>): Promise<Answer>;
}

/** One SQS queue, as `track` sees it. Every call ends within `budgetMs`, with an answer and never a throw. */
export interface IntakeQueue {
  send(body: string, budgetMs: number): Promise<Answer>;
  /** Makes one signed call that changes nothing. It opens the connection, so no click waits for the TLS handshake. */
  warm(budgetMs: number): Promise<Answer>;
}

export interface ReceivedMessage {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
  /** When SQS took the message, ms since the epoch. */
  readonly sentAtMs: number;
  /** How often SQS has handed the message out, this time included. */
  readonly receiveCount: number;
}

/** One SQS queue, as receivers see it. */
export interface QueueReceiver {
  /**
   * At most 10 messages (SQS's limit), without waiting for new ones. Each stays invisible to other receivers for the
   * visibility timeout of the queue.
   */
  receive(countMax: number, budgetMs: number): Promise<Fetched<readonly ReceivedMessage[]>>;
  /** Deletes any number of messages. `value` holds the receipts of those that could not be deleted. */
  remove(receipts: readonly string[], budgetMs: number): Promise<Fetched<readonly string[]>>;
  /** Makes messages visible again at once. After a failure they become visible later by themselves. */
  release(receipts: readonly string[], budgetMs: number): Promise<void>;
}

export interface ListingPage {
  readonly keys: readonly string[];
  /** In the order of `keys`. An object gets a new etag when it is overwritten. */
  readonly etags: readonly string[];
  /** In the order of `keys`. */
  readonly sizesBytes: readonly number[];
  /** The `after` of the next page; absent on the last page. */
  readonly next?: string;
}

export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
}

/** One S3 bucket. Every call ends within `budgetMs`, with an answer and never a throw. */
export interface Bucket {
  /** Writes with If-None-Match, so a key keeps the first bytes written under it. 412 means that the key exists. */
  putIfAbsent(key: string, body: Uint8Array, budgetMs: number): Promise<Answer>;
  /**
   * Compare-and-swap: writes only while the object has the etag `ifEtag`, or while there is no object when `ifEtag` is
   * undefined. Gives the new etag. `isOvertaken` (call-outcome.ts) tells whether another writer was faster.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
   */
  replace(key: string, body: Uint8Array, ifEtag: string | undefined, budgetMs: number): Promise<Fetched<string>>;
  /** With `unlessEtag`, the result is a failed 304 when the object still has that etag. */
  get(key: string, budgetMs: number, unlessEtag?: string): Promise<Fetched<StoredObject>>;
  /**
   * `lengthBytes` bytes, at least 1, from byte `fromByte` on. Gives fewer where the object ends. The result is a failed
   * 416 when the object ends before `fromByte`.
   */
  getRange(key: string, fromByte: number, lengthBytes: number, budgetMs: number): Promise<Fetched<StoredObject>>;
  /** Keys in order, at most 1,000 a page (S3's limit). */
  list(prefix: string, budgetMs: number, after?: string): Promise<Fetched<ListingPage>>;
}

/** One S3 bucket, as `track` sees it. */
export type CaptureBucket = Pick<Bucket, 'putIfAbsent' | 'get'>;

/** Text, or a number without a fraction. */
export type TableValue = string | bigint;

/** One item of a table with its keys `pk` and `sk`. */
export type TableItem = Readonly<Record<string, TableValue>>;

export interface TableKey {
  readonly pk: string;
  readonly sk: string;
}

/** A condition of a write on the stored item. An item that does not exist has no attributes. */
export type TableTest =
  | { readonly attribute: string; readonly is: 'absent' }
  | { readonly attribute: string; readonly is: 'equal'; readonly value: TableValue };

/** Sets some attributes of an item, or creates the item. */
export interface TableWrite {
  readonly key: TableKey;
  readonly set: TableItem;
  /** At least one of these has to hold. Without `when` the write always happens. */
  readonly when?: readonly TableTest[];
}

/** One DynamoDB table. Every call ends within `budgetMs`, with an answer and never a throw, and is not retried. */
export interface Table {
  /**
   * Reads any number of distinct keys, strongly consistent. Gives the items that exist, in no order. One failed call
   * fails all.
   */
  get(keys: readonly TableKey[], budgetMs: number): Promise<Fetched<readonly TableItem[]>>;
  write(write: TableWrite, budgetMs: number): Promise<Answer>;
}

/** One SNS topic. Every call ends within `budgetMs`, with an answer and never a throw. */
export interface MessageTopic {
  /** Tells everybody who is subscribed. `subject`: less than 100 ASCII characters. */
  publish(subject: string, body: string, budgetMs: number): Promise<Answer>;
}

/** Values for the metrics in metrics.ts. An adapter decides how they reach CloudWatch. */
export interface Metrics {
  /** A value that adds up. */
  count(name: string, value: number, dimensions?: Readonly<Record<string, string>>): void;
  /** A level at one moment. Readers take the maximum or the minimum of several values, never their sum. */
  gauge(name: string, value: number, dimensions?: Readonly<Record<string, string>>): void;
}

/** Structured log lines. Callers never pass secrets. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
