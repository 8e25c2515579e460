import { parseLine } from '../core/event.ts';
import { decodeOwed } from '../core/owed.ts';
import { readSegment } from '../core/segment.ts';
import type { LocalCloud } from '../local/handle.ts';
import { messagesIn } from './settle.ts';

/** What stands in one queue now. */
export interface QueueView {
  readonly region: string;
  readonly name: string;
  readonly messages: number;
  /** Events in intake lines and in owed segments alike; content that cannot be read adds none. */
  readonly eventIds: ReadonlySet<string>;
  /** `reason` attributes: why messages were put into a dead-letter queue. */
  readonly reasons: ReadonlySet<string>;
}

/** Every queue of every region that is not empty. */
export function readQueues(cloud: LocalCloud): readonly QueueView[] {
  return cloud
    .state()
    .regions.flatMap(({ region, queues }) =>
      queues.filter((queue) => messagesIn(queue) > 0).map(({ name }) => readQueue(cloud, region, name)),
    );
}

function readQueue(cloud: LocalCloud, region: string, name: string): QueueView {
  const messages = cloud.queueMessages(region, name);
  return {
    region,
    name,
    messages: messages.length,
    eventIds: new Set(messages.flatMap(({ body }) => eventIdsIn(body))),
    reasons: new Set(messages.flatMap(({ attributes }) => attributes['reason'] ?? [])),
  };
}

function eventIdsIn(body: string): string[] {
  return linesIn(body)
    .map(parseLine)
    .flatMap((line) => (line.kind === 'event' ? [line.event.id] : []));
}

/** A message is either event lines or an owed segment, whose first line names the bucket. */
function linesIn(body: string): readonly string[] {
  const bucket = /^\{"v":1,"bucket":"([^"]+)"/.exec(body)?.[1];
  if (bucket === undefined) return body.split('\n');
  const decoded = decodeOwed(body, bucket);
  if (decoded.kind === 'poison') return [];
  const read = readSegment(decoded.owed.gzip);
  return read.kind === 'read' ? read.lines : [];
}
