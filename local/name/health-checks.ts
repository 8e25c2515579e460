import { fasterTime } from '../clock.ts';
import type { FaultBoard } from '../fault/fault-board.ts';
import type { HealthCheckState } from '../handle.ts';
import type { LocalWorld } from '../local-world.ts';
import { calculatedHealth, type EndpointCheck, startEndpointCheck } from '../model/health-check.ts';
import type { CalculatedCheckTemplate, EndpointCheckTemplate, RegionTemplate } from '../template/region-template.ts';

export interface HealthChecksParts {
  readonly world: LocalWorld;
  readonly speed: number;
  readonly templates: readonly RegionTemplate[];
  /** Sends one request to the endpoint; never rejects. */
  readonly probe: (check: EndpointCheckTemplate) => Promise<boolean>;
}

export interface HealthChecks {
  /** True when no check has this id. */
  isHealthy(healthCheckId: string): boolean;
  states(): HealthCheckState[];
  stop(): void;
}

interface RunningCheck {
  readonly region: string;
  readonly template: EndpointCheckTemplate;
  readonly check: EndpointCheck;
}

/** How often the checks ask which faults are active. */
const lookIntervalMs = 100;

/** Route 53 has about 16 checkers in its usual locations. */
const checkersMax = 16;
/** Health checks never run faster than this. An interval below half a second would leave no time for an answer. */
const healthSpeedMax = 20;

/**
 * How many checkers a check has. Two cores serve their requests beside everything else, so a faster cloud has fewer: 16
 * up to speed 3.5, 8 at 5, 2 at 10, 1 from 20 on. That is 6 requests a second at speed 1, 22 at 3.5, and at most 8 from
 * 5 on.
 *
 * A check is healthy when more than 18 % of its checkers say so: 3 of 16, but 1 of fewer than 6.
 */
export function checkersAt(speed: number): number {
  return Math.min(checkersMax, Math.max(1, Math.round(200 / speed ** 2)));
}

export function startHealthChecks(parts: HealthChecksParts): HealthChecks {
  const running = parts.templates.flatMap((template) => startEndpointChecks(template, parts));
  const stopLooking = obeyFaults(running, parts.world);
  const states = (): HealthCheckState[] => {
    const endpoints = running.map(endpointState);
    return [...endpoints, ...parts.templates.flatMap((template) => calculatedStates(template, endpoints))];
  };
  return {
    states,
    isHealthy: (healthCheckId) => states().find(({ id }) => id === healthCheckId)?.healthy ?? true,
    stop() {
      stopLooking();
      for (const { check } of running) check.stop();
    },
  };
}

function startEndpointChecks({ region, healthChecks }: RegionTemplate, parts: HealthChecksParts): RunningCheck[] {
  const { chance } = parts.world;
  const time = fasterTime(parts.world.time, Math.min(parts.speed, healthSpeedMax));
  const checkers = checkersAt(parts.speed);
  return healthChecks.flatMap((template) => {
    if (template.kind !== 'endpoint') return [];
    const probe = () => parts.probe(template);
    return { region, template, check: startEndpointCheck({ settings: template, checkers, time, chance, probe }) };
  });
}

/** A fault of `health` is an error of Route 53 itself. The verdicts then do not depend on the endpoints. */
function obeyFaults(running: readonly RunningCheck[], { time, faults }: LocalWorld): () => void {
  let cancel = look();
  function look(): () => void {
    for (const { region, check } of running) check.trouble(isStruck(faults, region));
    return time.after(lookIntervalMs, () => {
      cancel = look();
    });
  }
  return () => cancel();
}

function isStruck(faults: FaultBoard, region: string): boolean {
  return faults.strikes({ region, service: 'health' }).length > 0;
}

function endpointState({ region, template, check }: RunningCheck): HealthCheckState {
  const { id, inverted, domainName, path } = template;
  return { id, region, watches: `${domainName}${path}`, inverted, ...check.verdict() };
}

function calculatedStates(
  { region, healthChecks }: RegionTemplate,
  endpoints: readonly HealthCheckState[],
): HealthCheckState[] {
  return healthChecks
    .filter((template): template is CalculatedCheckTemplate => template.kind === 'calculated')
    .map(({ id, inverted, childIds, healthThreshold }) => {
      const children = endpoints.filter((endpoint) => childIds.includes(endpoint.id));
      const verdicts = children.map(({ healthy }) => healthy);
      return {
        id,
        region,
        watches: `at least ${healthThreshold} of ${children.length} checks of ${region}`,
        inverted,
        healthy: calculatedHealth(verdicts, healthThreshold, inverted),
        settled: children.every(({ settled }) => settled),
      };
    });
}
