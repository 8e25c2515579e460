import { metrics } from '../../core/metrics.ts';
import type { CloudState } from '../../local/handle.ts';
import { figureTotals, miscounts } from '../checks/figures.ts';
import { deadLetterCount } from '../checks/no-dead-letters.ts';
import { isInEveryLog, lostEvents } from '../checks/no-loss.ts';
import { againCount, missingPostbacks } from '../checks/postbacks.ts';
import { accountingTotals } from '../evidence/accounting-totals.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { GrantRow } from '../evidence/grants.ts';
import { metricSum, metricSums } from '../evidence/metric-sum.ts';
import type { Observed } from '../evidence/observe-cloud.ts';
import { isAccepted } from '../evidence/received.ts';
import { toldAlerts } from '../evidence/told-alerts.ts';
import {
  type ByType,
  countByType,
  isAcknowledged,
  isAnswered,
  isUnconfirmed,
  type SentRecord,
  totalOf,
} from '../load/sent-record.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type LatencyByPhase, latencyByPhase } from './latency.ts';
import { usdOf } from './prices.ts';

/** The JSON of `--report`. Its keys are a contract; docs/drills.md explains each of them. */
export interface DrillReport {
  readonly scenario: string;
  readonly seed: number;
  readonly sent: ByType;
  readonly answered: ByType;
  readonly refused: ByType;
  readonly acknowledged: ByType;
  readonly unconfirmed: number;
  /**
   * Unconfirmed events that are in both logs: an operator recovered them, or a rung took them and its answer was lost.
   */
  readonly recovered: number;
  readonly stranded: number;
  readonly stranded_by_type: ByType;
  readonly lost: number;
  /** Events that the worse region's final figures count too often, or lack; null when no region makes figures. */
  readonly counted_twice: number | null;
  readonly missing_in_final: number | null;
  /**
   * The totals of the drill's own count (`expected`) and of each region's final figures; null for a release without
   * figures.
   */
  readonly figures: Readonly<Record<string, ReturnType<typeof figureTotals> | null>>;
  /** Where all numbered events are, and where all segments are. */
  readonly accounting: ReturnType<typeof accountingKeys>;
  /**
   * Postbacks that the drill's own count calls for; those that no partner has accepted; requests that partners accepted,
   * and those of them that came again; requests that partners did not accept.
   */
  readonly postbacks: {
    readonly owed: number;
    readonly missing: number;
    readonly accepted: number;
    readonly again: number;
    readonly failed: number;
    /** From the standing to the first acceptance, in model time, of partners that no fault struck. */
    readonly slowest_ms: number | null;
  };
  /** Every cap that was used up: clicks sent on afterwards, and how many these may be. */
  readonly caps: readonly CapReport[];
  readonly caps_used_up: number;
  readonly dead_lettered: number;
  /** Alerts in the messages to the alarm addresses of all regions, and how many of them repeat an earlier one. */
  readonly alerts_told: number;
  readonly alerts_repeated: number;
  /**
   * These four are in model time; null when the tracking name never moved or returned, or the backlog never drained.
   */
  readonly shift_ms: number | null;
  readonly clients_shift_ms: number | null;
  readonly return_ms: number | null;
  readonly drain_ms: number | null;
  /** The most messages of one intake queue at one moment. */
  readonly intake_messages_max: number;
  readonly latency_ms: LatencyByPhase;
  readonly captured_by: Readonly<Record<string, number>>;
  readonly aws_calls: Readonly<Record<string, number>>;
  /** The increase of each metric during the drill, summed over regions and dimensions. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The price of requests only, see prices.ts; null when no click was sent. */
  readonly usd_per_million_clicks: number | null;
  /** The grants of the functions' roles, and how many calls needed each, including the warm-up. */
  readonly grants: readonly GrantRow[];
  readonly verdict: 'PASSED' | 'FAILED';
  readonly broken: readonly string[];
}

/** Observations during the drill that cannot be read from the evidence afterwards. */
export interface RunObservations extends Observed {
  readonly stranded: ByType;
  readonly stateAtStart: CloudState;
  readonly grants: readonly GrantRow[];
}

export type Measurements = Omit<DrillReport, 'verdict' | 'broken'>;

export function measurementsOf(scenario: Scenario, evidence: Evidence, measured: RunObservations): Measurements {
  const { records, faults, state, settledState } = evidence;
  const alerts = toldAlerts(state.regions.flatMap(({ messages }) => messages));
  const awsCalls = difference(settledState.calls, measured.stateAtStart.calls);
  return {
    scenario: scenario.name,
    seed: scenario.seed,
    sent: countByType(records),
    answered: countByType(records.filter(isAnswered)),
    refused: countByType(records.filter((record) => !isAnswered(record))),
    acknowledged: countByType(records.filter(isAcknowledged)),
    unconfirmed: records.filter(isUnconfirmed).length,
    recovered: records.filter((record) => isUnconfirmed(record) && isInEveryLog(record, evidence)).length,
    stranded: totalOf(measured.stranded),
    stranded_by_type: measured.stranded,
    lost: lostEvents(evidence).length,
    counted_twice: miscounts(evidence)?.countedTwice ?? null,
    missing_in_final: miscounts(evidence)?.missing ?? null,
    figures: figuresByRegion(evidence),
    accounting: accountingKeys(evidence),
    postbacks: postbackKeys(evidence),
    caps: evidence.lateClicks.map(capReport),
    caps_used_up: evidence.lateClicks.length,
    dead_lettered: deadLetterCount(evidence),
    alerts_told: alerts.length,
    alerts_repeated: alerts.length - new Set(alerts).size,
    shift_ms: measured.shiftMs,
    clients_shift_ms: measured.clientsShiftMs,
    return_ms: measured.returnMs,
    drain_ms: measured.drainMs,
    intake_messages_max: measured.intakeMessagesMax,
    latency_ms: latencyByPhase(records, faults),
    captured_by: countByRung(records.filter(isAcknowledged)),
    aws_calls: awsCalls,
    metrics: difference(metricSums(state), metricSums(measured.stateAtStart)),
    usd_per_million_clicks: usdPerMillionClicks(evidence, measured.stateAtStart, awsCalls),
    grants: measured.grants,
  };
}

