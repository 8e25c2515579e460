import {
  failureQueueName,
  figuresTableName,
  logBucketName,
  queueArn,
  statsFailureQueueName,
  statsQueueName,
} from '../core/config/resource-names.ts';
import { limits } from '../core/limits/limits.ts';
import type { Log } from '../core/ports.ts';
import { type Side, sides } from '../eventlog/log-buckets.ts';
import type { PlacingPorts } from '../eventlog/place-segment.ts';
import type { AuditPorts } from '../lambda/audit/audit.ts';
import type { LedgerPorts } from '../lambda/ledger/steps.ts';
import type { ReplayPorts } from '../lambda/replay/replay.ts';
import { createOffersByDay } from '../lambda/shared/offers-by-day.ts';
import { createStorageSwitch } from '../lambda/shared/storage-switch.ts';
import type { StatsPorts } from '../lambda/stats/stats.ts';
import { FaultBoard } from '../local/fault/fault-board.ts';
import { BucketModel } from '../local/model/bucket.ts';
import { memoryBucketStore } from '../local/model/bucket-store.ts';
import { Queue } from '../local/model/queue.ts';
import type { TableModel } from '../local/model/table/table.ts';
import type { Chance } from '../local/model/time.ts';
import { SimulatedEnvironment } from './environment.ts';
import { figuresTable } from './figures-table.ts';
import { inProcessBucket } from './in-process-bucket.ts';
import { inProcessQueue } from './in-process-queue.ts';
import { inProcessTable } from './in-process-table.ts';
import { MetricRecorder } from './metric-recorder.ts';
import { tellOfNewSegments } from './new-segments.ts';
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
  readonly figures: TableModel;
  /** The stats queue, with S3's notifications of new segments. */
  readonly stats: Queue;
  /** The stats failure queue. */
  readonly statsFailureQueue: Queue;
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
  const region = (name: RegionName) => createRegion(name, time, chance, board);
  const regions = { 'us-east-1': region('us-east-1'), 'us-west-2': region('us-west-2') };
  return { time, board, chance, regions, recorder: new MetricRecorder() };
}

function createRegion(name: RegionName, time: SimulatedTime, chance: Chance, board: FaultBoard): Region {
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
  const stats = queue(statsQueueName(deployment), limits.queue.statsVisibilitySeconds, { redrive });
  tellOfNewSegments(name, bucket, stats, { time, chance, board });
  return {
    name,
    bucket,
    intake: queue('intake', limits.queue.intakeVisibilitySeconds, { redrive }),
    failureQueues: { 'us-east-1': failureQueueFor('us-east-1'), 'us-west-2': failureQueueFor('us-west-2') },
    deadLetters,
    figures: figuresTable(figuresTableName(deployment), name),
    stats,
    statsFailureQueue: queue(statsFailureQueueName(deployment), limits.queue.failureVisibilitySeconds),
  };
}

export interface FunctionOptions {
  readonly world: SimulatedWorld;
  readonly home: RegionName;
  readonly functionName: string;
  readonly viaQueueOneIn?: number;
  readonly diesAtStep?: number;
  /** Only for the ledger. A small value makes it read even a small hour in several passes. */
  readonly passBytesMax?: number;
}

export interface WorldFunction {
  readonly environment: SimulatedEnvironment;
  readonly placing: PlacingPorts;
  readonly replay: ReplayPorts;
  readonly audit: AuditPorts;
  readonly stats: StatsPorts;
  readonly ledger: LedgerPorts;
}

/** A fresh environment of a function, with the ports of every function but `track`. */
export function createFunction(options: FunctionOptions): WorldFunction {
  const { world, home, functionName, viaQueueOneIn = 0, diesAtStep } = options;
  const { passBytesMax = limits.ledger.passBytesMax } = options;
  const { time, board, regions, recorder } = world;
  const died = diesAtStep === undefined ? {} : { diesAtStep };
  const environment = new SimulatedEnvironment({ time, board, region: home, functionName, ...died });
  const at: Record<Side, Region> = { home: regions[home], peer: regions[otherThan(home)] };
  const queue = (model: Queue, where: Side) => inProcessQueue(model, at[where].name, environment);
  const failureQueuesFor = (owed: Side) =>
    [owed, ...sides.filter((side) => side !== owed)].map((where) =>
      queue(at[where].failureQueues[at[owed].name], where),
    );
  const bucket = (side: Side) => ({
    name: at[side].bucket.name,
    bucket: inProcessBucket(at[side].bucket, at[side].name, environment),
  });
  const buckets = { home: bucket('home'), peer: bucket('peer') };
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
    ...around,
  };
  const debtors = sides.map((side) => ({ side, target: buckets[side], queues: failureQueuesFor(side) }));
  const table = inProcessTable(at.home.figures, home, environment);
  const random = { bytes: (length: number) => Uint8Array.from({ length }, () => Math.floor(world.chance() * 256)) };
  const counting = { table, random, offersByDay: createOffersByDay(table, { ...around, random }) };
  const statsFailureQueue = queue(at.home.statsFailureQueue, 'home');
  const intake = queue(at.home.intake, 'home');
  return {
    environment,
    placing,
    replay: { ...placing, debtors, intake, statsFailureQueue, counting },
    audit: { ...around, buckets, regions: { home, peer: otherThan(home) }, storage: placing.storage },
    stats: {
      ...around,
      ...counting,
      bucket: bucketPorts.home,
      statsFailureQueue,
      deadLetters: placing.targets.deadLetters,
    },
    ledger: { ...around, ...counting, buckets, passBytesMax },
  };
}

function otherThan(region: RegionName): RegionName {
  return region === 'us-east-1' ? 'us-west-2' : 'us-east-1';
}

const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
