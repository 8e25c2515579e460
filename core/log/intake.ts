import { type LineFault, parseLine } from '../event/event.ts';
import { uuidTimeMs } from '../event/uuid.ts';
import { limits } from '../limits/limits.ts';
import { keyTimeEndMs } from './log-key.ts';
import { lineId } from './segment.ts';

type IntakeFault = LineFault | 'line-too-long' | 'bad-time' | 'no-lines';

export interface IntakeLines {
  /** The valid event lines, unchanged. */
  readonly lines: readonly string[];
  /** Lines that can never be stored, by reason. */
  readonly poison: ReadonlyMap<IntakeFault, readonly string[]>;
}

/**
 * The body of an intake message is event lines. Each line is judged alone, so a bad one does not harm its neighbours.
 */
export function readIntakeBody(body: string): IntakeLines {
  const lines: string[] = [];
  const poison = new Map<IntakeFault, string[]>();
  for (const line of body.split('\n')) {
    if (line === '') continue;
    const fault = lineFault(line);
    if (!fault) lines.push(line);
    else if (!poison.get(fault)?.push(line)) poison.set(fault, [line]);
  }
  if (lines.length === 0 && poison.size === 0) poison.set('no-lines', [body]);
  return { lines, poison };
}

function lineFault(line: string): IntakeFault | undefined {
  if (line.length > limits.event.lineBytesMax) return 'line-too-long';
  const parsed = parseLine(line);
  if (parsed.kind === 'rejected') return parsed.reason;
  const { id } = parsed.event;
  // A reader that does not parse the whole line would read another id if the id stands twice or has escapes.
  if (lineId(line) !== id) return 'bad-id';
  return uuidTimeMs(id) < keyTimeEndMs ? undefined : 'bad-time';
}
