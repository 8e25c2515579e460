import { readIntakeBody } from '../log/intake.ts';
import { parseObject } from '../parse-json.ts';
import { encodeLine, type TrackedEvent } from './event.ts';

/** Events that no rung took and that stand whole in the log of `track`, under this key of a log line. */
export const unconfirmedKey = 'unconfirmed';

export type ReadLogLine =
  /** The event's line, as `store` wants it. */
  | { readonly kind: 'event'; readonly line: string }
  /** Should hold an event, and does not. */
  | { readonly kind: 'bad'; readonly reason: string }
  /** Says something else. */
  | { readonly kind: 'other' };

export function readLogLine(text: string): ReadLogLine {
  if (!text.includes(`"${unconfirmedKey}":`)) return { kind: 'other' };
  const fields = parseObject(text);
  if (fields === undefined) return { kind: 'bad', reason: 'not-json' };
  if (!Object.hasOwn(fields, unconfirmedKey)) return { kind: 'other' };
  const event = fields[unconfirmedKey];
  if (typeof event !== 'object' || event === null) return { kind: 'bad', reason: 'not-an-event' };
  const { lines, poison } = readIntakeBody(encodeLine(event as TrackedEvent));
  const [line] = lines;
  return line === undefined ? { kind: 'bad', reason: [...poison.keys()].join() } : { kind: 'event', line };
}

/** Lines joined into texts of at most `bytesMax`, each a body for the intake queue. A line alone may be longer. */
export function intakeBodies(lines: readonly string[], bytesMax: number): readonly (readonly string[])[] {
  const bodies: string[][] = [];
  let bytes = 0;
  for (const line of lines) {
    const last = bodies.at(-1);
    // Lines are ASCII: a character is a byte.
    if (last === undefined || bytes + line.length + 1 > bytesMax) {
      bodies.push([line]);
      bytes = line.length;
    } else {
      last.push(line);
      bytes += line.length + 1;
    }
  }
  return bodies;
}
