import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyWords, WordTable } from '../../../core/ledger/word-table.ts';

const anyWord = fc.integer({ min: 0, max: 3 });
const anyKey = fc.tuple(anyWord, anyWord, anyWord, fc.integer({ min: 1, max: 40 }));

test('holds the same entries as a Map with the same keys, however often it grows', () => {
  fc.assert(
    fc.property(fc.array(anyKey, { minLength: 2_000, maxLength: 4_000 }), (keys) => {
      const table = new WordTable(1);
      const map = new Map<string, number>();
      for (const key of keys) {
        const { at, isNew } = table.place(Uint32Array.from(key));
        expect(isNew).toBe(!map.has(key.join()));
        const value = at + keyWords;
        table.words[value] = (table.words[value] ?? 0) + 1;
        map.set(key.join(), (map.get(key.join()) ?? 0) + 1);
      }
      const { words } = table;
      const held = [...table.records()].map((at): [string, number] => [
        words.subarray(at, at + keyWords).join(),
        words[at + keyWords] ?? 0,
      ]);
      expect(table.size).toBe(map.size);
      expect(new Map(held)).toEqual(map);
    }),
    { numRuns: 30 },
  );
});
