import { type EventFields, encodeParts, type LoggedEvent, ownRules, type TrackedType } from '../../core/event/event.ts';
import { uuidV7 } from '../../core/event/uuid.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourStart } from '../../core/log/log-key.ts';
import type { Random } from '../../core/ports.ts';
import type { EventDraft } from '../../core/tracking/decision.ts';

export interface StampedEvent extends Pick<LoggedEvent, 'id' | 'type'> {
  readonly line: string;
  /** Call this once a rung took the event. Later events of the hour then say how many were taken before them. */
  confirm(): void;
}

/** Makes an event of a draft. Undefined when its line would be longer than `limits.event.lineBytesMax`. */
export type Stamp = (draft: EventDraft, nowMs: number) => StampedEvent | undefined;

export interface Stamper {
  readonly region: string;
  readonly environmentId: string;
  readonly random: Random;
}

/** Only events that are really captured or logged get a number, because a gap in the numbers raises an alarm. */
export function createStamp({ region, environmentId, random }: Stamper): Stamp {
  let seq = 0;
  let hour = { startMs: Number.NaN, captured: 0 };
  return ({ type, fields }, nowMs) => {
    if (hourStart(nowMs) !== hour.startMs) hour = { startMs: hourStart(nowMs), captured: 0 };
    const counting = hour;
    const id = uuidV7(nowMs, random.bytes(10));
    const numbers = { env: environmentId, seq: seq + 1, captured_before: counting.captured } as const;
    const rules = needsRules(type, fields) ? { rules: ownRules } : {};
    const marks = { v: 1, id, type, at: nowMs, region, ...rules, ...numbers } as const;
    const line = encodeParts(marks, withoutMarks(fields, marks));
    if (line.length > limits.event.lineBytesMax) return undefined;
    seq += 1;
    const confirm = () => {
      counting.captured += 1;
    };
    return { id, type, line, confirm };
  };
}

/** No parameter of a link may overwrite a mark. */
function withoutMarks(fields: EventFields, marks: object): EventFields {
  if (!Object.keys(marks).some((name) => name in fields)) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !(name in marks)));
}

/** All other events count under each version of the rules alike, and their lines are many. */
function needsRules(type: TrackedType, fields: EventFields): boolean {
  return type === 'conversion' || fields['pay_unique'] === true || fields['caps'] !== undefined;
}
