import type { Check, Evidence } from '../evidence.ts';
import { isAcknowledged, isAnswered, isUnconfirmed, type SentRecord } from '../record.ts';
import { groupBy } from '../trace.ts';

/**
 * I3: clicks and impressions are answered as long as their region answers at all, and every answer says what became of
 * its event. A conversion may be refused: its sender tries again.
 */
export const served: Check = (evidence) => [...refusals(evidence), ...silentAnswers(evidence)];

function refusals(evidence: Evidence): string[] {
  const refused = evidence.records.filter(
    (record) => record.type !== 'conversion' && !isAnswered(record) && !isExplained(record, evidence),
  );
  const groups = groupBy(
    refused,
    ({ type, status, error }) => `${type}s were refused with ${status || `no answer (${error})`}`,
  );
  return [...groups].map(
    ([what, records]) => `I3: ${records.length} ${what}, ${spanText(records)} after the load began`,
  );
}

/** A region whose HTTP front or `track` function is broken does not answer, or not every time; only Route 53 can help then. A slow one answers. */
function isExplained({ atMs, latencyMs }: SentRecord, { faults }: Evidence): boolean {
  return faults.some(
    ({ fault, fromMs, toMs }) => atMs < toMs && atMs + latencyMs > fromMs && stopsRegionFromAnswering(fault),
  );
}

function stopsRegionFromAnswering({ service, effect, callers }: Evidence['faults'][number]['fault']): boolean {
  if (effect === 'slow') return false;
  const concernsTrack = callers === undefined || callers.includes('track');
  if (service === 'lambda' || effect === 'kill') return concernsTrack;
  return service === 'http' || service === 'region';
}

function silentAnswers({ records }: Evidence): string[] {
  const silent = records.filter((record) => isAnswered(record) && !isAcknowledged(record) && !isUnconfirmed(record));
  const nameless = records.filter((record) => record.rung !== '' && record.eventId === '');
  return [
    ...(silent.length === 0
      ? []
      : [`I3: ${silent.length} answers did not say which rung took their event, ${spanText(silent)}`]),
    ...(nameless.length === 0
      ? []
      : [`I3: ${nameless.length} answers did not name their event, ${spanText(nameless)}`]),
  ];
}

function spanText(records: readonly SentRecord[]): string {
  const moments = records.map(({ atMs }) => atMs / 1_000);
  return `from ${Math.min(...moments).toFixed(1)} to ${Math.max(...moments).toFixed(1)} s`;
}