function postbackKeys(evidence: Evidence): Measurements['postbacks'] {
  const { received, postbacks } = evidence;
  const accepted = received.filter(isAccepted).length;
  return {
    owed: postbacks.filter(({ isOwed }) => isOwed).length,
    missing: missingPostbacks(evidence).length,
    accepted,
    again: againCount(evidence),
    failed: received.length - accepted,
    slowest_ms: slowestMs(evidence),
  };
}

function slowestMs({ received, postbacks, faults, settledState }: Evidence): number | null {
  const struck = new Set(faults.flatMap(({ fault }) => fault.partners ?? []));
  const firstMs = new Map<string, number>();
  for (const { postbackId, texts, atMs } of received.filter((one) => isAccepted(one) && !struck.has(one.partner))) {
    const name = `${postbackId} ${texts['conversion_id']} ${texts['status']}`;
    firstMs.set(name, Math.min(firstMs.get(name) ?? atMs, atMs));
  }
  const waits = postbacks.flatMap(({ postbackId, reachedAtMs, texts: [texts = {}], isOwed }) => {
    const atMs = firstMs.get(`${postbackId} ${texts['conversion_id']} ${texts['status']}`);
    return isOwed && atMs !== undefined ? [(atMs - reachedAtMs) * settledState.speed] : [];
  });
  return waits.length === 0 ? null : Math.max(...waits);
}

interface CapReport {
  readonly cap: string;
  readonly mode: string;
  readonly sent_on_late: number;
  readonly unseen_ms: number;
  readonly bound: number;
  readonly bound_worst: number;
}

function capReport({ cap, mode, sentOn, unseenMs, bound }: Evidence['lateClicks'][number]): CapReport {
  const bounds = { bound: bound.expected, bound_worst: bound.worst };
  return { cap, mode, sent_on_late: sentOn, unseen_ms: Math.round(unseenMs), ...bounds };
}

function figuresByRegion({ expected, figures }: Evidence): Measurements['figures'] {
  const regions = figures.map((one) => [one.region, one.kind === 'figures' ? figureTotals(one) : null] as const);
  return { expected: figureTotals(expected), ...Object.fromEntries(regions) };
}

function accountingKeys(evidence: Evidence) {
  const { events, segments } = accountingTotals(evidence);
  return {
    events: {
      captured: events.captured,
      in_both_logs: events.inBothLogs,
      in_flight: events.inFlight,
      owed: events.owed,
      unconfirmed: events.unconfirmed,
      stranded: events.stranded,
      unexplained: events.unexplained,
    },
    segments: {
      written: segments.written,
      in_both_logs: segments.inBothLogs,
      owed: segments.owed,
      unowed: segments.unowed.length,
    },
  };
}

function difference(
  now: Readonly<Record<string, number>>,
  before: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(now)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count > 0)
      .sort(([left], [right]) => left.localeCompare(right)),
  );
}

function countByRung(records: readonly SentRecord[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rung } of records) counts[rung] = (counts[rung] ?? 0) + 1;
  return counts;
}

/** The price of all requests of the run, divided by its clicks. Impressions, conversions and schedules are included. */
function usdPerMillionClicks(evidence: Evidence, before: CloudState, calls: Usage['calls']): number | null {
  const clicks = countByType(evidence.records).click;
  if (clicks === 0) return null;
  const segments = evidence.logs.flatMap((log) => [...log.segments.values()]);
  const meanBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0) / Math.max(1, segments.length);
  const usd = usdOf({
    calls,
    invocations: invocations(evidence.settledState) - invocations(before),
    httpRequests: evidence.settledState.urls.overHttp ? 0 : totalAttempts(evidence),
    owedSegments: metricSum(evidence.settledState, metrics.segmentsOwed) - metricSum(before, metrics.segmentsOwed),
    owedMessageBytes: (meanBytes * 4) / 3,
    ...unitsSince(before, evidence.settledState),
  });
  return Math.round((usd / clicks) * 1_000_000 * 100) / 100;
}

/** Requests to an HTTP API have a price. A load balancer, which alone serves port 80, is paid by the hour. */
function totalAttempts({ records }: Evidence): number {
  return records.reduce((sum, { attempts }) => sum + attempts, 0);
}

type Usage = Parameters<typeof usdOf>[0];

function unitsSince(before: CloudState, now: CloudState): Pick<Usage, 'readUnits' | 'writeUnits'> {
  const sumOf = ({ regions }: CloudState, unit: 'readUnits' | 'writeUnits') =>
    regions.flatMap(({ tables }) => tables).reduce((sum, table) => sum + table[unit], 0);
  return {
    readUnits: sumOf(now, 'readUnits') - sumOf(before, 'readUnits'),
    writeUnits: sumOf(now, 'writeUnits') - sumOf(before, 'writeUnits'),
  };
}

function invocations({ regions }: CloudState): number {
  return regions.flatMap(({ functions }) => functions).reduce((sum, { invocations: count }) => sum + count, 0);
}
