import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import { type IntakeLines, readIntakeBody } from '../../core/log/intake.ts';
import { lineId, segmentsOf } from '../../core/log/segment.ts';
import { type PlacingPorts, placeSegment } from '../../eventlog/place-segment.ts';
import { buryPoison } from './poison.ts';
import type { QueuedMessage } from './sqs-event.ts';

interface ReadMessage extends IntakeLines {
  readonly id: string;
}

/**
 * Stores what intake messages carry: event lines. Gives the ids of messages that must stay in the queue: those with an event whose
 * segment found no place, and those with poison that could not be put apart. All others are done with.
 */
export async function storeMessages(
  messages: readonly QueuedMessage[],
  ports: PlacingPorts,
): Promise<ReadonlySet<string>> {
  await ports.storage.refresh();
  const read = messages.map(({ id, body }) => ({ id, ...readIntakeBody(body) }));
  const [stranded, unburied] = await Promise.all([placeLines(read, ports), buryAll(read, ports)]);
  return new Set([...stranded, ...unburied]);
}

/** All segments at once: a batch is 6 MB at most, and nearly always of one hour. */
async function placeLines(messages: readonly ReadMessage[], ports: PlacingPorts): Promise<readonly string[]> {
  const segments = segmentsOf(messages.flatMap(({ lines }) => lines));
  const safe = await Promise.all(segments.map((segment) => placeSegment(segment, ports)));
  const lost = new Set(segments.flatMap(({ eventIds }, index) => (safe[index] ? [] : eventIds)));
  if (lost.size === 0) return [];
  return messages.filter(({ lines }) => lines.some((line) => lost.has(lineId(line)))).map(({ id }) => id);
}

/** Ids of messages with poison that is not in the dead-letter queue. */
async function buryAll(messages: readonly ReadMessage[], ports: PlacingPorts): Promise<readonly string[]> {
  const { clock, destinations } = ports;
  const endMs = clock.nowMs() + limits.store.poisonMs;
  const graves = messages.flatMap(({ id, poison }) => [...poison].map(([reason, lines]) => ({ id, reason, lines })));
  const kept = await inParallel(graves, limits.store.poisonAtOnceMax, async ({ id, reason, lines }) => {
    const buried =
      clock.nowMs() < endMs && (await buryPoison(destinations.deadLetters, lines.join('\n'), reason, ports));
    return buried ? [] : [id];
  });
  return kept.flat();
}
