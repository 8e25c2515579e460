import { failureQueueName, figuresTableName, logBucketName, queueArn } from '../core/config/resource-names.ts';
import { limits } from '../core/limits/limits.ts';
import type { IntakeQueue, Log } from '../core/ports.ts';
import { type Side, sides } from '../eventlog/log-buckets.ts';
import { PlaceDamping } from '../eventlog/place-damping.ts';
import type { PlacingPorts } from '../eventlog/place-segment.ts';
import type { AuditPorts } from '../lambda/audit/audit.ts';
import type { LedgerPorts } from '../lambda/ledger/ports.ts';
import type { NotifyPorts } from '../lambda/notify/notify-run.ts';
import type { ReplayPorts } from '../lambda/replay/replay.ts';
import { createStorageSwitch } from '../lambda/shared/storage-switch.ts';
import type { StatsPorts } from '../lambda/stats/ports.ts';
import { FaultBoard } from '../local/fault/fault-board.ts';
import { BucketModel } from '../local/model/bucket.ts';
import { memoryBucketStore } from '../local/model/bucket-store.ts';
import { Queue } from '../local/model/queue.ts';
import type { TableModel } from '../local/model/table/table.ts';
import type { Chance } from '../local/model/time.ts';
import { SimulatedEnvironment } from './environment.ts';
import { inProcessBucket } from './in-process-bucket.ts';
import { inProcessQueue } from './in-process-queue.ts';
import { inProcessTable } from './in-process-table.ts';
import { indexTable } from './index-table.ts';
import { MetricRecorder } from './metric-recorder.ts';
import { SimulatedTime } from './simulated-time.ts';

const deployment = { name: 'keeptrack', account: '123456789012' };

export const regionNames = ['us-east-1', 'us-west-2'] as const;
export type RegionName = (typeof regionNames)[number];

interface Region {
  readonly name: RegionName;
  readonly bucket: BucketModel;
  readonly intake: Queue;
  /** Failure queues of this region by the region whose bucket is owed. */
  readonly failureQueues: Readonly<Record<RegionName, Queue>>;
  readonly deadLetters: Queue;
  /** The conversion index. */
  readonly index: TableModel;
}

export interface SimulatedWorld {
  readonly time: SimulatedTime;
  readonly board: FaultBoard;
  readonly chance: Chance;
  readonly regions: Readonly<Record<RegionName, Region>>;
  readonly recorder: MetricRecorder;
}

/** Two regions of models in one simulated time. Only `chance` can make two runs differ. */
export function createSimulatedWorld(startMs: number, chance: Chance): SimulatedWorld {
  const time = new SimulatedTime(startMs);
  const board = new FaultBoard({ time, chance });
  const region = (name: RegionName) => createRegion(name, time, chance);
  const regions = { 'us-east-1': region('us-east-1'), 'us-west-2': region('us-west-2') };
  return { time, board, chance, regions, recorder: new MetricRecorder() };
}

function createRegion(name: RegionName, time: SimulatedTime, chance: Chance): Region {
  const queue = (queueName: string, visibilityTimeoutSeconds: number, redrive = {}) =>
    new Queue(
      {
        name: queueName,
        arn: queueArn(deployment, name, queueName),
        visibilityTimeoutSeconds,
        retentionSeconds: limits.queue.retentionSeconds,
        receiveWaitSeconds: 0,
        delaySeconds: 0,
        messageBytesMax: limits.queue.messageBytesMax,
        ...redrive,
      },
      { time, chance, findQueue: () => deadLetters },
    );
  const deadLetters: Queue = queue('dead-letters', limits.queue.failureVisibilitySeconds);
  const failureQueueFor = (owed: RegionName) =>
    queue(failureQueueName(deployment, owed), limits.queue.failureVisibilitySeconds);
  const redrive = { deadLetterArn: deadLetters.settings.arn, receiveCountMax: limits.queue.receiveCountMax };
  const bucket = new BucketModel({
    name: logBucketName(deployment, name),
    versioned: true,
    time,
    store: memoryBucketStore(),
  });
  return {
    name,
    bucket,
    intake: queue('intake', limits.store.windowSeconds.usual + limits.queue.intakeVisibilitySeconds, { redrive }),
    failureQueues: { 'us-east-1': failureQueueFor('us-east-1'), 'us-west-2': failureQueueFor('us-west-2') },
    deadLetters,
    index: indexTable(figuresTableName(deployment), name),
  };
}

