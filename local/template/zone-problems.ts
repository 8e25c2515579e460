import type { RecordTemplate, RegionTemplate } from './region-template.ts';

/**
 * The mistakes that Route 53 would find in the records of all stacks together. The stacks share one zone, and no stack
 * sees the records of the others.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
 */
export function zoneProblems(templates: readonly RegionTemplate[]): string[] {
  const records = templates.flatMap((template) => template.records);
  const titles = new Set(records.map(titleOf));
  return [...titles].flatMap((title) =>
    groupProblems(records.filter((record) => titleOf(record) === title)).map((problem) => `${title}: ${problem}`),
  );
}

function titleOf({ name, type }: RecordTemplate): string {
  return `${name} ${type}`;
}

function groupProblems(records: readonly RecordTemplate[]): string[] {
  const policies = new Set(records.map(({ routing }) => routing.kind));
  if (policies.size > 1) return [`its records have different routing policies: ${[...policies].join(', ')}`];
  if (policies.has('simple')) return records.length > 1 ? ['several stacks have a simple record of this name'] : [];
  const roles = records.flatMap(({ routing }) => (routing.kind === 'failover' ? [routing.role] : []));
  const identifiers = records.map(({ setIdentifier }) => setIdentifier);
  return [
    ...repeated(roles).map((role) => `has several ${role} records`),
    ...repeated(identifiers).map((identifier) => `has several records called ${identifier}`),
  ];
}

function repeated<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}
