import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { configOf, templatesOf } from './templates.ts';

/**
 * The control planes of IAM, Route 53 and CloudFront live in us-east-1, and so does the one that changes the settings of
 * buckets: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html.
 * While they take no changes, a deploy works as long as it changes nothing of theirs.
 */

const global = /^AWS::(IAM|Route53|CloudFront|S3)::/;
const domain = { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' };

type Resources = Readonly<Record<string, { readonly Type: string }>>;

function resourcesOf(template: Template): Resources {
  return template.toJSON()['Resources'];
}

/** Types of the resources that a deploy of the second template over the first would make, change or delete. */
function changedTypes(before: object, after: object): readonly (readonly string[])[] {
  const templates = [before, after].map((overrides) =>
    templatesOf(configOf({ domain, ...overrides })).map(resourcesOf),
  );
  return [0, 1].map((region) => {
    const [old, updated] = templates.map((regions) => regions[region] ?? {});
    const ids = new Set([...Object.keys(old ?? {}), ...Object.keys(updated ?? {})]);
    const changed = [...ids].filter((id) => JSON.stringify(old?.[id]) !== JSON.stringify(updated?.[id]));
    return [...new Set(changed.map((id) => (updated?.[id] ?? old?.[id])?.Type ?? ''))].sort();
  });
}

describe('a deploy while the control planes in us-east-1 take no changes', () => {
  test('can give the functions other keys: a step of a rotation', () => {
    const version = (digit: string) => ({ signingKeysVersion: digit.repeat(36) });
    for (const types of changedTypes(version('a'), version('b'))) {
      expect(types.filter((type) => global.test(type))).toEqual([]);
      expect(types).toContain('AWS::Lambda::Version');
    }
  });

  test.each([
    ['the window of store', {}, { storeWindowSeconds: 10 }],
    ['the throttle', {}, { throttle: { requestsPerSecond: 6_000 } }],
    ['what an event keeps of a person', {}, { privacy: { userAgent: 'none' } }],
  ])('can change %s', (_, before, after) => {
    for (const types of changedTypes(before, after)) {
      expect(types).not.toEqual([]);
      expect(types.filter((type) => global.test(type))).toEqual([]);
    }
  });

  test.each([
    ['the region of the peer', {}, { regions: ['us-east-1', 'us-west-2'] }, 'AWS::Route53::HealthCheck'],
    ['how traffic is shared', {}, { routing: 'weighted' }, 'AWS::Route53::RecordSet'],
    ['how long the log is kept', {}, { retentionDays: 400 }, 'AWS::S3::Bucket'],
  ])('cannot change %s', (_, before, after, type) => {
    expect(changedTypes(before, after).flat()).toContain(type);
  });
});
