import type { RecordTemplate } from '../template/region-template.ts';
import type { Chance } from './time.ts';

/** A record leads to another name of the zone, or to a name outside it, which ends the resolution. */
export type ZoneRecord = Omit<RecordTemplate, 'logicalId' | 'setIdentifier'>;

/** One of the answers that a query can get now. The shares of all answers sum up to 1. */
export interface ZoneAnswer {
  /** A name outside the zone. */
  readonly target: string;
  readonly share: number;
}

export interface Zone {
  readonly records: readonly ZoneRecord[];
  readonly isHealthy: (healthCheckId: string) => boolean;
}

/** Longer chains of aliases are mistakes. The limit also ends an alias that leads to itself. */
const aliasesMax = 3;

/**
 * The answers that Route 53 now gives to queries for a name; empty when no record has the name.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
 */
export function zoneAnswers(zone: Zone, name: string, type: ZoneRecord['type'], depth = 0): ZoneAnswer[] {
  if (depth > aliasesMax) return [];
  return choose(zone, recordsOf(zone, name, type)).flatMap(({ record, share }) => {
    if (recordsOf(zone, record.target, type).length === 0) return { target: record.target, share };
    const further = zoneAnswers(zone, record.target, type, depth + 1);
    return further.map((answer) => ({ target: answer.target, share: answer.share * share }));
  });
}

/** The answer to one query; undefined when there is none. */
export function pickAnswer(answers: readonly ZoneAnswer[], chance: Chance): string | undefined {
  let left = chance();
  for (const { target, share } of answers) {
    left -= share;
    if (left < 0) return target;
  }
  return answers.at(-1)?.target;
}

interface Choice {
  readonly record: ZoneRecord;
  readonly share: number;
}

/** Chooses among the healthy records. When none is healthy, Route 53 treats all as healthy. */
function choose(zone: Zone, group: readonly ZoneRecord[]): Choice[] {
  const healthy = group.filter((record) => isRecordHealthy(zone, record, 0));
  const considered = healthy.length > 0 ? healthy : group;
  const [first] = considered;
  if (first === undefined) return [];
  if (first.routing.kind === 'weighted') return byWeight(considered);
  const primary = considered.find(({ routing }) => routing.kind === 'failover' && routing.role === 'PRIMARY');
  return [{ record: primary ?? first, share: 1 }];
}

/** Records of weight 0 get queries only when there are no others. They then share the queries equally. */
function byWeight(records: readonly ZoneRecord[]): Choice[] {
  const total = records.reduce((sum, record) => sum + weightOf(record), 0);
  if (total === 0) return records.map((record) => ({ record, share: 1 / records.length }));
  return records
    .filter((record) => weightOf(record) > 0)
    .map((record) => ({ record, share: weightOf(record) / total }));
}

function weightOf({ routing }: ZoneRecord): number {
  return routing.kind === 'weighted' ? routing.weight : 1;
}

/**
 * An alias that evaluates its target's health is healthy while one of the target's records is. Route 53 never reports a
 * domain of API Gateway as unhealthy:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias-common.html
 */
function isRecordHealthy(zone: Zone, record: ZoneRecord, depth: number): boolean {
  if (record.healthCheckId !== undefined && !zone.isHealthy(record.healthCheckId)) return false;
  const targets = record.evaluateTargetHealth ? recordsOf(zone, record.target, record.type) : [];
  if (targets.length === 0 || depth >= aliasesMax) return true;
  return targets.some((target) => isRecordHealthy(zone, target, depth + 1));
}

function recordsOf({ records }: Zone, name: string, type: ZoneRecord['type']): readonly ZoneRecord[] {
  return records.filter((record) => record.name === name && record.type === type);
}
