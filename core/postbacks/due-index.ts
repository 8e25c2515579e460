import { gunzipSync, gzipSync } from 'node:zlib';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { minuteNameOf } from './minute-name.ts';
import { outboxKeysFrom, parseOutboxKey } from './outbox-key.ts';

/**
 * Which minutes have postbacks to send, so that nobody lists all minutes. Each region has an index of its own, made from
 * its own outbox.
 */
export interface DueIndex {
  /** Outbox objects whose keys sort before this are in `minutes`, or done. */
  readonly listedFrom: string;
  /** Keys of outbox objects from there on that are in `minutes`, or done. */
  readonly seen: readonly string[];
  /** By the minute's name. */
  readonly minutes: ReadonlyMap<string, DueMinute>;
}

export interface DueMinute {
  /** When something of the minute is due, ms since the epoch. */
  readonly dueAtMs: number;
  /** Keys of outbox objects that nobody has looked into yet. */
  readonly inbox: readonly string[];
  /** The other region's copy of the minute's state lacks something. */
  readonly isCopyOwed?: boolean;
}

export const dueIndexKey = 'postbacks/due.json.gz';

/** A region that has no index yet does not know what is old. States of minutes tell what was sent. */
export function newIndex(nowMs: number): DueIndex {
  return { listedFrom: outboxKeysFrom(nowMs - limits.outbox.lookBackMs), seen: [], minutes: new Map() };
}

/** `listedToMs`: all objects that were written before this time, and that can still appear, will have been listed. */
export function withOutbox(index: DueIndex, keys: readonly string[], listedToMs: number): DueIndex {
  const seen = new Set(index.seen);
  const minutes = new Map(index.minutes);
  for (const key of keys) {
    const named = parseOutboxKey(key);
    if (named === undefined || seen.has(key) || key < index.listedFrom) continue;
    seen.add(key);
    const name = minuteNameOf(named.minuteMs);
    const known = minutes.get(name) ?? { dueAtMs: named.writtenAtMs, inbox: [] };
    const dueAtMs = Math.min(known.dueAtMs, named.writtenAtMs);
    minutes.set(name, { ...known, dueAtMs, inbox: [...known.inbox, key] });
  }
  const from = outboxKeysFrom(listedToMs - limits.outbox.appearsWithinMs);
  const listedFrom = from > index.listedFrom ? from : index.listedFrom;
  return { listedFrom, seen: [...seen].filter((key) => key >= listedFrom).sort(), minutes };
}

/** What a run has found out about a minute. */
export interface MinuteLooked {
  readonly name: string;
  /** The minute as the run found it in the index. The lines of these outbox objects are in the minute's state now. */
  readonly found: DueMinute;
  /** When something is due next. Absent when nothing is. */
  readonly dueAtMs?: number;
  readonly isCopyOwed?: boolean;
}

export function withLooked(index: DueIndex, looked: readonly MinuteLooked[]): DueIndex {
  const minutes = new Map(index.minutes);
  for (const { name, found, dueAtMs, isCopyOwed = false } of looked) {
    const known = minutes.get(name);
    const inbox = (known?.inbox ?? []).filter((key) => !found.inbox.includes(key));
    const dueTimes = inbox.map((key) => parseOutboxKey(key)?.writtenAtMs ?? 0);
    if (dueAtMs !== undefined) dueTimes.push(dueAtMs);
    // Another run or an operator has changed the minute meanwhile, and may know of more that is due.
    const changed = known?.dueAtMs === found.dueAtMs ? undefined : known;
    if (changed !== undefined) dueTimes.push(changed.dueAtMs);
    const isOwed = isCopyOwed || changed?.isCopyOwed === true;
    if (dueTimes.length === 0) minutes.delete(name);
    else minutes.set(name, { dueAtMs: Math.min(...dueTimes), inbox, ...(isOwed && { isCopyOwed: true }) });
  }
  return { ...index, minutes };
}

/** An operator wants a minute to be looked at. */
export function withAsked(index: DueIndex, name: string, nowMs: number): DueIndex {
  // A time of its own, so that a run that is looking at the minute sees that it has changed.
  const asked = { inbox: [], ...index.minutes.get(name), dueAtMs: nowMs };
  return { ...index, minutes: new Map(index.minutes).set(name, asked) };
}

/**
 * The minutes that are due at a time, those that are due longest first. Minutes with new lines come before all others:
 * what waits for a slow host must not hold up what nobody has tried yet.
 */
export function dueMinutes({ minutes }: DueIndex, timeMs: number): readonly (readonly [string, DueMinute])[] {
  const due = [...minutes].filter(([, { dueAtMs }]) => dueAtMs <= timeMs);
  return due.sort(([, one], [, other]) => hasNews(other) - hasNews(one) || one.dueAtMs - other.dueAtMs);
}

function hasNews({ inbox }: DueMinute): number {
  return Number(inbox.length > 0);
}

export function encodeDueIndex({ listedFrom, seen, minutes }: DueIndex): Uint8Array {
  return gzipSync(JSON.stringify({ v: 1, listedFrom, seen, minutes: Object.fromEntries(minutes) }));
}

/** Undefined when the bytes are no such index. */
export function parseDueIndex(gzip: Uint8Array): DueIndex | undefined {
  const { v, listedFrom, seen, minutes } = parseObject(unpacked(gzip)) ?? {};
  const isWhole = v === 1 && typeof listedFrom === 'string' && Array.isArray(seen) && typeof minutes === 'object';
  if (!isWhole || minutes === null) return undefined;
  const entries = Object.entries(minutes).filter(([, minute]) => isDueMinute(minute));
  return { listedFrom, seen: seen.map(String), minutes: new Map(entries) };
}

function unpacked(gzip: Uint8Array): string {
  try {
    return gunzipSync(gzip, { maxOutputLength: limits.notify.objectBytesMax }).toString();
  } catch {
    return '';
  }
}

function isDueMinute(value: unknown): value is DueMinute {
  const { dueAtMs, inbox } = (value ?? {}) as Partial<DueMinute>;
  return Number.isFinite(dueAtMs) && Array.isArray(inbox);
}
