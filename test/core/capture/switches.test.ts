import { describe, expect, test } from 'vitest';
import {
  encodeSwitch,
  isShiftedAway,
  isSwitchInForce,
  parseSwitch,
  readSwitchCopy,
  type ShiftSwitch,
  type StorageSwitch,
  type Switch,
  skippedBucket,
  switchKey,
} from '../../../core/capture/switches.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { Answer } from '../../../core/ports.ts';

const region = 'us-east-1';
const at = Date.UTC(2026, 10, 23, 5);
const marks = { region, by: 'ada', at } as const;
const away: ShiftSwitch = { ...marks, switch: 'shift', set: 'away' };
const back: ShiftSwitch = { ...marks, switch: 'shift', set: 'back' };
const skipHome: StorageSwitch = { ...marks, switch: 'storage', set: 'skip-home', until: at + 60_000 };
const skipPeer: StorageSwitch = { ...skipHome, set: 'skip-peer' };
const auto: StorageSwitch = { ...marks, switch: 'storage', set: 'auto' };

const changed = (value: Switch, fields: object) => JSON.stringify({ ...JSON.parse(encodeSwitch(value)), ...fields });
const problemsIn = (name: 'shift' | 'storage', text: string) => {
  const parsed = parseSwitch(name, region, text);
  return parsed.kind === 'unreadable' ? parsed.problems : [];
};

describe('a switch', () => {
  test.each([away, back, skipHome, skipPeer, auto])('is read as it was written: $switch $set', (value) => {
    expect(parseSwitch(value.switch, region, encodeSwitch(value))).toEqual({ kind: 'switch', value });
  });

  test('lies where both releases of a deployment look for it, and is text that a person can write', () => {
    expect(switchKey('storage', region)).toBe('switches/storage/us-east-1.json');
    expect(encodeSwitch(skipPeer)).toBe(
      `{"v":1,"switch":"storage","region":"us-east-1","set":"skip-peer","by":"ada","at":${at},"until":${at + 60_000}}\n`,
    );
  });

  test('with keys that this release does not know is read without them', () => {
    expect(parseSwitch('shift', region, changed(away, { why: 'drill', until: 5 }))).toEqual({
      kind: 'switch',
      value: away,
    });
  });

  test('of a newer version is unreadable, whatever else it holds', () => {
    expect(problemsIn('shift', changed(away, { v: 2, set: 'sideways' }))).toEqual([
      'v: must be 1, the only version that this release knows',
    ]);
  });

  test.each(['', 'away', '[]', 'null', '{"v":1'])('that is %j is unreadable', (text) => {
    expect(problemsIn('shift', text)).toEqual(['not a JSON object']);
  });

  test('reports all of its mistakes at once', () => {
    const wrong = { switch: 'storage', region: 'eu-west-1', set: 'skip-home', by: '', at: 'now' };
    expect(problemsIn('shift', changed(away, wrong)).map((problem) => problem.split(':')[0])).toEqual([
      'switch',
      'region',
      'set',
      'by',
      'at',
      'until',
    ]);
  });

  test.each([undefined, 'tomorrow', at, at - 1, at + limits.switches.skipHoursMax * 3_600_000 + 1])(
    'that skips a bucket until %j is unreadable: it must end by itself',
    (until) => {
      expect(problemsIn('storage', changed(skipHome, { until }))).toHaveLength(1);
    },
  );
});

describe('what a switch means', () => {
  test('a region is left when it is switched away, and only then', () => {
    expect([undefined, back, away].map(isShiftedAway)).toEqual([false, false, true]);
  });

  test('a bucket is skipped until the switch expires', () => {
    expect(skippedBucket(skipHome, at)).toBe('home');
    expect(skippedBucket(skipPeer, at + 59_999)).toBe('peer');
    expect(skippedBucket(skipPeer, at + 60_000)).toBeUndefined();
    expect([undefined, auto].map((value) => skippedBucket(value, at))).toEqual([undefined, undefined]);
  });

  test('counts as in force only while it changes something', () => {
    const inForce = [undefined, back, auto, away, skipHome, skipPeer].map((value) => isSwitchInForce(value, at));
    expect(inForce).toEqual([false, false, false, true, true, true]);
    expect(isSwitchInForce(skipHome, at + 60_000)).toBe(false);
  });
});

describe('a copy of a switch', () => {
  const answered = (answer: Answer) => readSwitchCopy('shift', region, { kind: 'failed', answer }).kind;

  test('is missing only when its bucket says that it has no such object', () => {
    expect(answered({ status: 404, code: 'NoSuchKey' })).toBe('missing');
  });

  test.each([
    { status: 403, code: 'AccessDenied' },
    { status: 404, code: 'NoSuchBucket' },
    { status: 404, code: 'Unknown' },
    { status: 503, code: 'SlowDown' },
    { status: 0, code: 'Timeout' },
  ])('is unreadable, and not missing, after $status $code', (answer) => {
    expect(answered(answer)).toBe('unreadable');
  });

  test('is read, unless it is larger than a switch can be', () => {
    const body = Buffer.from(encodeSwitch(away));
    expect(readSwitchCopy('shift', region, { kind: 'ok', value: { body, etag: '' } })).toEqual({
      kind: 'switch',
      value: away,
    });
    const padded = Buffer.from(encodeSwitch(away).padEnd(limits.switches.bytesMax + 1));
    expect(readSwitchCopy('shift', region, { kind: 'ok', value: { body: padded, etag: '' } }).kind).toBe('unreadable');
  });
});
