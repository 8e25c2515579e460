import { expect, test } from 'vitest';
import { GrantCounts } from '../../../local/endpoint/grant-counts.ts';
import type { FunctionTemplate, PolicyStatement } from '../../../local/template/region-template.ts';

const log = 'arn:aws:s3:::log/log/*';
const catalog = 'arn:aws:s3:::log/catalog/*';
const policy: readonly PolicyStatement[] = [
  { effect: 'Allow', actions: ['s3:PutObject', 's3:GetObject'], resources: [log, catalog] },
  { effect: 'Deny', actions: ['s3:PutObject'], resources: [catalog] },
];
const track = { name: 'track', policy } as unknown as FunctionTemplate;
const caller = { region: 'us-east-1', functionName: 'track' };

function used(tally: GrantCounts, region = 'us-east-1'): Record<string, number> {
  const grants = tally.grants(region, [track]);
  return Object.fromEntries(grants.map((grant) => [`${grant.action} ${grant.resource}`, grant.used]));
}

test('a policy whose function did nothing yet lists every action on every resource, unused', () => {
  expect(used(new GrantCounts())).toEqual({
    [`s3:PutObject ${log}`]: 0,
    [`s3:PutObject ${catalog}`]: 0,
    [`s3:GetObject ${log}`]: 0,
    [`s3:GetObject ${catalog}`]: 0,
  });
});

test('a call that was granted uses what granted it, whichever object it was about, and no other region’s grant', () => {
  const tally = new GrantCounts();
  expect(tally.check(caller, policy, 's3:GetObject', 'arn:aws:s3:::log/log/one')).toBe(true);
  expect(tally.check(caller, policy, 's3:getobject', 'arn:aws:s3:::log/log/other')).toBe(true);
  expect(used(tally)).toMatchObject({ [`s3:GetObject ${log}`]: 2, [`s3:GetObject ${catalog}`]: 0 });
  expect(used(tally, 'us-west-2')).toMatchObject({ [`s3:GetObject ${log}`]: 0 });
});

test('a call that was not granted uses nothing', () => {
  const tally = new GrantCounts();
  expect(tally.check(caller, policy, 's3:PutObject', 'arn:aws:s3:::log/catalog/current.json')).toBe(false);
  expect(tally.check(caller, policy, 's3:DeleteObject', 'arn:aws:s3:::log/log/one')).toBe(false);
  expect(Object.values(used(tally))).toEqual([0, 0, 0, 0]);
});
