import { beforeEach, describe, expect, test } from 'vitest';
import { SecretStore, stagesOf, versionOf } from '../../../local/model/secret-store.ts';
import { fixedTime } from './fixed-time.ts';

let store: SecretStore;
beforeEach(() => {
  store = new SecretStore({ time: fixedTime(1_000), chance: () => 0 });
});

describe('a secret', () => {
  test('made twice by the same call is made once', () => {
    expect(store.create('keys', 'text', 'v1').kind).toBe('written');
    expect(store.create('keys', 'text', 'v1').kind).toBe('written');
    expect(store.find('keys')?.versions).toHaveLength(1);
  });

  test.each([
    ['another value', 'other', 'v1'],
    ['another version', 'text', 'v2'],
  ])('is not made anew with %s', (_, text, versionId) => {
    store.create('keys', 'text', 'v1');
    expect(store.create('keys', text, versionId).kind).toBe('exists');
    expect(store.find('keys')?.current).toBe('v1');
  });

  test('that is not there takes no version', () => {
    expect(store.put('keys', 'text', 'v1')).toEqual({ kind: 'missing' });
  });
});

describe('a version', () => {
  beforeEach(() => void store.create('keys', 'one', 'v1'));

  test('put in becomes the current one, and the one before the previous one', () => {
    store.put('keys', 'two', 'v2');
    store.put('keys', 'three', 'v3');
    const secret = store.find('keys');
    expect(secret?.versions.map(({ id }) => [id, stagesOf(secret, id)])).toEqual([
      ['v1', []],
      ['v2', ['AWSPREVIOUS']],
      ['v3', ['AWSCURRENT']],
    ]);
  });

  test('put in a second time changes nothing, not even when it is current no more', () => {
    store.put('keys', 'two', 'v2');
    expect(store.put('keys', 'one', 'v1').kind).toBe('written');
    expect(store.find('keys')?.current).toBe('v2');
  });

  test('never gets another value', () => {
    expect(store.put('keys', 'other', 'v1').kind).toBe('exists');
    const secret = store.find('keys');
    expect(secret && versionOf(secret, 'v1')?.text).toBe('one');
  });

  test('is there again for who goes on with a snapshot', () => {
    store.put('keys', 'two', 'v2');
    const next = new SecretStore({ time: fixedTime(2_000), chance: () => 0 }, store.snapshot());
    expect(next.find('keys')).toEqual(store.find('keys'));
  });
});
