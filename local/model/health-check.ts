import type { Chance, ModelTime } from './time.ts';

/**
 * Route 53's health checks, of an endpoint and calculated.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 * Not modelled: how long the checkers' reports are on their way, some seconds at most.
 */

interface EndpointCheckSettings {
  readonly intervalSeconds: number;
  /** Answers in a row that must go the other way before a checker changes its mind. */
  readonly failureThreshold: number;
  readonly inverted: boolean;
}

export interface EndpointCheckParts {
  readonly settings: EndpointCheckSettings;
  readonly checkers: number;
  readonly time: ModelTime;
  readonly chance: Chance;
  /** Asks the endpoint once; never rejects. */
  readonly probe: () => Promise<boolean>;
}

interface EndpointVerdict {
  readonly healthy: boolean;
  /** Checkers to whom the endpoint is well, of all; not inverted. */
  readonly passing: number;
  readonly checkers: number;
  /** False while its checkers may not have seen enough yet to change their minds. */
  readonly settled: boolean;
}

export interface EndpointCheck {
  verdict(): EndpointVerdict;
  /** While true every checker reports a failure, whatever it sees. */
  trouble(isFailing: boolean): void;
  stop(): void;
}

/** "If more than 18% of health checkers report that an endpoint is healthy, Route 53 considers it healthy." */
const healthyShare = 0.18;

interface Checker {
  passing: boolean;
  /** Answers in a row that speak against `passing`. */
  against: number;
  answers: number;
}

/**
 * Each checker asks on its own, without regard to the others, and takes the endpoint for well until shown otherwise: so
 * a new check counts as healthy, and a new inverted one as unhealthy
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html).
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

/** Moments are reckoned from each other, so that slow answers do not make the interval longer; questions never overlap. */
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
 * A threshold of 0 is always met, one above the number of children never:
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
 */
export function calculatedHealth(children: readonly boolean[], healthThreshold: number, inverted: boolean): boolean {
  return children.filter(Boolean).length >= healthThreshold !== inverted;
}
