import type { RecordTemplate } from '../template/region-template.ts';
import type { Chance } from './time.ts';

/** Names lead to another name of the zone, or to one outside it, where the way ends. */
export type ZoneRecord = Omit<RecordTemplate, 'logicalId' | 'setIdentifier'>;

/** One of the answers that a query can get now; the shares of all sum up to 1. */
export interface ZoneAnswer {
  /** A name outside the zone. */
  readonly target: string;
  readonly share: number;
}

export interface Zone {
  readonly records: readonly ZoneRecord[];
  /** Whether a health check is healthy now. */
  readonly isHealthy: (healthCheckId: string) => boolean;
}

/** An alias of an alias of an alias is a mistake, and one of itself would never end. */
const aliasesMax = 3;

/**
 * What Route 53 answers now to queries for a name; empty when there is no such record.
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

/** The answer that one query gets; undefined when there is none. */
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

/** Among the healthy records; when none is healthy, Route 53 goes on as if all were. */
function choose(zone: Zone, group: readonly ZoneRecord[]): Choice[] {
  const healthy = group.filter((record) => isRecordHealthy(zone, record, 0));
  const considered = healthy.length > 0 ? healthy : group;
  const [first] = considered;
  if (first === undefined) return [];
  if (first.routing.kind === 'weighted') return byWeight(considered);
  const primary = considered.find(({ routing }) => routing.kind === 'failover' && routing.role === 'PRIMARY');
  return [{ record: primary ?? first, share: 1 }];
}

/** Records of weight 0 get queries only when no other is left, and then alike. */
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
 * An alias that evaluates its target's health is well while one of the target's records is. A domain of API Gateway
 * is never reported ill: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias-common.html
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
