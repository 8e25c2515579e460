import { describe, expect, test } from 'vitest';
import {
  type HeldKeys,
  type KeyPlan,
  keysStateOf,
  planCreation,
  planRotation,
  type RegionKeys,
} from '../../../core/keys/key-plan.ts';
import { type KeySecret, newKeySecret, rotated } from '../../../core/keys/key-rotation.ts';

const [oldKey, newKey, freshKey] = ['0', 'a', 'f'].map((digit) => digit.repeat(64)) as [string, string, string];
const fresh = { key: freshKey, versionId: 'version-fresh' };
const first = newKeySecret(oldKey);
const accepting = rotated(first, 'accept', newKey);
const signing = rotated(accepting, 'sign', '');
const missing: HeldKeys = { kind: 'missing' };

function held(versionId: string, secret: KeySecret): HeldKeys {
  return { kind: 'held', versionId, secret };
}

function both(east: HeldKeys, west: HeldKeys): readonly [RegionKeys, RegionKeys] {
  return [
    { region: 'east', held: east },
    { region: 'west', held: west },
  ];
}

/** `write <version> to <regions>` or `refused: <reason>`. */
function summary(plan: KeyPlan): string {
  if (plan.kind === 'refused') return `refused: ${plan.reason}`;
  return `write ${plan.versionId} to ${plan.to.map(({ region }) => region).join(' and ') || 'nobody'}`;
}

describe('keys create', () => {
  test('where neither region has keys, writes one key to both under one version id', () => {
    const plan = planCreation(both(missing, missing), undefined, fresh);
    expect(plan).toMatchObject({ versionId: 'version-fresh', secret: newKeySecret(freshKey) });
    expect(summary(plan)).toBe('write version-fresh to east and west');
  });

  test.each([
    ['west', both(held('v1', first), missing)],
    ['east', both(missing, held('v1', first))],
  ])('that reached one region only is completed in %s with the same version and the same key', (region, state) => {
    const plan = planCreation(state, undefined, fresh);
    expect(plan).toMatchObject({ secret: first });
    expect(summary(plan)).toBe(`write v1 to ${region}`);
  });

  test('that ended before the config was written only writes the config', () => {
    const plan = planCreation(both(held('v1', first), held('v1', first)), undefined, fresh);
    expect(summary(plan)).toBe('write v1 to nobody');
  });

  test.each([
    ['that exist', both(held('v1', first), held('v1', first))],
    ['that differ', both(held('v1', first), held('v1', accepting))],
    ['of two versions', both(held('v1', first), held('v2', first))],
  ])('overwrites no keys %s', (_, state) => {
    expect(planCreation(state, 'v1', fresh).kind).toBe('refused');
  });
});

describe('keys rotate', () => {
  test('writes the next step to both regions', () => {
    const plan = planRotation(both(held('v1', first), held('v1', first)), 'accept', 'v1', fresh);
    expect(plan).toMatchObject({ secret: { signing: oldKey, accepted: freshKey, step: 'accept' } });
    expect(summary(plan)).toBe('write version-fresh to east and west');
  });

  test('that reached one region only is completed with the key that is there, not with another new one', () => {
    const plan = planRotation(both(held('v1', first), held('v2', accepting)), 'accept', 'v1', fresh);
    expect(plan).toMatchObject({ secret: accepting });
    expect(summary(plan)).toBe('write v2 to east');
    const mirrored = planRotation(both(held('v2', accepting), held('v1', first)), 'accept', 'v1', fresh);
    expect(summary(mirrored)).toBe('write v2 to west');
  });

  test('that ended before the config was written only writes the config', () => {
    const plan = planRotation(both(held('v2', accepting), held('v2', accepting)), 'accept', 'v1', fresh);
    expect(summary(plan)).toBe('write v2 to nobody');
  });

  test.each([
    ['sign', first, '--accept'],
    ['retire', first, '--accept'],
    ['accept', accepting, '--sign'],
    ['retire', accepting, '--sign'],
    ['accept', signing, '--retire'],
  ] as const)('--%s out of turn is refused, with the step that comes next', (step, secret, next) => {
    const state = both(held('v1', secret), held('v1', secret));
    expect(summary(planRotation(state, step, 'v1', fresh))).toContain(`refused: the next step is ${next}`);
  });

  test('the step after one that reached one region only is refused, with what to do first', () => {
    const state = both(held('v1', first), held('v2', accepting));
    expect(summary(planRotation(state, 'sign', 'v1', fresh))).toContain('run keys rotate --accept again first');
  });

  test('keys that no single step explains are refused', () => {
    const state = both(held('v1', first), held('v9', newKeySecret(newKey)));
    expect(summary(planRotation(state, 'accept', 'v1', fresh))).toContain('refused: the regions hold different keys');
    expect(keysStateOf(state).kind).toBe('refused');
  });

  test('the same keys under two version ids are refused, because the config can name only one', () => {
    expect(keysStateOf(both(held('v1', first), held('v2', first))).kind).toBe('refused');
  });

  test('without keys says how to make them', () => {
    const state = both(held('v1', first), missing);
    expect(summary(planRotation(state, 'accept', undefined, fresh))).toContain('run keys create first');
  });
});
