import type { ModelTime } from './time.ts';

export interface HealthCheckOptions {
  readonly time: ModelTime;
  readonly intervalMs: number;
  /** Checks in a row that must go the other way before the verdict turns. */
  readonly threshold: number;
  /** Asks once; never rejects. */
  readonly probe: () => Promise<boolean>;
}

export interface HealthCheck {
  healthy(): boolean;
  stop(): void;
}

/**
 * A Route 53 health check as one checker sees it: healthy until shown otherwise, and the same number of answers in a
 * row turns it either way. The next interval starts when the last answer came, so checks never pile up.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export function startHealthCheck({ time, intervalMs, threshold, probe }: HealthCheckOptions): HealthCheck {
  let healthy = true;
  let against = 0;
  let stopped = false;
  let cancel = time.after(0, check);

  function check(): void {
    void probe().then((passed) => {
      if (stopped) return;
      against = passed === healthy ? 0 : against + 1;
      if (against >= threshold) {
        healthy = passed;
        against = 0;
      }
      cancel = time.after(intervalMs, check);
    });
  }

  return {
    healthy: () => healthy,
    stop() {
      stopped = true;
      cancel();
    },
  };
}

/** The region that a failover record answers: the first healthy one, and the primary when none is. */
export function failoverAnswer(primaryFirst: readonly string[], healthy: (region: string) => boolean): string {
  return primaryFirst.find(healthy) ?? primaryFirst[0] ?? '';
}
