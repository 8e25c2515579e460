import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { configOf, templatesOf } from './templates.ts';

/**
 * The templates of a deployment whose primary region is lost: before, and after a new region has taken its place. The
 * runbook has the steps ("A region that never comes back").
 */

const [lost, survivor, fresh] = ['eu-west-1', 'us-west-2', 'us-east-2'];
const domain = { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' };
const before = configOf({ domain, regions: [lost, survivor] });
const after = configOf({ domain, regions: [survivor, fresh] });

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

function resourcesOf(template: Template): Readonly<Record<string, Resource>> {
  return template.toJSON()['Resources'];
}

const [, survivorBefore] = templatesOf(before);
const [survivorAfter, freshAfter] = templatesOf(after);
const [old, updated] = [resourcesOf(survivorBefore), resourcesOf(survivorAfter)];

/** Function code is not in these templates. A version's id is a hash over the function's settings. */
function isVersion(id: string): boolean {
  return /CurrentVersion[0-9A-F]*[0-9a-f]{32}$/.test(id);
}

describe('the stack of the surviving region, when a new region takes the place of the lost one', () => {
  test('keeps every resource', () => {
    const [ids, idsAfter] = [old, updated].map((one) =>
      Object.keys(one)
        .filter((id) => !isVersion(id))
        .sort(),
    );
    expect(idsAfter).toEqual(ids);
  });

  test('replaces one resource, the queue for the lost bucket, and leaves that queue with its messages', () => {
    /** Properties that CloudFormation cannot change in place. */
    const named = ['BucketName', 'QueueName', 'TableName', 'FunctionName', 'LogGroupName', 'DomainName', 'Name'];
    const lasting = Object.entries(old).filter(([id]) => !isVersion(id));
    const replaced = lasting.filter(([id, { Properties }]) =>
      named.some((name) => JSON.stringify(Properties[name]) !== JSON.stringify(updated[id]?.Properties[name])),
    );
    expect(replaced.map(([id]) => id)).toEqual(['FailureQueuesOwedPeerFB7983E5']);
    expect(replaced[0]?.[1].UpdateReplacePolicy).toBe('Retain');
    expect(updated['FailureQueuesOwedPeerFB7983E5']?.Properties['QueueName']).toBe(`clicks-failure-${fresh}`);
  });

  test('becomes the primary in the shared name, which needs the record of the lost primary to be gone', () => {
    const failovers = (resources: typeof old) =>
      Object.values(resources)
        .filter(({ Type, Properties }) => Type === 'AWS::Route53::RecordSet' && 'SetIdentifier' in Properties)
        .map(({ Properties }) => `${Properties['SetIdentifier']} ${Properties['Failover']}`);
    expect(failovers(old)).toEqual([`${survivor} SECONDARY`, `${survivor} SECONDARY`]);
    expect(failovers(updated)).toEqual([`${survivor} PRIMARY`, `${survivor} PRIMARY`]);
    expect(failovers(resourcesOf(freshAfter))).toEqual([`${fresh} SECONDARY`, `${fresh} SECONDARY`]);
  });

  test('names the lost region nowhere any more, nor does the stack of the new one', () => {
    for (const template of [survivorAfter, freshAfter]) expect(JSON.stringify(template.toJSON())).not.toContain(lost);
  });

  test('answers for the new region whether it is drained', () => {
    const checked = Object.values(resourcesOf(freshAfter)).map(({ Properties }) => JSON.stringify(Properties));
    expect(
      checked.some((text) => text.includes(`/drained/${fresh}`) && text.includes(`${survivor}.go.example.com`)),
    ).toBe(true);
  });
});
