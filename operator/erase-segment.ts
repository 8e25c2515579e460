import { type Criterion, isMeant, type OpenedSegment, openSegment, tombstone } from '../core/erasure.ts';
import type { LoggedEvent } from '../core/event.ts';
import { type Segment, segmentsOf } from '../core/segment.ts';
import { LogFailure, type LogVersion, type VersionedLog } from './versioned-log.ts';

/** One version of a segment in one log, opened. Delete markers hold nothing and are not among them. */
interface Copy {
  readonly log: VersionedLog;
  readonly version: LogVersion;
  readonly content: OpenedSegment;
}

/** A key in both logs with everything that they remember of it. */
export interface SegmentHistory {
  readonly key: string;
  /** Each log with all its versions of the key, delete markers included. */
  readonly versions: ReadonlyMap<VersionedLog, readonly LogVersion[]>;
  readonly copies: readonly Copy[];
}

export type VersionsByLog = SegmentHistory['versions'];

/** Reads the same bytes once only, since both logs nearly always hold the same. */
export async function readHistory(key: string, versions: VersionsByLog): Promise<SegmentHistory> {
  const opened = new Map<string, OpenedSegment>();
  const copies: Copy[] = [];
  for (const [log, ofLog] of versions) {
    for (const version of ofLog) {
      if (version.etag === undefined) continue;
      const content = opened.get(version.etag) ?? openSegment(await log.read(key, version.versionId));
      opened.set(version.etag, content);
      copies.push({ log, version, content });
    }
  }
  return { key, versions, copies };
}

/** Events that are to be erased, in whatever version. */
export function meantIn({ copies }: SegmentHistory, criterion: Criterion): readonly LoggedEvent[] {
  return copies.flatMap((copy) => eventsIn(copy)).filter((event) => isMeant(criterion, event));
}

export function isUnreadable({ copies }: SegmentHistory): boolean {
  return copies.some(({ content }) => content.kind === 'unreadable');
}

/** An erasure of some of its events was begun, by whomever, and broken off. */
export function isHalfErased(history: SegmentHistory): boolean {
  return isDecided(history) && !isErased(history);
}

/**
 * Once a tombstone lies in one log, what was to be kept of the segment lies in both logs under another key. From then on
 * nothing may be taken out of old versions any more: it could be somebody else's erased event.
 */
function isDecided({ copies }: SegmentHistory): boolean {
  return copies.some(({ version, content }) => version.isLatest && content.kind === 'tombstone');
}

function isErased({ versions, copies }: SegmentHistory): boolean {
  const isAlone = [...versions.values()].every((ofLog) => ofLog.length === 1);
  return isAlone && copies.length === versions.size && copies.every(({ content }) => content.kind === 'tombstone');
}

/**
 * Erases in an order that can be broken off anywhere and begun again: first what is kept gets a segment of its own in
 * both logs, and is read back; then a tombstone takes the old key in both; then every older version goes for good. Until
 * the last step events stand twice, which figures count once. Throws a LogFailure; nothing is lost then.
 */
export async function eraseFrom(logs: readonly VersionedLog[], key: string, criterion: Criterion): Promise<void> {
  const history = await readHistory(key, await versionsOf(logs, key));
  if (isUnreadable(history)) throw new LogFailure(`${key} is no segment that can be read`);
  if (!isDecided(history) && !isInLatest(history, criterion)) return removeOldCopies(history, criterion);
  if (!isDecided(history)) await keepOthers(logs, history, criterion);
  await Promise.all(logs.map((log) => bury(log, key)));
}

async function versionsOf(logs: readonly VersionedLog[], key: string): Promise<VersionsByLog> {
  const listed = logs.map(async (log) => {
    const versions = await log.versions(key);
    return [log, versions.filter((version) => version.key === key)] as const;
  });
  return new Map(await Promise.all(listed));
}

function eventsIn({ content }: Copy): readonly LoggedEvent[] {
  return content.kind === 'events' ? content.events : [];
}

function isInLatest({ copies }: SegmentHistory, criterion: Criterion): boolean {
  const latest = copies.filter(({ version }) => version.isLatest);
  return latest.some((copy) => eventsIn(copy).some((event) => isMeant(criterion, event)));
}

/** The object that counts holds nothing of it, or there is none any more: only what S3 still remembers has to go. */
async function removeOldCopies({ key, copies }: SegmentHistory, criterion: Criterion): Promise<void> {
  const meant = copies.filter((copy) => eventsIn(copy).some((event) => isMeant(criterion, event)));
  await Promise.all(meant.map(({ log, version }) => log.remove(key, [version.versionId])));
}

async function keepOthers(logs: readonly VersionedLog[], { copies }: SegmentHistory, criterion: Criterion) {
  const latest = copies.filter(({ version }) => version.isLatest);
  const kept = segmentsOf(latest.flatMap((copy) => linesKept(copy, criterion)));
  for (const segment of kept) await Promise.all(logs.map((log) => keepIn(log, segment)));
}

function linesKept({ content }: Copy, criterion: Criterion): readonly string[] {
  if (content.kind !== 'events') return [];
  return content.lines.filter((_, index) => {
    const event = content.events[index];
    return event !== undefined && !isMeant(criterion, event);
  });
}

/** Read back, because what it was made of is about to be overwritten. */
async function keepIn(log: VersionedLog, { key, gzip, eventIds }: Segment): Promise<void> {
  await log.writeIfAbsent(key, gzip);
  const content = await latestContent(log, key);
  const held = new Set(content.kind === 'events' ? content.events.map(({ id }) => id) : []);
  if (eventIds.every((id) => held.has(id))) return;
  throw new LogFailure(
    `${log.region}: ${key} does not hold the events to be kept: if another erasure was broken off, run that one again first`,
  );
}

/** Puts the tombstone, and removes everything below it. */
async function bury(log: VersionedLog, key: string): Promise<void> {
  const before = await latestContent(log, key);
  if (before.kind !== 'tombstone') await log.overwrite(key, tombstone);
  const versions = (await log.versions(key)).filter((version) => version.key === key);
  const old = versions.filter(({ isLatest }) => !isLatest).map(({ versionId }) => versionId);
  if (old.length > 0) await log.remove(key, old);
}

async function latestContent(log: VersionedLog, key: string): Promise<OpenedSegment> {
  const versions = await log.versions(key);
  const latest = versions.find((version) => version.key === key && version.isLatest);
  return latest?.etag === undefined ? { kind: 'unreadable' } : openSegment(await log.read(key, latest.versionId));
}
