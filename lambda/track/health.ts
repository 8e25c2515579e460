import { healthWords } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import type { Clock, Log, Metrics } from '../../core/ports.ts';
import type { Reply } from '../../core/tracking/decision.ts';
import { jsonReply } from '../../core/tracking/replies.ts';
import type { Capture, Captured } from './capture.ts';
import type { Stamp } from './stamp.ts';

export interface HealthParts {
  readonly region: string;
  readonly capture: Capture;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Log;
}

export interface Health {
  /** Each capture tells how it went. A busy environment then needs no probe. */
  note(captured: Captured): void;
  /** `refreshed`: the refresh of the catalog, when one is under way. */
  check(refreshed: Promise<void>): Promise<Reply>;
}

/**
 * Answers one question: can this region capture an event now? Statistics, replay or a single ill rung do not count: the
 * ladder and the queues are made for those, and DNS must not move.
 */
export function createHealth(parts: HealthParts, stamp: Stamp): Health {
  const { clock, region } = parts;
  let provenAtMs = Number.NEGATIVE_INFINITY;
  const note = (captured: Captured) => {
    provenAtMs = captured.length > 0 ? clock.nowMs() : Number.NEGATIVE_INFINITY;
  };
  const isProven = () => clock.nowMs() - provenAtMs < limits.health.idleMs;

  return {
    note,
    async check(refreshed) {
      // Clicks do not wait for a refresh, so it may freeze. Nobody waits behind a health check, so it lets the refresh
      // end.
      const settled = Promise.race([refreshed, clock.sleep(limits.health.refreshWaitMs)]);
      if (!isProven()) note(await captureProbe(parts, stamp));
      await settled;
      return isProven()
        ? jsonReply(200, { health: healthWords.capture, region })
        : jsonReply(503, { health: 'failing', region });
    },
  };
}

async function captureProbe({ capture, clock, metrics, log }: HealthParts, stamp: Stamp): Promise<Captured> {
  const stamped = stamp({ type: 'probe', fields: {} }, clock.nowMs());
  if (stamped === undefined) return [];
  const captured = await capture(stamped, stamped.line);
  if (captured.length > 0) {
    stamped.confirm();
    metrics.count(metricNames.captured, 1, { rung: captured.join('+') });
  } else log.error('a probe was refused', { refused: JSON.parse(stamped.line) });
  return captured;
}
