import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSignature, postbackKey, postbackKeys } from '../../../core/keys/postback-key.ts';

const [signing, accepted] = ['a1'.repeat(32), 'b2'.repeat(32)];

test('an advertiser’s key follows from the signing key, the advertiser and the number, and from nothing else', () => {
  const key = postbackKey(signing, 7, 1);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(postbackKey(signing.toUpperCase(), 7, 1)).toBe(key);
  const others = [postbackKey(signing, 7, 2), postbackKey(signing, 71, 1), postbackKey(accepted, 7, 1)];
  expect(new Set([key, ...others, postbackKey(signing, 1, 7)]).size).toBe(5);
});

test('the key is the one that earlier releases gave: advertisers keep it', () => {
  expect(postbackKey(signing, 7, 1)).toBe('ff2d5858260d910c01601b83d87361773c81050f264414260ddeb0fe35797cd5');
});

test('two keys count during a rotation, and twice as many while the advertiser changes its own', () => {
  expect(postbackKeys({ signing, accepted: signing }, 7)).toEqual([postbackKey(signing, 7, 1)]);
  expect(postbackKeys({ signing, accepted }, 7)).toEqual([postbackKey(signing, 7, 1), postbackKey(accepted, 7, 1)]);
  expect(postbackKeys({ signing, accepted }, 7, [2, 3])).toHaveLength(4);
  expect(postbackKeys({ signing, accepted }, 7, [2, 3])).not.toContain(postbackKey(signing, 7, 1));
});

test.each([
  ['', false],
  ['zz'.repeat(32), false],
  ['SHORTER', false],
  ['LONGER', false],
  ['RIGHT', true],
  ['CAPITALS', true],
])('a signature that is %s counts: %s', (kind, expected) => {
  const key = postbackKey(signing, 7, 1);
  const right = createHmac('sha256', key).update('a=1').digest('hex');
  const signatures: Record<string, string> = {
    SHORTER: right.slice(2),
    LONGER: `${right}00`,
    RIGHT: right,
    CAPITALS: right.toUpperCase(),
  };
  expect(isSignature(signatures[kind] ?? kind, 'a=1', key)).toBe(expected);
});
