import { answerText, callOutcome } from '../call-outcome.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import type { Fetched, StoredObject } from '../ports.ts';

/**
 * Switches: what an operator tells a running region without a deploy. Each is one JSON object, written to both log
 * buckets; for a switch of region R the copy in R's peer counts. Here is what they say; which copy is read when, is in
 * lambda/shared/switch-source.ts.
 */

interface Marks {
  /** The region that it is about. */
  readonly region: string;
  /** Who set it. */
  readonly by: string;
  /** When it was set, ms since the epoch. */
  readonly at: number;
}

/** `away`: DNS shall answer the other region. */
export interface ShiftSwitch extends Marks {
  readonly switch: 'shift';
  readonly set: 'away' | 'back';
}

/** Seen from its region: `skip-home` = the region's functions do not try their own log bucket, until ms since the epoch. */
export type StorageSwitch = Marks & { readonly switch: 'storage' } & (
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

/** Where it lies, in either log bucket. */
export function switchKey(name: SwitchName, region: string): string {
  return `switches/${name}/${region}.json`;
}

export function encodeSwitch(value: Switch): string {
  const { switch: name, region, set, by, at } = value;
  return `${JSON.stringify({ v: 1, switch: name, region, set, by, at, ...('until' in value && { until: value.until }) })}\n`;
}

export type ParsedSwitch<Value extends Switch = Switch> =
  | { readonly kind: 'switch'; readonly value: Value }
  /** Nothing is known, least of all that it is not set; every reason, one line each. */
  | { readonly kind: 'unreadable'; readonly problems: readonly string[] };

/** What one copy says. `missing`: its bucket answered well and has none, as if the switch had never been set. */
export type SwitchCopy<Value extends Switch = Switch> = ParsedSwitch<Value> | { readonly kind: 'missing' };

/** What reading the object `switchKey(name, region)` brought. */
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

/** Unknown keys are ignored, so that an older release reads what a newer one writes; a newer `v` says that it must not. */
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

/** Whether DNS shall leave the switch's region. */
export function isShiftedAway(shift: ShiftSwitch | undefined): boolean {
  return shift?.set === 'away';
}

/** The bucket that the region's functions shall not try at this time; an expired switch is `auto`. */
export function skippedBucket(storage: StorageSwitch | undefined, nowMs: number): 'home' | 'peer' | undefined {
  if (storage === undefined || storage.set === 'auto' || nowMs >= storage.until) return undefined;
  return storage.set === 'skip-home' ? 'home' : 'peer';
}

/** Whether anything is different from what it would be without the switch. */
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

/** A skip ends by itself, and before what waits for the bucket in a failure queue expires. */
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
