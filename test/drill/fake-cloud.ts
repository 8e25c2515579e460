import { encodeLine, type LoggedEvent } from '../../core/event/event.ts';
import { segmentsOf } from '../../core/log/segment.ts';
import type { Clock } from '../../core/ports.ts';
import type { ActiveFault, Fault } from '../../local/fault/fault.ts';
import type {
  CloudState,
  FunctionLogLine,
  FunctionState,
  GrantUse,
  InvokeAnswer,
  LocalCloud,
  QueueState,
  StoredItem,
} from '../../local/handle.ts';
import type { Partner } from '../../local/internet/partners.ts';
import type { TopicMessage } from '../../local/model/topic.ts';

export const east = 'us-east-1';
export const west = 'us-west-2';

interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A partner that lists what a test puts into it. */
class FakePartner implements Partner {
  readonly label: string;
  readonly name = 'partner';
  readonly url = 'http://partner';
  readonly address = '52.0.0.1';
  readonly port = 80;
  readonly got: ReturnType<Partner['requests']>[number][] = [];

  constructor(label: string) {
    this.label = label;
  }

  requests() {
    return this.got;
  }

  counts(): ReturnType<Partner['counts']> {
    return { received: this.got.length, accepted: this.got.length, acceptedById: new Map(), byKind: new Map() };
  }

  behave(): void {}

  setAnswers(): void {}

  async close(): Promise<void> {}
}

/** A local cloud that does nothing by itself. It holds only what a test puts into it. */
export class FakeCloud implements LocalCloud {
  readonly regions = [east, west];
  readonly urls = { name: 'http://name', console: 'http://console', endpoint: 'http://endpoint', region: {} };
  /** The objects in the bucket of each region's log. */
  readonly logs: Readonly<Record<string, Map<string, Uint8Array>>> = { [east]: new Map(), [west]: new Map() };
  readonly queues = new Map<string, Message[]>();
  readonly lines: Readonly<Record<string, FunctionLogLine[]>> = { [east]: [], [west]: [] };
  readonly calls: Record<string, number> = {};
  readonly denied: string[] = [];
  granted: readonly GrantUse[] = [];
  readonly metrics: Record<string, number> = {};
  readonly faults = new Map<string, ActiveFault>();
  readonly invocations: { readonly region: string; readonly functionName: string; readonly payload: string }[] = [];
  /** Called when the drill invokes a function. Returns the function's answer. */
  answer: (region: string, payload: string) => InvokeAnswer = () => ({ kind: 'done', payload: '{}' });
  /** The number of strikes of every fault. */
  strikes = 7;
  readonly stops: number[] = [];
  functions: readonly FunctionState[] = [];
  nameAnswers = east;
  /** The number of clients that cache an answer, by its region. */
  holding: Readonly<Record<string, number>> = {};
  speed = 10;
  aheadMs = 0;
  readonly opened: FakePartner[] = [];
  readonly messages: (TopicMessage & { readonly region: string })[] = [];
  oldestAgeMs = 0;
  readonly #clock: Clock;
  readonly #healings: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    for (const region of this.regions) {
      for (const name of ['intake', `failure-${east}`, `failure-${west}`, 'dead-letters']) {
        this.queues.set(`${region} keeptrack-${name}`, []);
      }
    }
  }

  /** Puts one segment of these events into the logs of these regions. */
  store(events: readonly LoggedEvent[], regions: readonly string[] = this.regions): string {
    const segment = segmentsOf(events.map(encodeLine))[0];
    if (segment === undefined) throw new Error('no events');
    for (const region of regions) this.logs[region]?.set(segment.key, segment.gzip);
    return segment.key;
  }

  enqueue(region: string, name: string, body: string, attributes: Readonly<Record<string, string>> = {}): void {
    this.queues.get(`${region} ${name}`)?.push({ id: 'message', body, attributes });
  }

  loseRegion(region: string): void {
    this.logs[region]?.clear();
    for (const [name, messages] of this.queues) if (name.startsWith(`${region} `)) messages.length = 0;
  }

  advance(ms: number): void {
    this.aheadMs += ms;
  }

  async openPartner(label: string): Promise<FakePartner> {
    const partner = new FakePartner(label);
    this.opened.push(partner);
    return partner;
  }

  partners(): readonly FakePartner[] {
    return this.opened;
  }

  outboundStrays(): readonly string[] {
    return [];
  }

  state(): CloudState {
    return {
      urls: this.urls,
      nowMs: this.#clock.nowMs() + this.aheadMs,
      startedAtMs: 0,
      speed: this.speed,
      nameAnswers: this.nameAnswers,
      name: {
        trackingName: 'go.example.com',
        answers: [{ region: this.nameAnswers, share: 1 }],
        clients: { total: 50, holding: this.holding },
        healthChecks: [],
      },
      faults: [...this.faults.values()].map((fault) => ({ ...fault, strikes: this.strikes })),
      calls: { ...this.calls },
      regions: this.regions.map((region) => ({
        region,
        healthy: true,
        queues: this.#queueStates(region),
        tables: [],
        figures: [],
        bucket: { name: `log-${region}`, segments: 0, bytes: 0 },
        functions: this.functions,
        messages: [],
        metrics: region === east ? this.metrics : {},
        calls: {},
        denied: region === east ? this.denied : [],
      })),
    };
  }

  #queueStates(region: string): QueueState[] {
    return [...this.queues]
      .filter(([place]) => place.startsWith(`${region} `))
      .map(([place, messages]) => ({
        name: place.slice(region.length + 1),
        visible: messages.length,
        inFlight: 0,
        delayed: 0,
        oldestAgeMs: messages.length === 0 ? 0 : this.oldestAgeMs,
      }));
  }

  addFault(fault: Fault): ActiveFault {
    const active = { ...fault, id: `fault-${this.faults.size + 1}` };
    this.faults.set(active.id, active);
    return active;
  }

  /** Runs `task` when a fault is removed next. */
  onHeal(task: () => void): void {
    this.#healings.push(task);
  }

  removeFault(id: string): boolean {
    for (const task of this.#healings.splice(0)) task();
    return this.faults.delete(id);
  }

  logKeys(region: string, prefix = 'log/'): readonly string[] {
    return [...(this.logs[region]?.keys() ?? [])].filter((key) => key.startsWith(prefix)).sort();
  }

  logObject(region: string, key: string): Uint8Array {
    const body = this.logs[region]?.get(key);
    if (body === undefined) throw new Error(`${region} has no ${key}`);
    return body;
  }

  queueMessages(region: string, queueName: string): readonly Message[] {
    return this.queues.get(`${region} ${queueName}`) ?? [];
  }

  functionLogs(region: string): readonly FunctionLogLine[] {
    return this.lines[region] ?? [];
  }

  topicMessages(region: string): readonly TopicMessage[] {
    return this.messages.filter((message) => message.region === region);
  }

  tableItems(): readonly StoredItem[] {
    return [];
  }

  plantLogObject(region: string, key: string, body: Uint8Array): void {
    this.logs[region]?.set(key, body);
  }

  async invokeFunction(region: string, functionName: string, payload: string): Promise<InvokeAnswer> {
    this.invocations.push({ region, functionName, payload });
    return this.answer(region, payload);
  }

  grants(): readonly GrantUse[] {
    return this.granted;
  }

  async stop(): Promise<void> {
    this.stops.push(this.#clock.nowMs());
  }
}
