/**
 * The event and its line in the log. A line is pure ASCII, because SQS refuses some characters and because the intake
 * message body is exactly such lines: `store` joins text and does not encode again.
 */

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * `preview` is a request by a robot, a prefetch or a HEAD request: redirected like a click, never counted as one.
 * `probe` is minted by the system itself to prove that it can capture.
 */
const eventTypes = ['click', 'impression', 'conversion', 'preview', 'probe'] as const;
export type EventType = (typeof eventTypes)[number];

/** What an event is about; snake_case keys as in tracking links, because lines are read with SQL. */
export interface EventFields {
  readonly [key: string]: JsonValue;
}

/** An event as it stands in a log. */
export interface LoggedEvent extends EventFields {
  readonly v: 1;
  /** UUID v7; its first 48 bits are `at`. */
  readonly id: string;
  readonly type: EventType;
  /** Capture time, ms since the epoch. */
  readonly at: number;
  readonly region: string;
  /** Id of the Lambda environment that captured it, and the event's number there, from 1; a probe of the schedule has neither. */
  readonly env?: string;
  readonly seq?: number;
  /**
   * How many events of this environment and this hour a rung had taken for certain before this one: what of them is not
   * in the log was lost, while numbers that are missing besides were never acknowledged.
   */
  readonly captured_before?: number;
}

/** An event that a request brought. */
export interface TrackedEvent extends LoggedEvent {
  readonly env: string;
  readonly seq: number;
}

const nonAscii = /[^\x20-\x7e]/g;

/** One line without its newline. Key order is the object's; `v` and `id` come first, so lines sort by id. */
export function encodeLine(event: LoggedEvent): string {
  const { v, id, ...rest } = event;
  return JSON.stringify({ v, id, ...rest }).replace(nonAscii, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

export type ParsedLine =
  | { readonly kind: 'event'; readonly event: LoggedEvent }
  | { readonly kind: 'rejected'; readonly reason: LineFault };

export type LineFault = 'not-json' | 'not-an-event' | 'unknown-version' | 'bad-id' | 'bad-type';

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Unknown keys are kept, so that an older reader does not lose what a newer writer added. */
export function parseLine(line: string): ParsedLine {
  const value = parseJson(line);
  if (value === undefined) return { kind: 'rejected', reason: 'not-json' };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'rejected', reason: 'not-an-event' };
  }
  const event = value as Record<string, unknown>;
  if (event['v'] !== 1) return { kind: 'rejected', reason: 'unknown-version' };
  if (typeof event['id'] !== 'string' || !uuidV7.test(event['id'])) return { kind: 'rejected', reason: 'bad-id' };
  if (!eventTypes.includes(event['type'] as EventType)) return { kind: 'rejected', reason: 'bad-type' };
  return { kind: 'event', event: value as LoggedEvent };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
