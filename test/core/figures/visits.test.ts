import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RowKey } from '../../../core/figures/row.ts';
import { encodeVisits, UniqueVisitors, visitsHeadBytes, visitsRanges } from '../../../core/figures/visits.ts';
import { sampleLine } from '../../sample-lines.ts';
import { anyLines, hour } from './any-lines.ts';
import { groupBlocks, mergedMinutes, visitorsOf } from './fold-lines.ts';
import { naiveRows } from './naive-figures.ts';

const key: RowKey = {
  ...{ hour: '2026-11-23T05', quarter: 1, offerId: 15, affiliateId: 7, goalId: 0 },
  ...{ region: 'us-east-1', currency: 'USD' },
};

/** [high half of the hash, low half, row] */
type Entry = readonly [high: number, low: number, row: number];

function visitsOf(entries: readonly Entry[], keys: readonly RowKey[]): Uint8Array {
  const rows = keys.map((one) => ({ key: one }));
  return encodeVisits(Uint32Array.from(entries.flat()), rows);
}

function entriesIn(visits: Uint8Array, part: number, of: number): readonly Entry[] {
  const { fromByte, lengthBytes } = visitsRanges(visits.subarray(0, visitsHeadBytes), part, of).entries;
  const words = new Uint32Array(Uint8Array.from(visits.subarray(fromByte, fromByte + lengthBytes)).buffer);
  return Array.from({ length: words.length / 3 }, (_, index) => {
    return [words[3 * index] ?? 0, words[3 * index + 1] ?? 0, words[3 * index + 2] ?? 0];
  });
}

const anyWord = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 1, 2 ** 32 - 1));
const anyEntries = fc.uniqueArray(fc.tuple(anyWord, anyWord, fc.constant(0)), {
  selector: ([high, low]) => `${high} ${low}`,
  maxLength: 300,
});

describe('the visits of a minute', () => {
  test('are in the order of hashes, whatever order they come in, and each part has its range of them', () => {
    const anyOf = fc.constantFrom(1, 2, 8, 256);
    fc.assert(
      fc.property(anyEntries, anyOf, (entries, of) => {
        const visits = visitsOf(entries, [key]);
        const parts = Array.from({ length: of }, (_, part) => entriesIn(visits, part, of));
        expect(parts.flat()).toEqual(entries.toSorted(([high, low], [other, lower]) => high - other || low - lower));
        for (const [part, own] of parts.entries()) {
          for (const [high] of own) expect(Math.floor((high / 2 ** 32) * of)).toBe(part);
        }
      }),
    );
  });

  test('have a head of their own, so that other bytes are never taken for visits', () => {
    const visits = visitsOf([[1, 2, 0]], [key]);
    expect(() => visitsRanges(visits.subarray(0, visitsHeadBytes - 1), 0, 1)).toThrow('no visits');
    expect(() => visitsRanges(new Uint8Array(visitsHeadBytes), 0, 1)).toThrow('no visits');
  });
});

describe('unique visitors', () => {
  test('are refused when the bytes are not whole, and nothing of them counts', () => {
    const visitors = new UniqueVisitors();
    const visits = visitsOf([[1, 2, 0]], [key]);
    const { rows, entries } = visitsRanges(visits.subarray(0, visitsHeadBytes), 0, 1);
    const rowBytes = visits.subarray(rows.fromByte);
    const entryBytes = visits.subarray(entries.fromByte, rows.fromByte);
    const unknownRow = Uint8Array.from(entryBytes).with(8, 1);
    expect(visitors.add(rowBytes.subarray(1), entryBytes)).toBe(false);
    expect(visitors.add(rowBytes, entryBytes.subarray(1))).toBe(false);
    expect(visitors.add(rowBytes, unknownRow)).toBe(false);
    expect(visitors.rows()).toEqual([]);
    expect(visitors.add(rowBytes, entryBytes)).toBe(true);
    expect(visitors.rows()).toMatchObject([{ counters: { unique_clicks: 1n } }]);
  });

  test('count once, in the row of the minute that is added first', () => {
    const click = (minute: number, currency: string) =>
      sampleLine(minute, hour + minute * 60_000, { visitor: 'a', currency, aff_id: 7 });
    const minutes = mergedMinutes(groupBlocks(hour, [[click(0, 'USD'), click(20, 'EUR')]]));
    const [visitors] = visitorsOf(minutes);
    expect(visitors?.rows().map(({ key: { quarter, currency } }) => [quarter, currency])).toEqual([[0, 'USD']]);
    expect(visitors?.owners()).toEqual([{ offerId: 15, affiliateId: 7, visitors: 1 }]);
  });

  test('of an hour come out the same in any number of parts, and as a naive count has them', () => {
    fc.assert(
      fc.property(anyLines(), fc.constantFrom(1, 4, 256), (lines, of) => {
        const parts = visitorsOf(mergedMinutes(groupBlocks(hour, [lines])), of);
        const rows = naiveRows(lines).filter(({ counters }) => counters.unique_clicks);
        const total = (counts: readonly bigint[]) => counts.reduce((sum, count) => sum + count, 0n);
        for (const { key: row, counters } of rows) {
          const found = parts.flatMap((part) => part.rows().filter((one) => isSame(one.key, row)));
          expect(total(found.map((one) => one.counters.unique_clicks ?? 0n))).toBe(counters.unique_clicks);
        }
        const all = total(rows.map(({ counters }) => counters.unique_clicks ?? 0n));
        const owned = parts.flatMap((part) => part.owners());
        expect(owned.reduce((sum, { visitors }) => sum + visitors, 0)).toBe(Number(all));
      }),
      { numRuns: 50 },
    );
  });
});

function isSame(one: RowKey, other: RowKey): boolean {
  return JSON.stringify(Object.values(one)) === JSON.stringify(Object.values(other));
}
