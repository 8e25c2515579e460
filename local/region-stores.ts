import type { DataFolder, KeptState } from './data-folder.ts';
import { openBucketFolder } from './disk/bucket-folder.ts';
import type { LocalWorld } from './local-world.ts';
import { BucketModel } from './model/bucket.ts';
import type { Queue, QueueWorld } from './model/queue.ts';
import { createQueues } from './model/region-queues.ts';
import { Tables } from './model/table/tables.ts';
import { Topic } from './model/topic.ts';
import type { RegionTemplate } from './template/region-template.ts';

export interface RegionStores {
  readonly template: RegionTemplate;
  /** By ARN. */
  readonly queues: ReadonlyMap<string, Queue>;
  readonly buckets: readonly BucketModel[];
  /** The event log, one of `buckets`. */
  readonly log: BucketModel;
  readonly tables: Tables;
  readonly topics: readonly Topic[];
}

/** The template's output that names the event log's bucket. */
const logOutput = 'LogBucketName';

/** Opens the stores with the data of an earlier run, if the folder still has any. */
export function openStores(
  template: RegionTemplate,
  { time, chance, faults }: LocalWorld,
  folder: DataFolder,
): RegionStores {
  const { region } = template;
  const buckets = template.buckets.map(({ name, versioned }) => {
    const store = openBucketFolder({ folder: folder.regionFolder(region), bucketName: name, keep: folder.keep });
    return new BucketModel({ name, versioned, time, store });
  });
  const log = buckets.find(({ name }) => name === template.outputs[logOutput]);
  if (!log) throw new Error(`${template.stackName}: the output ${logOutput} names no bucket`);
  const redelivers: QueueWorld['redelivers'] = (action) =>
    faults.strikes({ region, service: 'sqs', action, isRedelivery: true }).length > 0;
  const queues = createQueues(template.queues, { time, chance, redelivers });
  for (const [arn, queue] of queues) {
    const snapshot = folder.kept?.queues[arn];
    if (snapshot) queue.restore(snapshot);
  }
  const tables = new Tables(template.tables);
  tables.restore(folder.kept?.tables ?? {});
  const topics = template.topics.map((settings) => new Topic(settings, time));
  return { template, queues, buckets, log, tables, topics };
}

/** Ends every long poll, and gives the messages of all queues, for the next start. */
export function closeQueues(stores: readonly RegionStores[]): KeptState['queues'] {
  const queues = stores.flatMap((one) => [...one.queues.values()]);
  for (const queue of queues) queue.stop();
  return Object.fromEntries(queues.map((queue) => [queue.settings.arn, queue.snapshot()]));
}

/** The items of all tables, for the next start. */
export function tableItems(stores: readonly RegionStores[]): NonNullable<KeptState['tables']> {
  return Object.assign({}, ...stores.map(({ tables }) => tables.snapshot()));
}
