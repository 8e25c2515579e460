import { readApis } from './apis.ts';
import { readBuckets } from './buckets.ts';
import { readDomains } from './domains.ts';
import { type AssetDirectory, readFunctions } from './functions.ts';
import { readHealthChecks } from './health-checks.ts';
import { readMappings } from './mappings.ts';
import { readNotifications } from './notifications.ts';
import { readQueues } from './queues.ts';
import { readRecords } from './records.ts';
import type { RegionTemplate } from './region-template.ts';
import { readSchedules } from './schedules.ts';
import { type ResolveSecret, Stack, type StackPlace } from './stack.ts';
import { readTables } from './tables.ts';
import { parseTemplateFile } from './template-file.ts';

export interface TemplateSource {
  readonly place: StackPlace;
  /** The template's JSON. */
  readonly template: unknown;
  readonly assetDirectory: AssetDirectory;
}

export type ReadTemplate =
  | { readonly kind: 'read'; readonly template: RegionTemplate }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/**
 * One stack's template, understood whole or refused with every problem: a resource, property or function that the
 * local cloud does not know, and what AWS would refuse or silently not do (a right or a permission that is missing).
 */
export function readTemplate({ place, template, assetDirectory }: TemplateSource, secret: ResolveSecret): ReadTemplate {
  const parsed = parseTemplateFile(template);
  if (parsed.kind === 'refused') {
    return { kind: 'refused', problems: parsed.problems.map((problem) => `${place.stackName}: ${problem}`) };
  }
  const stack = new Stack(place, parsed.file, secret);
  // What refers to a resource that was refused would only tell of its absence.
  if (stack.problems.length > 0) return { kind: 'refused', problems: stack.problems };
  const region = readRegion(stack, assetDirectory);
  return stack.problems.length > 0 ? { kind: 'refused', problems: stack.problems } : { kind: 'read', template: region };
}

function readRegion(stack: Stack, assetDirectory: AssetDirectory): RegionTemplate {
  const functions = readFunctions(stack, assetDirectory);
  const queues = readQueues(stack);
  const apis = readApis(stack, functions);
  const domains = readDomains(stack, apis);
  const healthChecks = readHealthChecks(stack);
  return {
    ...stack.place,
    functions,
    queues,
    buckets: readBuckets(stack),
    tables: readTables(stack),
    notifications: readNotifications(stack, queues),
    mappings: readMappings(stack, functions, queues),
    schedules: readSchedules(stack, functions),
    apis,
    domains,
    healthChecks,
    records: readRecords(stack, domains, healthChecks),
    outputs: stack.outputs(),
  };
}
