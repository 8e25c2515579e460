import type { ActiveFault, Fault, ListedFault } from './fault/fault.ts';
import type { Partner } from './internet/partners.ts';
import type { AttributeMap } from './model/table/attribute-value.ts';
import type { TopicMessage } from './model/topic.ts';

/** The local cloud as the console, the drills and the tests use it. They use no other part of it. */
export interface LocalCloud {
  /** The primary region first. */
  readonly regions: readonly string[];
  readonly urls: CloudUrls;
  state(): CloudState;
  /** Sets the clock of the models and of the functions forward. Schedules and time-outs go on as before. */
  advance(ms: number): void;
  addFault(fault: Fault): ActiveFault;
  removeFault(id: string): boolean;
  /**
   * Starts a partner's server that functions reach as `http://<label>.partner.test`. Rejects when the partner exists. The
   * server ends with the cloud.
   */
  openPartner(label: string): Promise<Partner>;
  /** Partners that were opened, the demo partner first. */
  partners(): readonly Partner[];
  /** The first 1,000 addresses that functions tried to connect to and that belong to no partner. */
  outboundStrays(): readonly string[];
  /**
   * The keys in the bucket of one region's log that begin with `prefix`, sorted; without `prefix` those of the log
   * itself. Deleted objects are left out.
   */
  logKeys(region: string, prefix?: string): readonly string[];
  /** The bytes of one object in the bucket of one region's log. */
  logObject(region: string, key: string): Uint8Array;
  /** Every message in a queue, visible or not. */
  queueMessages(
    region: string,
    queueName: string,
  ): readonly { readonly id: string; readonly body: string; readonly attributes: Readonly<Record<string, string>> }[];
  /** Writes an object into one region's event log and overwrites an object of the same key, which no function would do. */
  plantLogObject(region: string, key: string, body: Uint8Array): void;
  /**
   * Everything that a region holds is gone: objects, messages, items and environments. Afterwards it is like a region that
   * was just deployed. What its functions printed stays for checks.
   */
  loseRegion(region: string): void;
  /** Invokes a function by its name and waits for it; `payload` and the answer are JSON text. */
  invokeFunction(region: string, functionName: string, payload: string): Promise<InvokeAnswer>;
  /** The newest 1,000 messages to the SNS topics of a region, oldest first. */
  topicMessages(region: string): readonly TopicMessage[];
  /** Every item of a DynamoDB table, in any order. Reading them costs no units. */
  tableItems(region: string, tableName: string): readonly StoredItem[];
  /** The newest 100,000 lines that functions logged, as parsed JSON, oldest first. */
  functionLogs(region: string): readonly FunctionLogLine[];
  /** Every grant of the functions' policies, used or not. */
  grants(): readonly GrantUse[];
  /** Closes every server and ends every environment. With `keep` the next start can go on with the state. */
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
  /** Port 80 of the tracking name and of each region. Absent when no region has a load balancer. */
  readonly overHttp?: { readonly name: string; readonly region: Readonly<Record<string, string>> };
  /** The other front door of each region, while a deployment changes its door. */
  readonly secondDoor?: Readonly<Record<string, string>>;
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
  /** The function's region. */
  readonly region: string;
  readonly functionName: string;
  readonly action: string;
  /** As the policy writes it, wildcards included. */
  readonly resource: string;
  /** Since the start. A call counts even if a fault answered it. */
  readonly used: number;
}

/** The answer to `GET /api/state`. Counters count since the start. */
export interface CloudState {
  readonly urls: CloudUrls;
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly speed: number;
  /** The region that gets most new queries for the tracking name; empty when there is no answer. */
  readonly nameAnswers: string;
  readonly name: NameState;
  readonly regions: readonly RegionState[];
  readonly faults: readonly ListedFault[];
  /** `service:Action` to count, all regions: for example `s3:PutObject`. */
  readonly calls: Readonly<Record<string, number>>;
}

/** The answers of Route 53, and the answers that clients still hold. */
export interface NameState {
  /** Absent without a domain: then the primary answers, whatever happens. */
  readonly trackingName?: string;
  /** The answers to new queries; the shares sum up to 1. */
  readonly answers: readonly { readonly region: string; readonly share: number }[];
  /** How many clients the port of the tracking name stands for. A client that holds no answer asks again. */
  readonly clients: { readonly total: number; readonly holding: Readonly<Record<string, number>> };
  readonly healthChecks: readonly HealthCheckState[];
}

export interface HealthCheckState {
  readonly id: string;
  /** The region whose stack has the check. */
  readonly region: string;
  /** Domain name and path; of a calculated check, how many of its region's others must be healthy. */
  readonly watches: string;
  readonly inverted: boolean;
  readonly healthy: boolean;
  /** False while the checkers have seen too little to change the verdict. */
  readonly settled: boolean;
  /** How many of `checkers` find the endpoint healthy; both absent for a calculated check. */
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
  /** The latest hours that have figures, newest first. None in an earlier release. */
  readonly figures: readonly CountedHour[];
  readonly functions: readonly FunctionState[];
  /** The newest messages to the region's topic, newest first: what the alarm address would get as mails. */
  readonly messages: readonly TopicMessage[];
  /** Sums of counters and last values of gauges (core/metrics.ts). A dimension is a part of the name: `Captured{rung=intake-home}`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** `service:Action` to count, of the calls that this region got. */
  readonly calls: Readonly<Record<string, number>>;
  /** Calls that the caller's policy does not grant: `caller service:Action arn`. */
  readonly denied: readonly string[];
}

export interface CountedHour {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** 0 while the hour is provisional. */
  readonly revision: number;
  /** Why the revision was made. */
  readonly cause: string;
  readonly segments: number;
  readonly events: number;
  /** When the figures were made. */
  readonly atMs: number;
  /** Every segment that the log had at this moment is counted. */
  readonly foldedToMs: number;
  /** An hour that is not over is provisional, even if an operator had a revision of it made. */
  readonly isOver: boolean;
}

export interface TableState {
  readonly name: string;
  readonly items: number;
  /** Counted as AWS counts the size of an item. */
  readonly bytes: number;
  /** As AWS bills them, since the start. A transaction counts twice, and a write counts for each index that it changes. */
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
  /** Invocations that began and failed. Their work may have stopped half-way. */
  readonly errors: number;
  /** Environments that failed before their first invocation. */
  readonly failedStarts: number;
  readonly coldStarts: number;
}
