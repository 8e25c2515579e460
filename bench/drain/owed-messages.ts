import { encodeLine } from '../../core/event/event.ts';
import { encodeOwedSegment } from '../../core/log/owed.ts';
import { segmentsOf } from '../../core/log/segment.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { sampleClick } from '../sample-events.ts';

export interface OwedMessage {
  readonly body: string;
  readonly eventCount: number;
  readonly lineBytes: number;
}

/** Messages of a failure queue, like those of a busy minute. */
export function makeOwedMessages(
  bucket: string,
  count: number,
  eventsEach: number,
  startMs: number,
): readonly OwedMessage[] {
  const chance = seededChance(count);
  return Array.from({ length: count }, (_, index) => {
    const lines = Array.from({ length: eventsEach }, (_, seq) =>
      encodeLine(sampleClick(startMs + index * 10_000 + Math.floor(chance() * 8_000), seq, chance)),
    );
    const [segment, ...others] = segmentsOf(lines);
    if (!segment || others.length > 0) throw new Error('the events of a message make more than one segment');
    const lineBytes = Math.round(lines.join('\n').length / lines.length);
    return { body: encodeOwedSegment({ ...segment, bucket }), eventCount: segment.eventCount, lineBytes };
  });
}
