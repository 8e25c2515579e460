import { describe, expect, test } from 'vitest';
import { openSecrets } from '../../local/secrets.ts';
import { Refusal } from '../../local/template/refusal.ts';
import { fixedTime } from './model/fixed-time.ts';

const world = { time: fixedTime(1_000), chance: () => 0 };
const name = 'kt/signing-keys';
const inEast = { region: 'us-east-1', versionId: undefined };

describe('a fresh cloud', () => {
  test('has the same keys under the same version in every region', () => {
    const secrets = openSecrets(world, undefined);
    const key = secrets.resolve(name, 'signing', inEast);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(secrets.resolve(name, 'signing', { ...inEast, region: 'us-west-2' })).toBe(key);
    expect(secrets.storeOf('us-east-1').find(name)?.current).toBe(secrets.storeOf('us-west-2').find(name)?.current);
  });

  test('has them under whatever version a template names', () => {
    const secrets = openSecrets(world, undefined);
    const key = secrets.resolve(name, 'signing', { ...inEast, versionId: 'version-7' });
    expect(secrets.resolve(name, 'signing', inEast)).toBe(key);
    expect(
      secrets
        .storeOf('us-east-1')
        .find(name)
        ?.versions.map(({ id }) => id),
    ).toContain('version-7');
  });

  test('has no other secret, and no other value in it', () => {
    const secrets = openSecrets(world, undefined);
    expect(() => secrets.resolve('kt/other', 'signing', inEast)).toThrow(Refusal);
    expect(() => secrets.resolve(name, 'password', inEast)).toThrow(Refusal);
  });
});

describe('a cloud that goes on', () => {
  test('has the keys of the one before, and of its versions the one that is named', () => {
    const before = openSecrets(world, undefined);
    const old = before.resolve(name, 'signing', { ...inEast, versionId: 'version-1' });
    before.storeOf('us-east-1').put(name, JSON.stringify({ signing: 'new', accepted: 'new' }), 'version-2');
    const next = openSecrets(world, before.snapshot());
    expect(next.resolve(name, 'signing', inEast)).toBe('new');
    expect(next.resolve(name, 'signing', { ...inEast, versionId: 'version-1' })).toBe(old);
  });

  test('makes no version that it has not', () => {
    const before = openSecrets(world, undefined);
    before.resolve(name, 'signing', inEast);
    const next = openSecrets(world, before.snapshot());
    expect(() => next.resolve(name, 'signing', { ...inEast, versionId: 'version-9' })).toThrow(
      /version-9 in us-east-1/,
    );
  });
});
