import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathOfKey } from '../../../local/disk/key-path.ts';

test.each([
  ['log/dt=2026-11-23/hr=05/0a1b.ndjson.gz', 'log/dt=2026-11-23/hr=05/0a1b.ndjson.gz'],
  ['catalog/current.json', 'catalog/current.json'],
  ['a//b', 'a/%/b'],
  ['/a', '%/a'],
  ['a/', 'a/%'],
  ['../../etc/passwd', '%2e./%2e./etc/passwd'],
  ['a/./b', 'a/%2e/b'],
  ['.versions/x', '%2eversions/x'],
  ['a\\b:c*?', 'a%5cb%3ac%2a%3f'],
  ['a\u0000b\n', 'a%00b%0a'],
  ['100%', '100%25'],
  ['grüße', 'grüße'],
])('%j lies at %s', (key, expected) => {
  expect(pathOfKey(key)).toBe(expected);
});

const key = fc.string({
  unit: fc.oneof(
    fc.constantFrom('.', '/', '%', '\\', ' ', 'a', '2', 'e', '\u0000', '😀'),
    fc.string({ unit: 'grapheme' }),
  ),
  minLength: 1,
});

test('no key leads out of the folder, or to the folder itself', () => {
  fc.assert(
    fc.property(key, (odd) => {
      const resolved = path.resolve('/bucket', pathOfKey(odd));
      expect(resolved.startsWith('/bucket/')).toBe(true);
      expect(resolved).toBe(`/bucket/${pathOfKey(odd)}`);
    }),
  );
});

test('different keys lie at different paths', () => {
  fc.assert(
    fc.property(key, key, (left, right) => {
      expect(pathOfKey(left) === pathOfKey(right)).toBe(left === right);
    }),
  );
});
