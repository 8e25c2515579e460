import { parseJson } from '../parse-json.ts';

/**
 * The event and its line in the log. A line is pure ASCII, because SQS refuses some characters. The body of an intake
 * message is such lines, so `store` only joins text and encodes nothing again.
 */

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * `preview` is a request by a robot, a prefetch or a HEAD request: redirected like a click, never counted as one.
 * `probe` is an event that the system makes itself, to prove that it can capture.
 */
const trackedTypes = ['click', 'impression', 'conversion', 'preview', 'probe'] as const;
/** What `track` captures. */
export type TrackedType = (typeof trackedTypes)[number];
/**
 * What else this release knows: the words of operators (core/conversions/operator-events.ts), and attempts to tell a
 * partner of a conversion (core/postbacks/attempt-event.ts).
 */
const eventTypes = [...trackedTypes, 'decision', 'adjustment', 'period', 'postback'] as const;
export type EventType = (typeof eventTypes)[number];
const knownTypes: ReadonlySet<string> = new Set(eventTypes);

/** The fields of an event. Their names are in snake_case as in tracking links, because people read lines with SQL. */
export interface EventFields {
  readonly [key: string]: JsonValue;
}

/** The version of the lines that this release writes. */
const ownVersion = 1;

/**
 * The version of the rules by which this release counts events. A line names the version that held at its capture, and
 * no version means 1. So what was paid never changes when a later release counts otherwise. Lines of later rules are
 * kept, and counted by none of this release's rules.
 */
export const ownRules = 2;
const knownRules: ReadonlySet<number> = new Set([1, ownRules]);

/**
 * An event of a log. The two regions may run two releases, so a line may come from a later release. The fields named
 * here mean the same in every release.
 */
export interface LoggedEvent extends EventFields {
  /** 1 in this release. A later release gives a greater number to lines that this one must not count. */
  readonly v: number;
  /** UUID v7; its first 48 bits are `at`. */
  readonly id: string;
  /** One of `EventType`, or a word of a later release. */
  readonly type: string;
  /** Capture time, ms since the epoch. */
  readonly at: number;
  readonly region: string;
  /** Id of the Lambda environment that captured the event. A probe of the schedule has neither `env` nor `seq`. */
  readonly env?: string;
  /** The version of the counting rules that held at the capture; 1 if absent. */
  readonly rules?: number;
  /** The event's number in its environment, from 1. */
  readonly seq?: number;
  /**
   * How many earlier events of this environment and this hour a rung has confirmed. If the log has fewer, events were
   * lost. Further missing numbers belong to events that were never acknowledged.
   */
  readonly captured_before?: number;
}

/** An event of a request to `track`. */
export interface TrackedEvent extends LoggedEvent {
  readonly type: TrackedType;
  readonly env: string;
  readonly seq: number;
}

const nonAscii = /[^\x20-\x7e]/g;

/** One line without its newline. Key order is the object's; `v` and `id` come first, so lines sort by id. */
export function encodeLine(event: LoggedEvent): string {
  const text = JSON.stringify(event);
  const isInOrder = text.startsWith(`{"v":${event.v},"id":`);
  return asAscii(isInOrder ? text : inOrder(event));
}

/**
 * The line of the event `{ ...marks, ...fields }`, without making it: to join two texts costs a click less than to join
 * two objects. `marks` begin with `v` and `id`, and no field has the name of a mark.
 */
export function encodeParts(marks: LoggedEvent, fields: EventFields): string {
  const more = JSON.stringify(fields);
  return asAscii(more === '{}' ? JSON.stringify(marks) : `${JSON.stringify(marks).slice(0, -1)},${more.slice(1)}`);
}

function asAscii(text: string): string {
  return text.replace(nonAscii, escapeUnit);
}

function inOrder({ v, id, ...rest }: LoggedEvent): string {
  return JSON.stringify({ v, id, ...rest });
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Whether an erasure removed from the event what identifies a person (redaction.ts). */
export function isRedacted(event: LoggedEvent): boolean {
  return event['redacted'] === true;
}

const redactedMark = ',"redacted":true,';
const redactedMarkAt = '{"v":1,"id":"01a206cf-a040-7b86-b273-ff34fce19d6b"'.length;

/** Sorts lines of one event id. The first line counts: a redacted one, or else the one with the smallest text. */
export function compareLines(left: string, right: string): number {
  return Number(isRedactedLine(right)) - Number(isRedactedLine(left)) || compareTexts(left, right);
}

/** Each event once. Of several lines of one id the same one stays, whatever their order. */
export function distinctEvents(events: Iterable<LoggedEvent>): readonly LoggedEvent[] {
  const byId = new Map<string, LoggedEvent>();
  for (const event of events) {
    const held = byId.get(event.id);
    if (held === undefined || compareLines(encodeLine(event), encodeLine(held)) < 0) byId.set(event.id, event);
  }
  return [...byId.values()];
}

function isRedactedLine(line: string): boolean {
  return line.startsWith(redactedMark, redactedMarkAt);
}

export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

export type ParsedLine =
  | { readonly kind: 'event'; readonly event: LoggedEvent }
  | { readonly kind: 'rejected'; readonly reason: LineFault };

export type LineFault = 'not-json' | 'not-an-event' | 'bad-version' | 'bad-id' | 'bad-type';

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** How a later release may name its types of events. */
const typeShape = /^[a-z][a-z0-9-]{0,31}$/;

/** Later releases use the next numbers. A greater number is a mistake. */
const versionMax = 999;

/**
 * Accepts unknown fields, types and later versions, so that an older reader loses nothing that a newer writer added.
 * `knownTypeOf` tells which events this release can count.
 */
export function parseLine(line: string): ParsedLine {
  const value = parseJson(line);
  if (value === undefined) return { kind: 'rejected', reason: 'not-json' };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'rejected', reason: 'not-an-event' };
  }
  const event = value as Record<string, unknown>;
  if (!isVersion(event['v'])) return { kind: 'rejected', reason: 'bad-version' };
  if (typeof event['id'] !== 'string' || !uuidV7.test(event['id'])) return { kind: 'rejected', reason: 'bad-id' };
  const { type } = event;
  if (typeof type !== 'string' || !typeShape.test(type)) return { kind: 'rejected', reason: 'bad-type' };
  return { kind: 'event', event: value as LoggedEvent };
}

/**
 * Undefined for an event that only a later release understands: its type is new, or its line or its counting rules have
 * a later version.
 */
export function knownTypeOf({ v, type, rules = 1 }: LoggedEvent): EventType | undefined {
  return v === ownVersion && knownRules.has(rules) && knownTypes.has(type) ? (type as EventType) : undefined;
}

function isVersion(value: unknown): boolean {
  return value === ownVersion || isLaterVersion(value);
}

/** Whether `v` of a line, an owed segment or a pointer comes from a later release. */
export function isLaterVersion(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > ownVersion && Number(value) <= versionMax;
}
