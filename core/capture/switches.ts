import { answerText, callOutcome } from '../call-outcome.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import type { Fetched, StoredObject } from '../ports.ts';

/**
 * Switches: with them an operator changes what a running region does, without a deploy. Each switch is one JSON object
 * in both log buckets. For a switch of region R the copy in the bucket of R's peer decides. This file knows the
 * content; lambda/shared/switch-source.ts knows which copy to read when. docs/decisions/0006
 */

interface SwitchMarks {
  /** The region whose behaviour changes. */
  readonly region: string;
  /** Who set the switch. */
  readonly by: string;
  /** When the switch was set, ms since the epoch. */
  readonly at: number;
}

/** `away`: DNS is to lead clients to the other region. */
export interface ShiftSwitch extends SwitchMarks {
  readonly switch: 'shift';
  readonly set: 'away' | 'back';
}

/** `skip-home`: the region's functions do not try their own log bucket. `until` is in ms since the epoch. */
export type StorageSwitch = SwitchMarks & { readonly switch: 'storage' } & (
    | { readonly set: 'auto' }
    | { readonly set: 'skip-home' | 'skip-peer'; readonly until: number }
  );

export interface Switches {
  readonly shift: ShiftSwitch;
  readonly storage: StorageSwitch;
}
export type SwitchName = keyof Switches;
export type Switch = Switches[SwitchName];

const settings: Readonly<Record<SwitchName, readonly string[]>> = {
  shift: ['away', 'back'],
  storage: ['skip-home', 'skip-peer', 'auto'],
};

/** The key of a switch, in either log bucket. */
export function switchKey(name: SwitchName, region: string): string {
  return `switches/${name}/${region}.json`;
}

export function encodeSwitch(value: Switch): string {
  const { switch: name, region, set, by, at } = value;
  return `${JSON.stringify({ v: 1, switch: name, region, set, by, at, ...('until' in value && { until: value.until }) })}\n`;
}

export type ParsedSwitch<Value extends Switch = Switch> =
  | { readonly kind: 'switch'; readonly value: Value }
  /** The value is unknown, which does not mean that the switch is not set. One line for each problem. */
  | { readonly kind: 'unreadable'; readonly problems: readonly string[] };

/** What one copy says. `missing`: the bucket works and has no copy, because nobody ever set the switch. */
export type SwitchCopy<Value extends Switch = Switch> = ParsedSwitch<Value> | { readonly kind: 'missing' };

/** Interprets the result of reading the object `switchKey(name, region)`. */
export function readSwitchCopy<Name extends SwitchName>(
  name: Name,
  region: string,
  fetched: Fetched<StoredObject>,
): SwitchCopy<Switches[Name]> {
  if (fetched.kind === 'ok') {
    const { body } = fetched.value;
    if (body.length > limits.switches.bytesMax) return unreadable(`${body.length} bytes are too many`);
    return parseSwitch(name, region, Buffer.from(body).toString('utf8'));
  }
  const { answer } = fetched;
  return callOutcome(answer) === 'missing' ? { kind: 'missing' } : unreadable(answerText(answer));
}

/** Ignores unknown keys, so that an older release can read a newer switch. A newer `v` forbids that. */
export function parseSwitch<Name extends SwitchName>(
  name: Name,
  region: string,
  text: string,
): ParsedSwitch<Switches[Name]> {
  const written = parseObject(text);
  if (written === undefined) return unreadable('not a JSON object');
  if (written['v'] !== 1) return unreadable('v: must be 1, the only version that this release knows');
  const problems = problemsOf(name, region, written);
  if (problems.length > 0) return { kind: 'unreadable', problems };
  const { set, by, at, until } = written;
  const value = { switch: name, region, set, by, at, ...(isSkip(set) && { until }) };
  return { kind: 'switch', value: value as unknown as Switches[Name] };
}

/** Whether DNS is to lead clients away from the switch's region. */
export function isShiftedAway(shift: ShiftSwitch | undefined): boolean {
  return shift?.set === 'away';
}

/** The bucket that the region's functions do not try now. An expired switch is the same as `auto`. */
export function skippedBucket(storage: StorageSwitch | undefined, nowMs: number): 'home' | 'peer' | undefined {
  if (storage === undefined || storage.set === 'auto' || nowMs >= storage.until) return undefined;
  return storage.set === 'skip-home' ? 'home' : 'peer';
}

/** Whether the switch changes anything now. */
export function isSwitchInForce(value: Switch | undefined, nowMs: number): boolean {
  if (value === undefined) return false;
  return value.switch === 'shift' ? isShiftedAway(value) : skippedBucket(value, nowMs) !== undefined;
}

function problemsOf(name: SwitchName, region: string, written: Readonly<Record<string, unknown>>): readonly string[] {
  const { set, by, at, until } = written;
  const problems = [
    written['switch'] === name ? '' : `switch: must be ${name}`,
    written['region'] === region ? '' : `region: must be ${region}`,
    settings[name].some((setting) => setting === set) ? '' : `set: must be one of ${settings[name].join(', ')}`,
    typeof by === 'string' && by !== '' ? '' : 'by: must say who set it',
    isTime(at) ? '' : 'at: must be a time, in ms since the epoch',
    isSkip(set) ? untilProblem(until, at) : '',
  ];
  return problems.filter((problem) => problem !== '');
}

/** A skip must end by itself, before SQS deletes the segments that wait for the bucket in a failure queue. */
function untilProblem(until: unknown, at: unknown): string {
  if (!isTime(until)) return 'until: must be a time, in ms since the epoch';
  if (!isTime(at)) return '';
  const { skipHoursMax } = limits.switches;
  if (until > at && until - at <= skipHoursMax * 3_600_000) return '';
  return `until: must be after at, by at most ${skipHoursMax} hours`;
}

function isSkip(set: unknown): boolean {
  return set === 'skip-home' || set === 'skip-peer';
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function unreadable(problem: string): Extract<ParsedSwitch, { kind: 'unreadable' }> {
  return { kind: 'unreadable', problems: [problem] };
}
