import { readApis } from './api-templates.ts';
import { readLoadBalancers } from './balancer-templates.ts';
import { readBuckets } from './bucket-templates.ts';
import { readDomains } from './domain-templates.ts';
import { type AssetDirectory, readFunctions } from './function-templates.ts';
import { readHealthChecks } from './health-check-templates.ts';
import { readMappings } from './mapping-templates.ts';
import { readQueueTemplates } from './queue-templates.ts';
import { readRecords } from './record-templates.ts';
import type { RegionTemplate } from './region-template.ts';
import { readSchedules } from './schedule-templates.ts';
import { type ResolveSecret, Stack, type StackPlace } from './stack.ts';
import { readTables } from './table-templates.ts';
import { parseTemplateFile } from './template-file.ts';
import { readTopics } from './topic-templates.ts';

export interface TemplateSource {
  readonly place: StackPlace;
  /** The template as parsed JSON. */
  readonly template: unknown;
  readonly assetDirectory: AssetDirectory;
}

export type ReadTemplate =
  | { readonly kind: 'read'; readonly template: RegionTemplate }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/**
 * Reads one stack's template, or refuses it with every problem. The local cloud refuses a resource, property or
 * function that it does not know. It also refuses everything that AWS would refuse, and a missing permission that AWS
 * would not report.
 */
export function readTemplate({ place, template, assetDirectory }: TemplateSource, secret: ResolveSecret): ReadTemplate {
  const parsed = parseTemplateFile(template);
  if (parsed.kind === 'refused') {
    return { kind: 'refused', problems: parsed.problems.map((problem) => `${place.stackName}: ${problem}`) };
  }
  const stack = new Stack(place, parsed.file, secret);
  // A reference to a refused resource would only add a second problem of the same cause.
  if (stack.problems.length > 0) return { kind: 'refused', problems: stack.problems };
  const region = readRegion(stack, assetDirectory);
  return stack.problems.length > 0 ? { kind: 'refused', problems: stack.problems } : { kind: 'read', template: region };
}

function readRegion(stack: Stack, assetDirectory: AssetDirectory): RegionTemplate {
  const functions = readFunctions(stack, assetDirectory);
  const queues = readQueueTemplates(stack);
  const apis = readApis(stack, functions);
  const domains = readDomains(stack, apis);
  const loadBalancers = readLoadBalancers(stack, functions);
  const healthChecks = readHealthChecks(stack);
  return {
    ...stack.place,
    functions,
    queues,
    buckets: readBuckets(stack),
    tables: readTables(stack),
    topics: readTopics(stack),
    mappings: readMappings(stack, functions, queues),
    schedules: readSchedules(stack, functions),
    apis,
    loadBalancers,
    domains,
    healthChecks,
    records: readRecords(stack, { domains, loadBalancers, healthChecks }),
    outputs: stack.outputs(),
  };
}
