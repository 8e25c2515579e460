import { describe, expect, test } from 'vitest';
import { isAllowed } from '../../../local/endpoint/policy.ts';
import type { PolicyStatement } from '../../../local/template/region-template.ts';

const allow = (actions: string[], resources: string[]): PolicyStatement => ({ effect: 'Allow', actions, resources });
const deny = (actions: string[], resources: string[]): PolicyStatement => ({ effect: 'Deny', actions, resources });
const object = 'arn:aws:s3:::keeptrack-log/log/dt=2026-11-23/a.gz';

test('what no statement speaks of is refused', () => {
  expect(isAllowed([], 's3:PutObject', object)).toBe(false);
  expect(isAllowed([allow(['s3:GetObject'], ['*'])], 's3:PutObject', object)).toBe(false);
  expect(isAllowed([allow(['s3:PutObject'], ['arn:aws:s3:::other/*'])], 's3:PutObject', object)).toBe(false);
});

test('action and resource must be granted by the same statement', () => {
  const crossed = [allow(['s3:PutObject'], ['arn:aws:s3:::other/*']), allow(['s3:GetObject'], [object])];
  expect(isAllowed(crossed, 's3:PutObject', object)).toBe(false);
});

test('a Deny counts for more than any Allow, in either order', () => {
  const statements = [allow(['s3:*'], ['*']), deny(['s3:PutObject'], ['arn:aws:s3:::keeptrack-log/*'])];
  expect(isAllowed(statements, 's3:PutObject', object)).toBe(false);
  expect(isAllowed(statements.toReversed(), 's3:PutObject', object)).toBe(false);
  expect(isAllowed(statements, 's3:GetObject', object)).toBe(true);
});

describe('patterns', () => {
  test.each([
    ['s3:PutObject', object, true],
    ['S3:putobject', object, true],
    ['s3:Put*', object, true],
    ['s3:PutObjec?', object, true],
    ['*', '*', true],
    ['s3:PutObject', 'arn:aws:s3:::keeptrack-log/log/*', true],
    ['s3:PutObject', 'arn:aws:s3:::*/a.gz', true],
    ['s3:PutObject', 'arn:aws:s3:::keeptrack-log', false],
    ['s3:PutObject', 'arn:aws:s3:::keeptrack-log/', false],
    ['s3:PutObject', 'arn:aws:s3:::Keeptrack-log/*', false],
    ['s3:Put', object, false],
    ['s3:PutObject?', object, false],
    ['s3.PutObject', object, false],
    ['s3:PutObject', 'arn:aws:s3:::keeptrack.log/*', false],
  ])('%s on %s: %s', (action, resource, granted) => {
    expect(isAllowed([allow([action], [resource])], 's3:PutObject', object)).toBe(granted);
  });
});
