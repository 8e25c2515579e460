import {
  type ErasureCriterion,
  matchesCriterion,
  type OpenedSegment,
  openSegment,
  tombstone,
} from '../../../core/event/erasure.ts';
import {
  compareLines,
  compareTexts,
  encodeLine,
  isRedacted,
  knownTypeOf,
  type LoggedEvent,
} from '../../../core/event/event.ts';
import type { Redact } from '../../../core/event/redaction.ts';
import { parseLogKey } from '../../../core/log/log-key.ts';
import { packLines, segmentFault } from '../../../core/log/segment.ts';
import { LogFailure, type LogVersion, type VersionedLog } from '../../clients/versioned-log.ts';

/** One version of a segment in one log, opened. A delete marker is no copy. */
interface Copy {
  readonly log: VersionedLog;
  readonly version: LogVersion;
  readonly content: OpenedSegment;
}

/** All versions of one key in both logs. */
export interface SegmentHistory {
  readonly key: string;
  /** By log, all versions of the key, with delete markers. */
  readonly versions: ReadonlyMap<VersionedLog, readonly LogVersion[]>;
  readonly copies: readonly Copy[];
}

export type VersionsByLog = SegmentHistory['versions'];

/** Reads the same bytes only once: both logs nearly always have the same. */
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

/** Events of any version that match the criterion and are not redacted yet. */
export function meantIn({ copies }: SegmentHistory, criterion: ErasureCriterion): readonly LoggedEvent[] {
  return copies.flatMap(eventsIn).filter((event) => matchesCriterion(criterion, event) && !isRedacted(event));
}

export function isUnreadable({ copies }: SegmentHistory): boolean {
  return copies.some(({ content }) => content.kind === 'unreadable');
}

/** Whether an earlier erasure was interrupted, so that not all copies are redacted alike. */
export function isHalfErased(history: SegmentHistory): boolean {
  const latest = latestOf(history);
  const isBegun = latest.some(({ content }) => content.kind === 'tombstone' || eventsOf(content).some(isRedacted));
  return isBegun && !isSettled(history);
}

/** Each log has exactly one version, and both are the same. */
function isSettled({ versions, copies }: SegmentHistory): boolean {
  const isAlone = [...versions.values()].every((ofLog) => ofLog.length === 1);
  const etags = new Set(copies.map(({ version }) => version.etag));
  return isAlone && copies.length === versions.size && etags.size === 1;
}

/**
 * Redacts in two steps, so that the work can be interrupted at any point and repeated. First it overwrites the segment
 * in both logs and reads it back. Then it deletes every older version for good. The events keep their ids, so the
 * segment keeps its key. Throws a LogFailure; no event is lost then.
 */
export async function eraseFrom(
  logs: readonly VersionedLog[],
  key: string,
  criterion: ErasureCriterion,
  redact: Redact,
): Promise<void> {
  const history = await readHistory(key, await versionsOf(logs, key));
  if (isUnreadable(history)) throw new LogFailure(`${key} is no segment that can be read`);
  if (!isHalfErased(history) && !isInLatest(history, criterion)) return removeOldCopies(history, criterion);
  const bytes = redactedBytes(history, criterion, redact);
  await Promise.all(logs.map((log) => writeOver(log, key, bytes)));
  await Promise.all(logs.map((log) => removeOlder(log, key)));
}

async function versionsOf(logs: readonly VersionedLog[], key: string): Promise<VersionsByLog> {
  const listed = logs.map(async (log) => {
    const versions = await log.versions(key);
    return [log, versions.filter((version) => version.key === key)] as const;
  });
  return new Map(await Promise.all(listed));
}

function eventsIn({ content }: Copy): readonly LoggedEvent[] {
  return eventsOf(content);
}

function eventsOf(content: OpenedSegment): readonly LoggedEvent[] {
  return content.kind === 'events' ? content.events : [];
}

function latestOf({ copies }: SegmentHistory): readonly Copy[] {
  return copies.filter(({ version }) => version.isLatest);
}

function isInLatest(history: SegmentHistory, criterion: ErasureCriterion): boolean {
  return meantIn({ ...history, copies: latestOf(history) }, criterion).some(isRedactable);
}

/**
 * This release does not know which fields of a later release's events identify a person, and leaves such events alone.
 */
export function isRedactable(event: LoggedEvent): boolean {
  return knownTypeOf(event) !== undefined;
}

/** For a key whose latest version is deleted, or has no event to redact: only older versions have to go. */
async function removeOldCopies({ key, copies }: SegmentHistory, criterion: ErasureCriterion): Promise<void> {
  const meant = copies.filter(({ content }) =>
    eventsOf(content).some((event) => matchesCriterion(criterion, event) && !isRedacted(event) && isRedactable(event)),
  );
  await Promise.all(meant.map(({ log, version }) => log.remove(key, [version.versionId])));
}

/**
 * The segment with the events of the criterion redacted. When an interrupted erasure redacted an event in one log only,
 * the redacted line is taken. An earlier release replaced an erased segment by a tombstone, and a tombstone stays one.
 */
function redactedBytes(history: SegmentHistory, criterion: ErasureCriterion, redact: Redact): Uint8Array {
  const latest = latestOf(history);
  if (latest.some(({ content }) => content.kind === 'tombstone')) return tombstone;
  const lines = new Map<string, string>();
  for (const { content } of latest) {
    for (const [index, event] of eventsOf(content).entries()) {
      const line = lineAfter(event, content.kind === 'events' ? (content.lines[index] ?? '') : '', criterion, redact);
      const known = lines.get(event.id);
      lines.set(event.id, known === undefined || compareLines(line, known) < 0 ? line : known);
    }
  }
  const inOrder = [...lines].sort(([one], [other]) => compareTexts(one, other)).map(([, line]) => line);
  return packLines(inOrder);
}

function lineAfter(event: LoggedEvent, line: string, criterion: ErasureCriterion, redact: Redact): string {
  if (!matchesCriterion(criterion, event) || isRedacted(event) || !isRedactable(event)) return line;
  return encodeLine(redact(event));
}

/** Reads the result back, because every older version is about to be deleted. */
async function writeOver(log: VersionedLog, key: string, bytes: Uint8Array): Promise<void> {
  const parsed = parseLogKey(key);
  const isTombstone = bytes === tombstone;
  if (parsed === undefined || (!isTombstone && segmentFault(parsed, bytes) !== undefined)) {
    throw new LogFailure(`${log.region}: ${key} does not hold the events that it is named after`);
  }
  if (!(await holds(log, key, bytes))) await log.overwrite(key, bytes);
  if (await holds(log, key, bytes)) return;
  throw new LogFailure(`${log.region}: ${key} was written over meanwhile: another erasure is running`);
}

async function holds(log: VersionedLog, key: string, bytes: Uint8Array): Promise<boolean> {
  const latest = (await log.versions(key)).find((version) => version.key === key && version.isLatest);
  if (latest?.etag === undefined) return false;
  return Buffer.from(await log.read(key, latest.versionId)).equals(bytes);
}

async function removeOlder(log: VersionedLog, key: string): Promise<void> {
  const versions = (await log.versions(key)).filter((version) => version.key === key);
  const old = versions.filter(({ isLatest }) => !isLatest).map(({ versionId }) => versionId);
  if (old.length > 0) await log.remove(key, old);
}
