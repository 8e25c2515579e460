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
import type { LedgerPorts } from '../lambda/ledger/steps.ts';
import type { ReplayPorts } from '../lambda/replay/replay.ts';
import { createDirectory } from '../lambda/shared/offers-by-day.ts';
import { createStorageSwitch } from '../lambda/shared/storage-switch.ts';
import type { StatsPorts } from '../lambda/stats/stats.ts';
import { FaultBoard } from '../local/fault/fault-board.ts';
import { Bucket } from '../local/model/bucket.ts';
import { memoryBucketStore } from '../local/model/bucket-store.ts';
import { Queue } from '../local/model/queue.ts';
import type { Table } from '../local/model/table/table.ts';
import type { Chance } from '../local/model/time.ts';
import { Environment } from './environment.ts';
import { figuresTable } from './figures-table.ts';
import { inProcessBucket } from './in-process-bucket.ts';
import { inProcessQueue } from './in-process-queue.ts';
import { inProcessTable } from './in-process-table.ts';
import { tellOfNewSegments } from './new-segments.ts';
import { Tally } from './tally.ts';
import { VirtualTime } from './virtual-time.ts';

const deployment = { name: 'keeptrack', account: '123456789012' };

export const regionNames = ['us-east-1', 'us-west-2'] as const;
export type RegionName = (typeof regionNames)[number];

interface Region {
  readonly name: RegionName;
  readonly bucket: Bucket;
  readonly intake: Queue;
  /** Failure queues of this region by the region whose bucket is owed. */
  readonly debts: Readonly<Record<RegionName, Queue>>;
  readonly deadLetters: Queue;
  readonly figures: Table;
  /** What S3 says of new segments, for `stats`. */
  readonly stats: Queue;
  /** The stats failure queue. */
  readonly uncounted: Queue;
}

export interface World {
  readonly time: VirtualTime;
  readonly board: FaultBoard;
  readonly chance: Chance;
  readonly regions: Readonly<Record<RegionName, Region>>;
  readonly tally: Tally;
}

/** Two regions of models in one virtual time; nothing in them differs from run to run but by `chance`. */
export function createWorld(startMs: number, chance: Chance): World {
  const time = new VirtualTime(startMs);
  const board = new FaultBoard({ time, chance });
  const region = (name: RegionName) => createRegion(name, time, chance, board);
  const regions = { 'us-east-1': region('us-east-1'), 'us-west-2': region('us-west-2') };
  return { time, board, chance, regions, tally: new Tally() };
}

function createRegion(name: RegionName, time: VirtualTime, chance: Chance, board: FaultBoard): Region {
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
  const debtsTo = (owed: RegionName) =>
    queue(failureQueueName(deployment, owed), limits.queue.failureVisibilitySeconds);
  const redrive = { deadLetterArn: deadLetters.settings.arn, receiveCountMax: limits.queue.receiveCountMax };
  const bucket = new Bucket({
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
    debts: { 'us-east-1': debtsTo('us-east-1'), 'us-west-2': debtsTo('us-west-2') },
    deadLetters,
    figures: figuresTable(figuresTableName(deployment), name),
    stats,
    uncounted: queue(statsFailureQueueName(deployment), limits.queue.failureVisibilitySeconds),
  };
}

export interface FunctionOptions {
  readonly world: World;
  readonly home: RegionName;
  readonly functionName: string;
  readonly viaQueueOneIn?: number;
  readonly diesAtStep?: number;
  /** Of the ledger; less than usual has it read small hours in several passes. */
  readonly passBytesMax?: number;
}

export interface WorldFunction {
  readonly environment: Environment;
  readonly placing: PlacingPorts;
  readonly replay: ReplayPorts;
  readonly stats: StatsPorts;
  readonly ledger: LedgerPorts;
}

/** A fresh environment of a function, with every port that `store`, `replay`, `stats` and `ledger` have. */
export function createFunction(options: FunctionOptions): WorldFunction {
  const { world, home, functionName, viaQueueOneIn = 0, diesAtStep } = options;
  const { passBytesMax = limits.ledger.passBytesMax } = options;
  const { time, board, regions, tally } = world;
  const died = diesAtStep === undefined ? {} : { diesAtStep };
  const environment = new Environment({ time, board, region: home, functionName, ...died });
  const at: Record<Side, Region> = { home: regions[home], peer: regions[otherThan(home)] };
  const queue = (model: Queue, where: Side) => inProcessQueue(model, at[where].name, environment);
  const debtsTo = (owed: Side) =>
    [owed, ...sides.filter((side) => side !== owed)].map((where) => queue(at[where].debts[at[owed].name], where));
  const bucket = (side: Side) => ({
    name: at[side].bucket.name,
    bucket: inProcessBucket(at[side].bucket, at[side].name, environment),
  });
  const buckets = { home: bucket('home'), peer: bucket('peer') };
  const around = { clock: time, metrics: tally, log: silentLog };
  const bucketPorts = { home: buckets.home.bucket, peer: buckets.peer.bucket };
  const placing: PlacingPorts = {
    destinations: {
      buckets,
      debts: { home: debtsTo('home'), peer: debtsTo('peer') },
      deadLetters: queue(at.home.deadLetters, 'home'),
    },
    storage: createStorageSwitch({ ...around, region: home, bucket: bucketPorts }),
    viaQueueOneIn,
    ...around,
  };
  const debtors = sides.map((side) => ({ side, target: buckets[side], queues: debtsTo(side) }));
  const names = { home, peer: otherThan(home) };
  const table = inProcessTable(at.home.figures, home, environment);
  const random = { bytes: (length: number) => Uint8Array.from({ length }, () => Math.floor(world.chance() * 256)) };
  const counting = { table, random, directory: createDirectory(table, { ...around, random }) };
  const uncounted = queue(at.home.uncounted, 'home');
  const intake = queue(at.home.intake, 'home');
  return {
    environment,
    placing,
    replay: { ...placing, regions: names, debtors, intake, uncounted, counting },
    stats: {
      ...around,
      ...counting,
      bucket: bucketPorts.home,
      uncounted,
      deadLetters: placing.destinations.deadLetters,
    },
    ledger: { ...around, ...counting, buckets, passBytesMax },
  };
}

function otherThan(region: RegionName): RegionName {
  return region === 'us-east-1' ? 'us-west-2' : 'us-east-1';
}

const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
