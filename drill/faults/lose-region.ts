import { type LoggedEvent, parseLine } from '../../core/event/event.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { readLog } from '../evidence/log-view.ts';
import { readQueueViews } from '../evidence/queue-view.ts';

/** Loses a region with everything that it holds. Gives the events that were nowhere else. */
export function loseRegion(cloud: LocalCloud, region: string): readonly LoggedEvent[] {
  const held = new Map(cloud.regions.map((one) => [one, eventsIn(cloud, one)]));
  const elsewhere = new Set(
    cloud.regions.filter((one) => one !== region).flatMap((one) => [...(held.get(one) ?? [])].map(({ id }) => id)),
  );
  cloud.loseRegion(region);
  return (held.get(region) ?? []).filter(({ id }) => !elsewhere.has(id));
}

function eventsIn(cloud: LocalCloud, region: string): readonly LoggedEvent[] {
  const logged = readLog(cloud, region, cloud.logKeys(region)).events;
  const lines = readQueueViews(cloud)
    .filter((queue) => queue.region === region)
    .flatMap((queue) => queue.lines);
  const queued = lines.map(parseLine).flatMap((line) => (line.kind === 'event' ? [line.event] : []));
  return [...new Map([...logged.values(), ...queued].map((event) => [event.id, event])).values()];
}

/** Events that a drill has lost with their region, by id. Nobody can have them any more. */
export function goneEvents(
  steps: readonly { readonly gone?: readonly LoggedEvent[] }[],
): ReadonlyMap<string, LoggedEvent> {
  return new Map(steps.flatMap(({ gone = [] }) => gone.map((event) => [event.id, event] as const)));
}