export interface FunctionOptions {
  readonly world: SimulatedWorld;
  readonly home: RegionName;
  readonly functionName: string;
  readonly viaQueueOneIn?: number;
  readonly diesAtStep?: number;
  /** Only for the ledger. A small value makes it count the visitors even of a small hour in several parts. */
  readonly visitorsMax?: number;
  /** The zone of the network's days, for stats and the ledger. UTC if absent. */
  readonly timeZone?: string;
  /** Only for `notify`: the servers of partners, and what clicks said. */
  readonly partners?: Pick<NotifyPorts, 'send' | 'openFacts'>;
}

export interface WorldFunction {
  readonly environment: SimulatedEnvironment;
  readonly placing: PlacingPorts;
  readonly replay: ReplayPorts;
  readonly audit: AuditPorts;
  readonly stats: StatsPorts;
  readonly ledger: LedgerPorts;
  readonly notify: NotifyPorts;
  /** The intake queues, as `track` sees them. */
  readonly intake: Readonly<Record<Side, IntakeQueue>>;
}

/** A fresh environment of a function, with the ports of every function. `track-function.ts` has what only `track` needs. */
export function createFunction(options: FunctionOptions): WorldFunction {
  const { world, home, functionName, viaQueueOneIn = 0, diesAtStep, partners } = options;
  const { visitorsMax = limits.ledger.visitorsMax, timeZone = 'UTC' } = options;
  const { time, board, chance, regions, recorder } = world;
  const died = diesAtStep === undefined ? {} : { diesAtStep };
  const environment = new SimulatedEnvironment({ time, board, chance, region: home, functionName, ...died });
  const at: Record<Side, Region> = { home: regions[home], peer: regions[otherThan(home)] };
  const { buckets, queue, failureQueuesFor } = servicesAt(at, environment);
  const around = { clock: time, metrics: recorder, log: silentLog };
  const bucketPorts = { home: buckets.home.bucket, peer: buckets.peer.bucket };
  const placing: PlacingPorts = {
    targets: {
      buckets,
      failureQueues: { home: failureQueuesFor('home'), peer: failureQueuesFor('peer') },
      deadLetters: queue(at.home.deadLetters, 'home'),
    },
    storage: createStorageSwitch({ ...around, region: home, bucket: bucketPorts }),
    viaQueueOneIn,
    damping: new PlaceDamping(time),
    ...around,
  };
  const debtors = sides.map((side) => ({ side, target: buckets[side], queues: failureQueuesFor(side) }));
  const index = inProcessTable(at.home.index, home, environment);
  const random = { bytes: (length: number) => Uint8Array.from({ length }, () => Math.floor(world.chance() * 256)) };
  const folding = { ...around, buckets, index, random, hasPostbacks: true };
  const intake = queue(at.home.intake, 'home');
  const intakes = { home: intake, peer: queue(at.peer.intake, 'peer') };
  return {
    environment,
    placing,
    intake: intakes,
    replay: { ...placing, debtors, intake },
    audit: { ...around, buckets, regions: { home, peer: otherThan(home) }, storage: placing.storage },
    stats: {
      ...folding,
      countsRowsAgain: true,
      regions: { home, peer: otherThan(home) },
      timeZone,
    },
    ledger: { ...folding, visitorsMax, timeZone },
    notify: {
      ...{ ...around, buckets, random, hasPostbacks: true },
      intake: intakes,
      regions: { home, peer: otherThan(home) },
      isPrimary: home === regionNames[0],
      send: partners?.send ?? (async () => ({ kind: 'delivered', status: 200, ms: 0 })),
      openFacts: partners?.openFacts ?? (() => async () => ({ facts: new Map(), unread: new Set() })),
    },
  };
}

/** The buckets and queues of both sides, as a function in this environment calls them. */
function servicesAt(at: Readonly<Record<Side, Region>>, environment: SimulatedEnvironment) {
  const queue = (model: Queue, where: Side) => inProcessQueue(model, at[where].name, environment);
  const failureQueuesFor = (owed: Side) =>
    [owed, ...sides.filter((side) => side !== owed)].map((where) =>
      queue(at[where].failureQueues[at[owed].name], where),
    );
  const bucket = (side: Side) => ({
    name: at[side].bucket.name,
    bucket: inProcessBucket(at[side].bucket, at[side].name, environment),
  });
  return { buckets: { home: bucket('home'), peer: bucket('peer') }, queue, failureQueuesFor };
}

export function otherThan(region: RegionName): RegionName {
  return region === 'us-east-1' ? 'us-west-2' : 'us-east-1';
}

const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
