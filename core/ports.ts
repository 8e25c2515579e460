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

export interface Listing {
  readonly keys: readonly string[];
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
  list(prefix: string, budgetMs: number, after?: string): Promise<Fetched<Listing>>;
  warm(budgetMs: number): Promise<Answer>;
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
