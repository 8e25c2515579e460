import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import type { NameTarget } from '../evidence/observe-name.ts';
import { groupBy } from '../group-by.ts';
import { isAcknowledged, isAnswered, isUnconfirmed, type SentRecord } from '../load/sent-record.ts';

/**
 * I3: clicks and impressions get an answer while their region answers at all, and every answer names its event and the
 * rung that took it. A conversion may be refused, because its sender tries again.
 */
export const served: DrillCheck = (evidence) => [...refusals(evidence), ...silentAnswers(evidence)];

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

/**
 * A region whose HTTP API or `track` function is broken may not answer; a slow one answers. Requests to that region are
 * refused until Route 53 leads clients elsewhere and their cached DNS answers expire. Afterwards only a healthy region
 * can have refused a request, and nothing explains that.
 */
function isExplained({ atMs, latencyMs }: SentRecord, { faults, nameTargets }: Evidence): boolean {
  const regions = regionsLedTo(nameTargets, atMs);
  return faults.some(
    ({ fault, fromMs, toMs }) =>
      atMs < toMs &&
      atMs + latencyMs > fromMs &&
      stopsRegionFromAnswering(fault) &&
      (fault.region === undefined || regions.has(fault.region)),
  );
}

/** The drill looks at the name only a few times a second, and a request may leave a little after it is due. */
const looseMs = 500;

function regionsLedTo(nameTargets: readonly NameTarget[], atMs: number): ReadonlySet<string> {
  const inForce = nameTargets.filter(({ sinceMs }, index) => {
    const untilMs = nameTargets[index + 1]?.sinceMs ?? Number.POSITIVE_INFINITY;
    return sinceMs <= atMs + looseMs && untilMs > atMs - looseMs;
  });
  return new Set(inForce.flatMap(({ regions }) => regions));
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
