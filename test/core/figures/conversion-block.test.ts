import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeLine } from '../../../core/event/event.ts';
import {
  earliestByKey,
  encodeConversions,
  encodeFirsts,
  mergeConversions,
  readConversions,
  readFirsts,
} from '../../../core/figures/conversion-block.ts';
import { competingKey } from '../../../core/figures/conversions.ts';
import { RowSum } from '../../../core/figures/row-sum.ts';
import { hourMs } from '../../../core/log/log-key.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { anyLine, hour, redactedLine } from './any-lines.ts';
import { eventOf } from './fold-lines.ts';
import { distinctEvents, naiveRows } from './naive-figures.ts';

const conversionKey = 'c'.repeat(32);

function conversion(seq: number, fields = {}) {
  const terms = { payout_type: 'cpa_flat', payout: '1.50', currency: 'USD', aff_id: 7 };
  const own = { type: 'conversion', conversion_key: conversionKey, status: 'approved' };
  return eventOf(sampleLine(seq, sampleMs + seq, { ...terms, ...own, ...fields }));
}

describe('conversions of one key compete', () => {
  test('when they are approved or pending, and no tests', () => {
    const outcomes = [{}, { status: 'pending' }, { status: 'rejected' }, { reason: 'ip-not-allowed' }, { test: true }];
    const competing = outcomes.map((fields) => competingKey(conversion(1, fields)) !== undefined);
    expect(competing).toEqual([true, true, false, false, false]);
    expect(competingKey(conversion(1, { conversion_key: 'x' }))).toBeUndefined();
    expect(competingKey(conversion(1, { type: 'click' }))).toBeUndefined();
  });

  test('and the one with the smallest id is the first, in whatever order they come', () => {
    const [early, late] = [conversion(1), conversion(2)];
    for (const events of [
      [early, late],
      [late, early],
    ]) {
      expect([...earliestByKey(events)]).toEqual([[conversionKey, early.id]]);
    }
  });
});

describe('merging conversions', () => {
  const [early, late] = [conversion(1), conversion(2)];
  const countersOf = (firsts: readonly ReadonlyMap<string, string>[], events = [late, early, late]) =>
    mergeConversions(events, firsts).map(({ counters }) => counters);
  const first = (id: string) => new Map([[conversionKey, id]]);

  test('counts the first of a key with its money, and the others as duplicates without money', () => {
    expect(countersOf([])).toEqual([{ approved: 1n, duplicates: 1n, payout_micros: 1_500_000n }]);
  });

  test('counts only duplicates when the first conversion is elsewhere', () => {
    expect(countersOf([first(conversion(0).id)])).toEqual([{ duplicates: 2n }]);
  });

  test('is the same when the index names a conversion of these, or a later one', () => {
    for (const { id } of [early, late, conversion(3)]) expect(countersOf([first(id)])).toEqual(countersOf([]));
    expect(countersOf([first(late.id), first(conversion(0).id)])).toEqual([{ duplicates: 2n }]);
  });

  test('counts one of differing lines of one id, the same one in any order', () => {
    const other = { ...late, payout: '9' };
    expect(countersOf([], [late, other])).toEqual(countersOf([], [other, late]));
    expect(countersOf([], [late, other])).toEqual([{ approved: 1n, payout_micros: 1_500_000n }]);
  });
});

describe('a block of conversions', () => {
  const line = sampleLine(1, sampleMs, { type: 'conversion', conversion_key: conversionKey, ip: '203.0.113.9' });

  test('has each line once, redacted and in the order of ids', () => {
    const [early, late] = [conversion(1), conversion(2)];
    const read = readConversions(encodeConversions([late, early, late]));
    expect(read?.map(encodeLine)).toEqual([early, late].map((event) => redactedLine(encodeLine(event))));
    expect(encodeConversions([eventOf(line)])).toEqual(encodeConversions([eventOf(redactedLine(line))]));
  });

  test('is not read when the bytes are something else', () => {
    for (const bytes of [Buffer.from(line), encodeFirsts(new Map([['a', 'b']]))]) {
      expect(readConversions(bytes)).toBeUndefined();
    }
    expect(readFirsts(encodeConversions([eventOf(line)]))).toBeUndefined();
    expect(readFirsts(Buffer.from(line))).toBeUndefined();
  });

  test('may be empty, as may the first conversions, which come back as they were', () => {
    expect(readConversions(encodeConversions([]))).toEqual([]);
    for (const firsts of [new Map<string, string>(), new Map([...'ba'].map((key) => [key, `id-${key}`]))]) {
      expect(readFirsts(encodeFirsts(firsts))).toEqual(firsts);
    }
  });
});

test('conversions in any minutes, hours and copies count each key once, when each minute knows the first of its keys', () => {
  const anyHour = fc.constantFrom(hour, hour + hourMs, hour + 26 * hourMs).chain((start) => anyLine(start));
  const lines = fc
    .uniqueArray(anyHour, { maxLength: 60, selector: (line) => line.slice(0, 49) })
    .map((all) => all.filter((line) => competingKey(eventOf(line)) !== undefined));
  const scattered = lines.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all])));
  fc.assert(
    fc.property(scattered, ([all, copies]) => {
      const events = [...all, ...copies].map(eventOf);
      const firsts = earliestByKey(events);
      const sum = new RowSum();
      for (const minute of new Set(events.map(({ at }) => Math.floor(at / 60_000)))) {
        const block = encodeConversions(events.filter(({ at }) => Math.floor(at / 60_000) === minute));
        sum.add(mergeConversions(readConversions(block) ?? [], [firsts]));
      }
      expect(sum.rows()).toEqual(naiveRows(all));
      const counted = sum.rows().reduce((count, { counters }) => count + (counters.duplicates ?? 0n), 0n);
      expect(counted).toBe(BigInt(distinctEvents(all).length - firsts.size));
    }),
  );
});
