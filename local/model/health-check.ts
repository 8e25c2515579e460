import type { Chance, ModelTime } from './time.ts';

/**
 * Route 53's health checks: those of an endpoint, and calculated ones.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 *
 * Not modelled:
 * - The delay of some seconds at most before a checker's report counts.
 * - Route 53 counts the interval from one answer to the next request. Here it runs from one request to the next.
 *   https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html (RequestInterval)
 */

interface EndpointCheckSettings {
  readonly intervalSeconds: number;
  /** How many contrary answers in a row change a checker's verdict. */
  readonly failureThreshold: number;
  readonly inverted: boolean;
}

export interface EndpointCheckParts {
  readonly settings: EndpointCheckSettings;
  readonly checkers: number;
  readonly time: ModelTime;
  readonly chance: Chance;
  /** Sends one request to the endpoint; never rejects. */
  readonly probe: () => Promise<boolean>;
}

interface EndpointVerdict {
  readonly healthy: boolean;
  /** How many checkers find the endpoint healthy, before `inverted` applies. */
  readonly passing: number;
  readonly checkers: number;
  /** False while a checker has seen too few answers to change its verdict. */
  readonly settled: boolean;
}

export interface EndpointCheck {
  verdict(): EndpointVerdict;
  /** While true, every checker reports a failure. */
  trouble(isFailing: boolean): void;
  stop(): void;
}

/** "If more than 18% of health checkers report that an endpoint is healthy, Route 53 considers it healthy." */
const healthyShare = 0.18;

interface Checker {
  passing: boolean;
  /** How many answers in a row contradict `passing`. */
  against: number;
  answers: number;
}

/**
 * Each checker works alone, and first assumes that the endpoint is healthy. So a new check counts as healthy, and a new
 * inverted check as unhealthy:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
 */
export function startEndpointCheck(parts: EndpointCheckParts): EndpointCheck {
  const { failureThreshold, inverted } = parts.settings;
  const runs = Array.from({ length: parts.checkers }, () => startChecker(parts));
  const all = runs.map(({ checker }) => checker);
  let isFailing = false;
  return {
    verdict() {
      const passing = isFailing ? 0 : all.filter((checker) => checker.passing).length;
      return {
        healthy: passing > all.length * healthyShare !== inverted,
        passing,
        checkers: all.length,
        settled: all.every(({ answers }) => answers >= failureThreshold),
      };
    },
    trouble(failing) {
      isFailing = failing;
    },
    stop() {
      for (const { stop } of runs) stop();
    },
  };
}

/**
 * Each due time is computed from the previous one, so that slow answers do not lengthen the interval. Requests of one
 * checker never overlap.
 */
function startChecker({ settings, time, chance, probe }: EndpointCheckParts) {
  const checker: Checker = { passing: true, against: 0, answers: 0 };
  const intervalMs = settings.intervalSeconds * 1_000;
  let dueMs = time.nowMs() + chance() * intervalMs;
  let stopped = false;
  let cancel = wait();

  function wait(): () => void {
    return time.after(Math.max(0, dueMs - time.nowMs()), () => {
      dueMs += intervalMs;
      void probe().then((passed) => {
        if (stopped) return;
        observe(checker, passed, settings.failureThreshold);
        cancel = wait();
      });
    });
  }

  return {
    checker,
    stop() {
      stopped = true;
      cancel();
    },
  };
}

function observe(checker: Checker, passed: boolean, threshold: number): void {
  checker.answers += 1;
  checker.against = passed === checker.passing ? 0 : checker.against + 1;
  if (checker.against < threshold) return;
  checker.passing = passed;
  checker.against = 0;
}

/**
 * A threshold of 0 is always met. A threshold above the number of children is never met:
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
 */
export function calculatedHealth(children: readonly boolean[], healthThreshold: number, inverted: boolean): boolean {
  return children.filter(Boolean).length >= healthThreshold !== inverted;
}
