import type { CallCounts } from './endpoint/call-counts.ts';
import type { GrantCounts } from './endpoint/grant-counts.ts';
import { countedHours } from './figures-state.ts';
import type { CloudState, CloudUrls, QueueState, RegionState, TableState } from './handle.ts';
import type { Partners } from './internet/partners.ts';
import type { LocalWorld } from './local-world.ts';
import type { TableModel } from './model/table/table.ts';
import type { RunningName } from './name/running-name.ts';
import type { RunningRegion } from './running-region.ts';

export interface CloudParts {
  readonly world: LocalWorld;
  readonly startedAtMs: number;
  readonly speed: number;
  /** The primary region first. */
  readonly regions: readonly RunningRegion[];
  readonly tally: CallCounts;
  readonly grants: GrantCounts;
  readonly name: RunningName;
  readonly partners: Partners;
  readonly urls: CloudUrls;
}

export function cloudState(parts: CloudParts): CloudState {
  const regions = parts.regions.map((region) => regionState(region, parts));
  const name = parts.name.state();
  return {
    urls: parts.urls,
    nowMs: parts.world.time.nowMs(),
    startedAtMs: parts.startedAtMs,
    speed: parts.speed,
    nameAnswers: [...name.answers].sort((left, right) => right.share - left.share)[0]?.region ?? '',
    name,
    regions,
    faults: parts.world.faults.list(),
    calls: summed(regions.map(({ calls }) => calls)),
  };
}

function regionState(running: RunningRegion, { name, tally, world }: CloudParts): RegionState {
  const { region, stores, host, logs } = running;
  const { objects, ...usage } = stores.log.usage('log/');
  return {
    region,
    healthy: name.route53.healthy(region),
    queues: [...stores.queues.values()].map((queue): QueueState => ({ name: queue.settings.name, ...queue.counts() })),
    tables: stores.tables.all.map(tableState),
    bucket: { name: stores.log.name, segments: objects, ...usage },
    figures: countedHours(stores.log, world.time.nowMs()),
    functions: host.state(),
    messages: newestMessages(stores),
    metrics: logs.metrics(),
    calls: tally.calls(region),
    denied: tally.denied(region),
  };
}

const messagesShown = 20;

function newestMessages({ topics }: RunningRegion['stores']): RegionState['messages'] {
  const messages = topics.flatMap((topic) => topic.messages());
  return messages.toSorted((one, other) => other.atMs - one.atMs).slice(0, messagesShown);
}

function tableState(table: TableModel): TableState {
  const { items, bytes, used } = table.usage();
  return { name: table.settings.name, items, bytes, readUnits: used.read, writeUnits: used.write };
}

function summed(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of counts.flatMap(Object.entries<number>)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
