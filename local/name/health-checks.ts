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
  /** Asks the endpoint once; never rejects. */
  readonly probe: (check: EndpointCheckTemplate) => Promise<boolean>;
}

export interface HealthChecks {
  /** A check that is not there says nothing against an endpoint. */
  isHealthy(healthCheckId: string): boolean;
  states(): HealthCheckState[];
  stop(): void;
}

interface RunningCheck {
  readonly region: string;
  readonly template: EndpointCheckTemplate;
  readonly check: EndpointCheck;
}

/** How often the checks learn of faults that came or went. */
const lookIntervalMs = 100;

/** Route 53 has some 16 in its usual locations. */
const checkersMax = 16;
/** Beyond this, checks run as fast as here: a shorter interval than half a second would leave an answer no time. */
const healthSpeedMax = 20;

/**
 * Each question is a request that two cores must serve beside everything else, so the faster the cloud runs, the fewer ask: 16
 * up to speed 3.5, 8 at 5, 2 at 10, 1 from 20 on. That is 6 questions a second at speed 1, 22 at 3.5 and no more than
 * 8 from 5 on. With 16 it takes three that are well to outvote all the others, as the 18 % mean it to be; with fewer than 6
 * one is enough.
 */
export function checkersAt(speed: number): number {
  return Math.min(checkersMax, Math.max(1, Math.round(200 / speed ** 2)));
}

/** All health checks of all stacks. */
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

/** Route 53 itself can err too, and has: verdicts then say nothing of what they are about. */
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
