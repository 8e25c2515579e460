import { parseLine } from '../../core/event/event.ts';
import { decodeOwedSegment } from '../../core/log/owed.ts';
import { readSegment } from '../../core/log/segment.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { messagesIn } from './settle.ts';

/** The contents of one queue. */
export interface QueueView {
  readonly region: string;
  readonly name: string;
  readonly messages: number;
  /** Event lines of intake messages and of owed segments. Unreadable messages add none. */
  readonly lines: readonly string[];
  /** The ids of the events in `lines`. */
  readonly eventIds: ReadonlySet<string>;
  /** Keys of owed segments. */
  readonly owedKeys: ReadonlySet<string>;
  /** The `reason` attributes, which say why messages were put into a dead-letter queue. */
  readonly reasons: ReadonlySet<string>;
}

/** All queues of all regions that are not empty. */
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
    reasons: new Set(messages.flatMap(({ attributes }) => attributes['reason'] ?? [])),
  };
}

interface Content {
  readonly lines: readonly string[];
  readonly owedKey?: string;
}

/** A message holds event lines, or an owed segment: its first line names the bucket. */
function contentOf(body: string): Content {
  const bucket = /^\{"v":1,"bucket":"([^"]+)"/.exec(body)?.[1];
  if (bucket === undefined) return { lines: body.split('\n') };
  const decoded = decodeOwedSegment(body, bucket);
  if (decoded.kind !== 'owed') return { lines: [] };
  const read = readSegment(decoded.owed.gzip);
  return { lines: read.kind === 'read' ? read.lines : [], owedKey: decoded.owed.key };
}
