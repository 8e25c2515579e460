import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { goneEvents } from '../faults/lose-region.ts';
import { groupBy } from '../group-by.ts';
import { isAcknowledged, isUnconfirmed, type SentRecord } from '../load/sent-record.ts';
import { someOf, traceOf } from './problem-text.ts';

/**
 * I1: every acknowledged event is in both logs, but for what was lost with its region. An unconfirmed event is in both logs, or whole in a function's log
 * line.
 */
export const noLoss: DrillCheck = (evidence) => [
  ...acknowledgedLines(evidence),
  ...unconfirmedLines(evidence),
  ...otherType(evidence),
  ...namedTwice(evidence),
];

/** Acknowledged events that a log lacks, and unconfirmed events that are nowhere. */
export function lostEvents(evidence: Evidence): readonly SentRecord[] {
  return [...missingFromALog(evidence), ...nowhere(evidence)];
}

function acknowledgedLines(evidence: Evidence): string[] {
  const groups = groupBy(
    missingFromALog(evidence),
    ({ type, rung, eventId }) => `acknowledged ${type}s captured by ${rung} are ${traceOf(eventId, evidence)}`,
  );
  return [...groups].map(([what, records]) => `I1: ${records.length} ${what}: ${idsOf(records)}`);
}

function unconfirmedLines(evidence: Evidence): string[] {
  const records = nowhere(evidence);
  if (records.length === 0) return [];
  return [
    `I1: ${records.length} unconfirmed events are in no function's log line and not in both logs: ${idsOf(records)}`,
  ];
}

function otherType(evidence: Evidence): string[] {
  const records = evidence.records.filter(({ type, eventId }) =>
    evidence.logs.some(({ events }) => events.has(eventId) && events.get(eventId)?.type !== type),
  );
  return records.length === 0
    ? []
    : [`I1: ${records.length} events were logged as another type than sent: ${idsOf(records)}`];
}

/** When two answers name the same event, one of the two events that were sent is missing. */
function namedTwice({ records }: Evidence): string[] {
  const named = records.filter(({ eventId }) => eventId !== '');
  const twice = [...groupBy(named, ({ eventId }) => eventId)].filter(([, same]) => same.length > 1);
  return twice.length === 0
    ? []
    : [`I1: ${twice.length} events were named by several answers: ${someOf(twice.map(([eventId]) => eventId))}`];
}

function missingFromALog(evidence: Evidence): readonly SentRecord[] {
  const gone = goneEvents(evidence.steps);
  const isMissing = (record: SentRecord) => isAcknowledged(record) && !isInEveryLog(record, evidence);
  return evidence.records.filter((record) => isMissing(record) && !gone.has(record.eventId));
}

function nowhere(evidence: Evidence): readonly SentRecord[] {
  const unconfirmed = evidence.functionLines.filter(({ outcome }) => outcome === 'unconfirmed');
  const inLines = new Set(unconfirmed.map(({ event }) => event.id));
  return evidence.records.filter(
    (record) => isUnconfirmed(record) && !inLines.has(record.eventId) && !isInEveryLog(record, evidence),
  );
}

export function isInEveryLog({ eventId }: SentRecord, { logs }: Evidence): boolean {
  return logs.every(({ events }) => events.has(eventId));
}

function idsOf(records: readonly SentRecord[]): string {
  return someOf(records.map(({ eventId }) => eventId || '(the answer named no event)'));
}
