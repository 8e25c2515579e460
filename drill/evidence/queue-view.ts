import { parseLine } from '../../core/event/event.ts';
import { decodeOwedSegment } from '../../core/log/owed.ts';
import { readSegment } from '../../core/log/segment.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { messagesIn } from './settle.ts';

/** What stands in one queue now. */
export interface QueueView {
  readonly region: string;
  readonly name: string;
  readonly messages: number;
  /** Event lines of intake messages and of owed segments alike; content that cannot be read adds none. */
  readonly lines: readonly string[];
  /** Of the events in these lines. */
  readonly eventIds: ReadonlySet<string>;
  /** Keys of owed segments, each whole. */
  readonly owedKeys: ReadonlySet<string>;
  /** Of messages that point to a segment, the keys, one for each message. */
  readonly pointedKeys: readonly string[];
  /** `reason` attributes: why messages were put into a dead-letter queue. */
  readonly reasons: ReadonlySet<string>;
}

/** Every queue of every region that is not empty. */
export function readQueueViews(cloud: LocalCloud): readonly QueueView[] {
  return cloud
    .state()
    .regions.flatMap(({ region, queues }) =>
      queues.filter((queue) => messagesIn(queue) > 0).map(({ name }) => readQueue(cloud, region, name)),
    );
}

function readQueue(cloud: LocalCloud, region: string, name: string): QueueView {
  const messages = cloud.queueMessages(region, name);
  const contents = messages.map(({ body }) => contentOf(body));
  const lines = contents.flatMap((content) => content.lines);
  return {
    region,
    name,
    messages: messages.length,
    lines,
    eventIds: new Set(lines.map(parseLine).flatMap((line) => (line.kind === 'event' ? [line.event.id] : []))),
    owedKeys: new Set(contents.flatMap(({ owedKey }) => owedKey ?? [])),
    pointedKeys: contents.flatMap(({ pointedKey }) => pointedKey ?? []),
    reasons: new Set(messages.flatMap(({ attributes }) => attributes['reason'] ?? [])),
  };
}

interface Content {
  readonly lines: readonly string[];
  readonly owedKey?: string;
  readonly pointedKey?: string;
}

/** A message is event lines, or an owed segment, whose first line names the bucket, or a pointer to a segment. */
function contentOf(body: string): Content {
  const pointedKey = /^\{"v":1,"key":"([^"]+)"/.exec(body)?.[1];
  if (pointedKey !== undefined) return { lines: [], pointedKey };
  const bucket = /^\{"v":1,"bucket":"([^"]+)"/.exec(body)?.[1];
  if (bucket === undefined) return { lines: body.split('\n') };
  const decoded = decodeOwedSegment(body, bucket);
  if (decoded.kind !== 'owed') return { lines: [] };
  const read = readSegment(decoded.owed.gzip);
  return { lines: read.kind === 'read' ? read.lines : [], owedKey: decoded.owed.key };
}
