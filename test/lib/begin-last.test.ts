import { describe, expect, test } from 'vitest';
import { configOf, templatesOf } from './templates.ts';

/**
 * CloudFormation makes resources in the order of their dependencies. What a first create has written before it fails
 * stays in the bucket, which then cannot be removed.
 */

interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

const domain = { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' };

const throughBalancer = { frontDoor: 'alb', concurrency: { account: 3_000, track: 1_000 } };

describe.each(
  [{}, throughBalancer].flatMap((door) =>
    templatesOf(configOf({ domain, ...door })).map(
      (template, index) => [index, JSON.stringify(door), template] as const,
    ),
  ),
)('stack %i with %s', (_, __, template) => {
  const resources = template.toJSON()['Resources'] as Record<string, Resource>;
  const beginning = Object.keys(resources).filter((id) => begins(resources[id]));

  test('has schedules, a mapping and a shared name that begin', () => {
    const types = new Set(beginning.map((id) => resources[id]?.Type));
    expect(types).toEqual(new Set(['AWS::Events::Rule', 'AWS::Lambda::EventSourceMapping', 'AWS::Route53::RecordSet']));
  });

  test('begins when everything else is there, but for the permissions of the schedules', () => {
    for (const id of beginning) {
      const before = allBefore(id, resources);
      const missing = Object.keys(resources).filter((other) => !before.has(other) && !beginning.includes(other));
      expect(missing.filter((other) => resources[other]?.Properties['Principal'] !== 'events.amazonaws.com')).toEqual(
        [],
      );
    }
  });

  test('lets the schedule of the probes come after the bucket, the queues, and the alarms', () => {
    const probe = beginning.find((id) => id.startsWith('TrackProbeSchedule')) ?? '';
    const types = new Set([...allBefore(probe, resources)].map((id) => resources[id]?.Type));
    expect([...types]).toEqual(
      expect.arrayContaining(['AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::CloudWatch::Alarm', 'AWS::DynamoDB::Table']),
    );
  });
});

function begins({ Type, Properties }: Resource = { Type: '', Properties: {} }): boolean {
  const isShared = Type === 'AWS::Route53::RecordSet' && Properties['SetIdentifier'] !== undefined;
  return Type === 'AWS::Events::Rule' || Type === 'AWS::Lambda::EventSourceMapping' || isShared;
}

/** Everything that CloudFormation makes before a resource: by `DependsOn`, `Ref` and `Fn::GetAtt`. */
function allBefore(id: string, resources: Readonly<Record<string, Resource>>, found = new Set<string>()): Set<string> {
  for (const one of directlyBefore(resources[id])) {
    if (found.has(one) || resources[one] === undefined) continue;
    found.add(one);
    allBefore(one, resources, found);
  }
  return found;
}

function directlyBefore(resource: Resource | undefined): readonly string[] {
  const text = JSON.stringify(resource?.Properties ?? {});
  const named = [...text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([A-Za-z0-9]+)"/g)].map(([, name = '']) => name);
  return [...[resource?.DependsOn ?? []].flat(), ...named];
}
