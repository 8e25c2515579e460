import type { ActiveFault, Fault, ListedFault } from './fault/fault.ts';

/**
 * The local cloud as its users see it: the console, the drills and the tests. Whatever they need goes through here.
 */
export interface LocalCloud {
  /** In the deploy order: the first is the primary. */
  readonly regions: readonly string[];
  readonly urls: LocalUrls;
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
  /** What functions wrote to their log, as parsed JSON lines, oldest first, the newest 100,000. */
  functionLogs(region: string): readonly FunctionLogLine[];
  /** Closes every server and ends every environment; with `keep` the state can be taken up again at the next start. */
  stop(): Promise<void>;
}

export interface LocalUrls {
  /** The tracking name, as DNS would resolve it. */
  readonly name: string;
  readonly console: string;
  readonly endpoint: string;
  readonly region: Readonly<Record<string, string>>;
}

export interface FunctionLogLine {
  readonly functionName: string;
  readonly line: string;
}

/** Everything in `GET /api/state`. Counters count since start. */
export interface CloudState {
  readonly urls: LocalUrls;
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly speed: number;
  /** The region that the tracking name resolves to now. */
  readonly nameAnswers: string;
  readonly regions: readonly RegionState[];
  readonly faults: readonly ListedFault[];
  /** `service:Action` to count, all regions: for example `s3:PutObject`. */
  readonly calls: Readonly<Record<string, number>>;
}

export interface RegionState {
  readonly region: string;
  readonly healthy: boolean;
  readonly queues: readonly QueueState[];
  readonly bucket: {
    readonly name: string;
    readonly segments: number;
    readonly bytes: number;
    readonly lastWrittenAtMs?: number;
  };
  readonly functions: readonly FunctionState[];
  /** Sums of what the functions counted (metrics.ts); with dimensions as `Captured{rung=intake-home}`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** `service:Action` to count, calls that this region answered or failed to. */
  readonly calls: Readonly<Record<string, number>>;
  /** Calls that the caller's policy did not grant: `caller service:Action arn`. */
  readonly denied: readonly string[];
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
  readonly errors: number;
  readonly coldStarts: number;
}
