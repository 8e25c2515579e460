import { parseLine } from '../event/event.ts';

/** One line of a segment's unpacked bytes. `id` is empty when the line is no event. */
export interface LineBytes {
  readonly id: string;
  readonly bytes: Buffer;
}

const usualStart = '{"v":1,"id":"';
const idEnd = usualStart.length + 36;
const newline = 0x0a;

/**
 * The lines of a segment. A line is parsed only when its id cannot be read otherwise: in an hour with several passes
 * most lines belong to another pass.
 */
export function* linesOf(plain: Buffer): Generator<LineBytes> {
  for (let start = 0, end = 0; start < plain.length; start = end + 1) {
    end = plain.indexOf(newline, start);
    if (end < 0) end = plain.length;
    if (end === start) continue;
    const bytes = plain.subarray(start, end);
    yield { id: idOf(bytes), bytes };
  }
}

function idOf(bytes: Buffer): string {
  const head = bytes.toString('latin1', 0, idEnd);
  if (head.startsWith(usualStart) && idShape.test(head.slice(usualStart.length))) return head.slice(usualStart.length);
  const parsed = parseLine(bytes.toString());
  return parsed.kind === 'event' ? parsed.event.id : '';
}

const idShape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
