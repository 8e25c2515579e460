import type { HealthCheckState } from '../handle.ts';
import type { LocalWorld } from '../local-world.ts';
import { pickAnswer, type Zone, zoneAnswers } from '../model/zone.ts';
import type { RegionDoors } from '../region-doors.ts';
import type { RecordTemplate, RegionTemplate } from '../template/region-template.ts';
import { startHealthChecks } from './health-checks.ts';
import type { ProbedEndpoint } from './health-probe.ts';

export interface Route53Parts {
  readonly world: LocalWorld;
  readonly speed: number;
  /** The primary region first. */
  readonly regions: readonly { readonly template: RegionTemplate; readonly doors: RegionDoors['doors'] }[];
  /** Sends one request to an endpoint; never rejects. */
  readonly probe: (endpoint: ProbedEndpoint) => Promise<boolean>;
}

/** A region that a query can get now. The shares of all regions sum up to 1; without any answer the list is empty. */
export interface RegionAnswer {
  readonly region: string;
  readonly share: number;
}

/** The records and health checks of all stacks together. */
export interface Route53 {
  /** The name that has a record in each region; undefined when the templates have none. */
  readonly trackingName: string | undefined;
  answers(domainName: string): RegionAnswer[];
  /** Whether the region's records of the tracking name are healthy. True without such a record or a check on it. */
  healthy(region: string): boolean;
  checks(): HealthCheckState[];
  stop(): void;
}

/**
 * Health checkers find a region by its name, as clients do. So a wrong record or a missing domain makes the region
 * unhealthy here too. The stack of an earlier release may have no domain. Its region is then not among the answers.
 */
export function startRoute53({ world, speed, regions, probe }: Route53Parts): Route53 {
  const templates = regions.map(({ template }) => template);
  const records = templates.flatMap((template) => template.records);
  const trackingName = records.find(({ routing }) => routing.kind !== 'simple')?.name;
  const zone: Zone = { records, isHealthy: (id) => checks.isHealthy(id) };

  const doors = regions.flatMap(({ template: { region }, doors }) => doors.map((door) => ({ region, ...door })));
  const doorAt = (target = '') => doors.find(({ targets }) => targets.includes(target));
  const answers = (domainName: string): RegionAnswer[] =>
    zoneAnswers(zone, domainName, 'A').flatMap(({ target, share }) => {
      const door = doorAt(target);
      return door ? { region: door.region, share } : [];
    });
  const urlOf = (domainName: string) => doorAt(pickAnswer(zoneAnswers(zone, domainName, 'A'), world.chance))?.url;
  const checks = startHealthChecks({
    world,
    speed,
    templates,
    probe: async (check) => {
      const url = urlOf(check.domainName);
      return url !== undefined && (await probe({ ...check, url }));
    },
  });

  return {
    trackingName,
    answers,
    checks: checks.states,
    healthy(region) {
      const own = templates.find((template) => template.region === region)?.records ?? [];
      return own.every((record) => isWell(record, checks.isHealthy));
    },
    stop: checks.stop,
  };
}

export function pickRegion(answers: readonly RegionAnswer[], { chance }: LocalWorld): string | undefined {
  return pickAnswer(
    answers.map(({ region, share }) => ({ target: region, share })),
    chance,
  );
}

function isWell({ healthCheckId }: RecordTemplate, isHealthy: (healthCheckId: string) => boolean): boolean {
  return healthCheckId === undefined || isHealthy(healthCheckId);
}
