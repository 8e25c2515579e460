import type { ActiveFault, Fault, ListedFault } from './fault/fault.ts';
import type { AttributeMap } from './model/table/attribute-value.ts';

/**
 * The local cloud as its users see it: the console, the drills and the tests. Whatever they need goes through here.
 */
export interface LocalCloud {
  /** In the deploy order: the first is the primary. */
  readonly regions: readonly string[];
  readonly urls: CloudUrls;
  state(): CloudState;
  addFault(fault: Fault): ActiveFault;
  removeFault(id: string): boolean;
  /** Keys of one region's log, sorted, latest versions only. */
  logKeys(region: string): readonly string[];
  /** The bytes of one object of one region's log. */
  logObject(region: string, key: string): Uint8Array;
  /** Every message that stands in a queue now, visible or not. */
  queueMessages(
    region: string,
    queueName: string,
  ): readonly { readonly id: string; readonly body: string; readonly attributes: Readonly<Record<string, string>> }[];
  /** Puts an object into one region's log, over what lies there under the same key, as no function of ours would. */
  plantLogObject(region: string, key: string, body: Uint8Array): void;
  /** Invokes a function by its name and waits for it; `payload` and the answer are JSON text. */
  invokeFunction(region: string, functionName: string, payload: string): Promise<InvokeAnswer>;
  /** Every item of a DynamoDB table, in no order that means anything; reading them costs no units. */
  tableItems(region: string, tableName: string): readonly StoredItem[];
  /** What functions wrote to their log, as parsed JSON lines, oldest first, the newest 100,000. */
  functionLogs(region: string): readonly FunctionLogLine[];
  /** Everything that the functions' policies grant, used or not. */
  grants(): readonly GrantUse[];
  /** Closes every server and ends every environment; with `keep` the state can be taken up again at the next start. */
  stop(): Promise<void>;
}

/** Attributes as DynamoDB's API writes them: `{ sk: { S: 'x' }, clicks: { N: '5' } }`; numbers are decimal text. */
export type StoredItem = AttributeMap;

export interface CloudUrls {
  /** The tracking name, as DNS would resolve it. */
  readonly name: string;
  readonly console: string;
  readonly endpoint: string;
  readonly region: Readonly<Record<string, string>>;
}

export type InvokeAnswer =
  | { readonly kind: 'done'; readonly payload: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface FunctionLogLine {
  readonly functionName: string;
  readonly line: string;
}

/** One action on one resource that a policy grants a function, and how often the function made use of it. */
export interface GrantUse {
  /** Of the function. */
  readonly region: string;
  readonly functionName: string;
  readonly action: string;
  /** As the policy writes it, wildcards included. */
  readonly resource: string;
  /** Since start. A call counts also when a fault answered it: it was made. */
  readonly used: number;
}

/** Everything in `GET /api/state`. Counters count since start. */
export interface CloudState {
  readonly urls: CloudUrls;
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly speed: number;
  /** The region that most new queries for the tracking name are sent to; empty when there is no answer. */
  readonly nameAnswers: string;
  readonly name: NameState;
  readonly regions: readonly RegionState[];
  readonly faults: readonly ListedFault[];
  /** `service:Action` to count, all regions: for example `s3:PutObject`. */
  readonly calls: Readonly<Record<string, number>>;
}

/** What Route 53 does, and what clients make of it. */
export interface NameState {
  /** Absent without a domain: then the primary answers, whatever happens. */
  readonly trackingName?: string;
  /** What new queries get; the shares sum up to 1. */
  readonly answers: readonly { readonly region: string; readonly share: number }[];
  /** The port of the tracking name stands for so many; those that hold no answer ask anew. */
  readonly clients: { readonly total: number; readonly holding: Readonly<Record<string, number>> };
  readonly healthChecks: readonly HealthCheckState[];
}

export interface HealthCheckState {
  readonly id: string;
  /** Whose stack has it. */
  readonly region: string;
  /** Domain name and path; of a calculated check, how many of its region's others must be healthy. */
  readonly watches: string;
  readonly inverted: boolean;
  readonly healthy: boolean;
  /** False while its checkers may not have seen enough yet to change their minds. */
  readonly settled: boolean;
  /** Checkers to whom the endpoint is well, of how many; absent for a calculated check. */
  readonly passing?: number;
  readonly checkers?: number;
}

export interface RegionState {
  readonly region: string;
  /** By the health check on its record of the tracking name; true when there is none. */
  readonly healthy: boolean;
  readonly queues: readonly QueueState[];
  readonly tables: readonly TableState[];
  readonly bucket: {
    readonly name: string;
    readonly segments: number;
    readonly bytes: number;
    readonly lastWrittenAtMs?: number;
  };
  /** Absent without a table of figures, as in an earlier release. */
  readonly figures?: FiguresState;
  readonly functions: readonly FunctionState[];
  /** What the functions counted, summed up, and what their gauges showed last (metrics.ts); with dimensions as `Captured{rung=intake-home}`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** `service:Action` to count, calls that this region answered or failed to. */
  readonly calls: Readonly<Record<string, number>>;
  /** Calls that the caller's policy did not grant: `caller service:Action arn`. */
  readonly denied: readonly string[];
}

export interface FiguresState {
  /** Its name. */
  readonly table: string;
  readonly items: number;
  /** When a segment was counted last, at once or after all; absent while none was. */
  readonly countedAtMs?: number;
  /** The latest 24 that have figures, newest first. */
  readonly hours: readonly CountedHour[];
}

export interface CountedHour {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** Counted provisionally. */
  readonly segments: number;
  /** It is to be made final again. */
  readonly isReopened: boolean;
  /** One that is not over is provisional also when somebody had a revision made of it. */
  readonly isOver: boolean;
  /** The latest revision that is in force; absent while there is none. */
  readonly final?: {
    readonly revision: number;
    readonly cause: string;
    readonly events: number;
    readonly atMs: number;
  };
}

export interface TableState {
  readonly name: string;
  readonly items: number;
  /** As AWS counts what an item takes. */
  readonly bytes: number;
  /** As AWS bills them, since start; transactions double, and a write counts for each index that it changes. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

export interface QueueState {
  readonly name: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly oldestAgeMs: number;
}

export interface FunctionState {
  readonly name: string;
  readonly environments: number;
  readonly busy: number;
  readonly invocations: number;
  /** Of invocations that had begun: whatever the function was at stopped half-way, or may have. */
  readonly errors: number;
  /** Environments that came to no invocation. */
  readonly failedStarts: number;
  readonly coldStarts: number;
}
