import { encodeLine, type TrackedEvent } from '../core/event.ts';
import { limits } from '../core/limits.ts';
import type { Random } from '../core/ports.ts';
import type { EventDraft } from '../core/tracking/decision.ts';
import { uuidV7 } from '../core/uuid.ts';

export interface StampedEvent {
  readonly event: TrackedEvent;
  readonly line: string;
}

/** Makes an event of a draft; undefined when its line would be longer than `limits.event.lineBytesMax`. */
export type Stamp = (draft: EventDraft, nowMs: number) => StampedEvent | undefined;

export interface Stamper {
  readonly region: string;
  readonly environmentId: string;
  readonly random: Random;
}

/** Numbers count only events that are really captured or logged, because a gap in them is an alarm. */
export function createStamp({ region, environmentId, random }: Stamper): Stamp {
  let seq = 0;
  return ({ type, fields }, nowMs) => {
    const id = uuidV7(nowMs, random.bytes(10));
    const marks = { v: 1, id, type, at: nowMs, region, env: environmentId, seq: seq + 1 } as const;
    // First for their place in the line, last because no parameter of a link may overwrite them.
    const event: TrackedEvent = { ...marks, ...fields, ...marks };
    const line = encodeLine(event);
    if (line.length > limits.event.lineBytesMax) return undefined;
    seq += 1;
    return { event, line };
  };
}
