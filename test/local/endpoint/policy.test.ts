import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAllowed, matches } from '../../../local/endpoint/policy.ts';
import type { PolicyStatement } from '../../../local/template/region-template.ts';

const object = 'arn:aws:s3:::bucket/log/a';
const allow = (actions: string[], resources: string[]): PolicyStatement => ({ effect: 'Allow', actions, resources });
const deny = (actions: string[], resources: string[]): PolicyStatement => ({ effect: 'Deny', actions, resources });

describe('what statements allow', () => {
  test.each([
    ['the very action and resource', [allow(['s3:PutObject'], [object])], true],
    ['an action by wildcard', [allow(['s3:Put*'], ['arn:aws:s3:::bucket/*'])], true],
    ['an action in other letters', [allow(['S3:putobject'], ['arn:aws:s3:::bucket/log/?'])], true],
    ['another action', [allow(['s3:GetObject'], [object])], false],
    ['another resource', [allow(['s3:PutObject'], ['arn:aws:s3:::bucket/catalog/*'])], false],
    ['the bucket only', [allow(['s3:PutObject'], ['arn:aws:s3:::bucket'])], false],
    ['nothing', [], false],
    ['all, and then denied', [allow(['*'], ['*']), deny(['s3:PutObject'], ['arn:aws:s3:::bucket/*'])], false],
    ['all, and something else denied', [allow(['*'], ['*']), deny(['s3:DeleteObject'], ['*'])], true],
  ])('%s', (_, statements, expected) => {
    expect(isAllowed(statements, 's3:PutObject', object)).toBe(expected);
  });

  test('a resource in other letters is another resource', () => {
    expect(isAllowed([allow(['s3:PutObject'], [object.toUpperCase()])], 's3:PutObject', object)).toBe(false);
  });
});

describe('a pattern', () => {
  test('matches itself and, with a star in any place, what stood there', () => {
    const plain = fc.string().filter((text) => !/[*?]/.test(text));
    fc.assert(
      fc.property(plain, plain, plain, (start, middle, end) => {
        expect(matches(start + middle + end, start + middle + end)).toBe(true);
        expect(matches(`${start}*${end}`, start + middle + end)).toBe(true);
      }),
    );
  });

  test('takes no character but the wildcards for special', () => {
    expect(matches('a.c', 'abc')).toBe(false);
    expect(matches('a+', 'aa')).toBe(false);
    expect(matches('a?c', 'abc')).toBe(true);
    expect(matches('a?c', 'ac')).toBe(false);
  });
});
