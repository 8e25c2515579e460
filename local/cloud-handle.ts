import { type CloudParts, cloudState } from './cloud-state.ts';
import type { LocalCloud } from './handle.ts';
import type { MessageAttributes } from './model/queue-message.ts';
import type { RunningRegion } from './running-region.ts';

/** The handle of a running cloud. Throws for a region, queue or key that does not exist. */
export function cloudHandle(parts: CloudParts, stop: () => Promise<void>): LocalCloud {
  const regionOf = (region: string): RunningRegion =>
    existing(
      parts.regions.find((one) => one.region === region),
      `region ${region}`,
    );
  return {
    regions: parts.regions.map(({ region }) => region),
    urls: parts.urls,
    state: () => cloudState(parts),
    advance: (ms) => parts.world.time.advance(ms),
    addFault: (fault) => parts.world.faults.add(fault),
    removeFault: (id) => parts.world.faults.remove(id),
    openPartner: (label) => parts.partners.open(label),
    partners: () => parts.partners.all,
    outboundStrays: () => parts.world.internet.strays(),
    logKeys: (region, prefix = 'log/') => regionOf(region).stores.log.keys(prefix),
    logObject(region, key) {
      const result = regionOf(region).stores.log.get(key);
      return existing(result.kind === 'ok' ? result.value.body : undefined, `${key} in the log of ${region}`);
    },
    plantLogObject(region, key, body) {
      regionOf(region).stores.log.put(key, body);
    },
    loseRegion(region) {
      const { host, stores } = regionOf(region);
      host.killAll();
      for (const bucket of stores.buckets) bucket.clear();
      for (const queue of stores.queues.values()) queue.clear();
      stores.tables.clear();
      for (const topic of stores.topics) topic.clear();
    },
    async invokeFunction(region, functionName, payload) {
      const { host, stores } = regionOf(region);
      const arn = stores.template.functions.find(({ name }) => name === functionName)?.arn;
      const outcome = await host.invoke(existing(arn, `function ${functionName} in ${region}`), payload);
      switch (outcome.kind) {
        case 'done':
          return outcome;
        case 'failed':
          return { kind: 'failed', reason: outcome.error.errorMessage };
        case 'throttled':
          return { kind: 'failed', reason: 'no environment was free' };
      }
    },
    queueMessages(region, queueName) {
      const queues = [...regionOf(region).stores.queues.values()];
      const queue = queues.find(({ settings }) => settings.name === queueName);
      return existing(queue, `queue ${queueName} in ${region}`)
        .messages()
        .map(({ id, body, attributes }) => ({ id, body, attributes: attributeValues(attributes) }));
    },
    topicMessages: (region) => regionOf(region).stores.topics.flatMap((topic) => topic.messages()),
    tableItems: (region, tableName) =>
      existing(regionOf(region).stores.tables.find(tableName), `table ${tableName} in ${region}`).all(),
    functionLogs: (region) =>
      regionOf(region)
        .logs.lines()
        .map(({ functionName, line }) => ({ functionName, line })),
    grants: () => parts.regions.flatMap(({ region, stores }) => parts.grants.grants(region, stores.template.functions)),
    stop,
  };
}

function existing<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the local cloud has no ${what}`);
  return value;
}

function attributeValues(attributes: MessageAttributes): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, { value }]) => [name, value]));
}
