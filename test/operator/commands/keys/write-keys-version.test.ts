import { describe, expect, test } from 'vitest';
import { withField } from '../../../../operator/commands/keys/write-keys-version.ts';

describe('the version of the keys in the config', () => {
  test('is added after the other fields, whose layout stays', () => {
    const text = '{\n  "name": "clicks",\n  "regions": ["us-east-1", "us-west-2"]\n}\n';
    expect(withField(text, 'version', 'v1')).toBe(
      '{\n  "name": "clicks",\n  "regions": ["us-east-1", "us-west-2"],\n  "version": "v1"\n}\n',
    );
  });

  test('replaces the version that was there', () => {
    const text = '{\n  "version" : "v1",\n  "regions": ["us-east-1", "us-west-2"]\n}\n';
    expect(withField(text, 'version', 'v2')).toBe(
      '{\n  "version": "v2",\n  "regions": ["us-east-1", "us-west-2"]\n}\n',
    );
  });

  test('written twice changes nothing', () => {
    const once = withField('{\n  "name": "clicks"\n}\n', 'version', 'v1');
    expect(withField(once, 'version', 'v1')).toBe(once);
  });

  test.each([
    ['on one line', '{"name": "clicks", "domain": {"record": "go.example.com"}}'],
    ['with nothing in it', '{}'],
    ['with a field of that name inside another', '{"other": {"version": "inner"}, "name": "clicks"}'],
    ['with a text that looks like it', '{"name": "\\"version\\": \\"v0\\""}'],
  ])('in a file %s changes that field and no other', (_, text) => {
    const changed = withField(text, 'version', 'v1');
    expect(JSON.parse(changed)).toEqual({ ...JSON.parse(text), version: 'v1' });
  });
});
