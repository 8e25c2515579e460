import type { TrackedEvent } from '../../core/event/event.ts';
import { readSegment } from '../../core/log/segment.ts';
import type { LocalCloud, RegionState } from '../../local/handle.ts';

/** Clicks, conversions and looks at a running local cloud. */

export interface Reply {
  readonly status: number;
  readonly captured: string;
  readonly eventId: string;
  readonly location: string;
}

/** Without it a click is a robot's. */
const browser = { 'user-agent': 'Mozilla/5.0' };

/** The status is 0 when the connection broke. */
export async function send(url: string): Promise<Reply> {
  try {
    const response = await fetch(url, { redirect: 'manual', headers: browser });
    const header = (name: string): string => response.headers.get(name) ?? '';
    await response.arrayBuffer();
    return {
      status: response.status,
      captured: header('x-keeptrack-captured'),
      eventId: header('x-keeptrack-event'),
      location: header('location'),
    };
  } catch {
    return { status: 0, captured: '', eventId: '', location: '' };
  }
}

const clickPath = '/aff_c?offer_id=15&aff_id=145001&url_id=902';

export function click(origin: string): Promise<Reply> {
  return send(`${origin}${clickPath}`);
}

/** Asks again until a rung takes the event for certain: on a busy machine an attempt may run out of time. */
export async function taken(ask: () => Promise<Reply>): Promise<Reply> {
  let reply = await ask();
  await eventually('a rung takes an event', async () => {
    if (!isTaken(reply)) reply = await ask();
    return isTaken(reply);
  });
  return reply;
}

export function isTaken({ captured }: Reply): boolean {
  return /^(intake|bucket)-/.test(captured);
}

/** The transaction id that a click hands to the advertiser. */
export function transactionIdIn(location: string): string {
  return new URL(location).searchParams.get('tid') ?? '';
}

/** Everything in one region's log. An object that a test spoiled has no events. */
function loggedEvents(cloud: LocalCloud, region: string): TrackedEvent[] {
  return cloud.logKeys(region).flatMap((key) => {
    const read = readSegment(cloud.logObject(region, key));
    return read.kind === 'read' ? read.lines.map((line) => JSON.parse(line) as TrackedEvent) : [];
  });
}

export function loggedIds(cloud: LocalCloud, region: string): string[] {
  return loggedEvents(cloud, region).map(({ id }) => id);
}

export function eventOf(cloud: LocalCloud, eventId: string): TrackedEvent | undefined {
  return loggedEvents(cloud, cloud.regions[0] ?? '').find(({ id }) => id === eventId);
}

export function inBothLogs(cloud: LocalCloud, eventIds: readonly string[]): boolean {
  return cloud.regions.every((region) => {
    const logged = new Set(loggedIds(cloud, region));
    return eventIds.every((id) => logged.has(id));
  });
}

export function regionState(cloud: LocalCloud, region: string): RegionState {
  const found = cloud.state().regions.find((one) => one.region === region);
  if (!found) throw new Error(`no region ${region}`);
  return found;
}

/** What invocations ended with, but for time-outs: those say how busy the machine is. */
export function failuresOf(cloud: LocalCloud): readonly string[] {
  const lines = cloud.regions.flatMap((region) => cloud.functionLogs(region).map(({ line }) => line));
  return lines.filter((line) => line.startsWith('{"level":"ERROR","errorType"') && !line.includes('Sandbox.Timedout'));
}

/** Asks again and again until it holds; fails, naming it, when it does not. The limit has room for two visibility time-outs (72 s) on a busy machine. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAtMs = Date.now() + 180_000;
  while (!(await condition())) {
    if (Date.now() > giveUpAtMs) throw new Error(`it never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
