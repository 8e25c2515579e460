import { metrics } from '../core/metrics.ts';
import type { CloudState } from '../local/handle.ts';
import { deadLetterCount } from './checks/no-dead-letters.ts';
import { isInEveryLog, lostEvents } from './checks/no-loss.ts';
import type { Evidence } from './evidence.ts';
import type { GrantRow } from './grants.ts';
import { type LatencyByPhase, latencyByPhase } from './latency.ts';
import { metricSum } from './metric-sum.ts';
import { usdOf } from './prices.ts';
import {
  type ByType,
  countByType,
  isAcknowledged,
  isAnswered,
  isUnconfirmed,
  type SentRecord,
  totalOf,
} from './record.ts';
import type { Scenario } from './scenario.ts';
import type { Watched } from './watch.ts';

/** What `--report` writes. Its keys are a contract; docs/drills.md says what each means. */
export interface Report {
  readonly scenario: string;
  readonly seed: number;
  readonly sent: ByType;
  readonly answered: ByType;
  readonly refused: ByType;
  readonly acknowledged: ByType;
  readonly unconfirmed: number;
  /** Of these, in both logs all the same: an operator brought them back in, or a rung had taken them unheard. */
  readonly recovered: number;
  readonly stranded: number;
  readonly stranded_by_type: ByType;
  readonly lost: number;
  /** These two are judged from final figures; until there are any they are null. */
  readonly counted_twice: number | null;
  readonly missing_in_final: number | null;
  readonly dead_lettered: number;
  /** These four in the model's time; null when the tracking name never moved or came back, or the backlog never drained. */
  readonly shift_ms: number | null;
  readonly clients_shift_ms: number | null;
  readonly return_ms: number | null;
  readonly drain_ms: number | null;
  readonly latency_ms: LatencyByPhase;
  readonly captured_by: Readonly<Record<string, number>>;
  readonly aws_calls: Readonly<Record<string, number>>;
  /** Requests only, see prices.ts; null when no click was sent. */
  readonly usd_per_million_clicks: number | null;
  /** What the functions' roles grant, and how many calls needed it, warming up included. */
  readonly grants: readonly GrantRow[];
  readonly verdict: 'PASSED' | 'FAILED';
  readonly broken: readonly string[];
}

/** What was measured while the drill ran and cannot be read from the evidence afterwards. */
export interface Measured extends Watched {
  readonly stranded: ByType;
  readonly stateAtStart: CloudState;
  readonly grants: readonly GrantRow[];
}

export type Figures = Omit<Report, 'verdict' | 'broken'>;

export function figuresOf(scenario: Scenario, evidence: Evidence, measured: Measured): Figures {
  const { records, faults, state } = evidence;
  const awsCalls = difference(state.calls, measured.stateAtStart.calls);
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
    counted_twice: null,
    missing_in_final: null,
    dead_lettered: deadLetterCount(evidence),
    shift_ms: measured.shiftMs,
    clients_shift_ms: measured.clientsShiftMs,
    return_ms: measured.returnMs,
    drain_ms: measured.drainMs,
    latency_ms: latencyByPhase(records, faults),
    captured_by: countByRung(records.filter(isAcknowledged)),
    aws_calls: awsCalls,
    usd_per_million_clicks: usdPerMillionClicks(evidence, measured.stateAtStart, awsCalls),
    grants: measured.grants,
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

/** The whole run's requests, impressions, conversions and what runs by the clock included, shared among its clicks. */
function usdPerMillionClicks(evidence: Evidence, before: CloudState, calls: Usage['calls']): number | null {
  const clicks = countByType(evidence.records).click;
  if (clicks === 0) return null;
  const segments = evidence.logs.flatMap((log) => [...log.segments.values()]);
  const meanBytes = segments.reduce((sum, { bytes }) => sum + bytes, 0) / Math.max(1, segments.length);
  const usd = usdOf({
    calls,
    invocations: invocations(evidence.state) - invocations(before),
    httpRequests: evidence.records.reduce((sum, { attempts }) => sum + attempts, 0),
    owedSegments: metricSum(evidence.state, metrics.segmentsOwed) - metricSum(before, metrics.segmentsOwed),
    owedMessageBytes: (meanBytes * 4) / 3,
  });
  return Math.round((usd / clicks) * 1_000_000 * 100) / 100;
}

type Usage = Parameters<typeof usdOf>[0];

function invocations({ regions }: CloudState): number {
  return regions.flatMap(({ functions }) => functions).reduce((sum, { invocations: count }) => sum + count, 0);
}
