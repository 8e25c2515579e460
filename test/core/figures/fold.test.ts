import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRedacted, knownTypeOf, type LoggedEvent } from '../../../core/event/event.ts';
import { readEventBlock } from '../../../core/figures/event-block.ts';
import { mergeEvents } from '../../../core/figures/merge-events.ts';
import { RowSum } from '../../../core/figures/row-sum.ts';
import { SegmentGroup } from '../../../core/figures/segment-group.ts';
import { type SequenceGap, sequenceGaps } from '../../../core/ledger/sequence-gaps.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { anyLines, hour, redactedLine, scattered } from './any-lines.ts';
import { finalRows, foldLines, groupBlocks, mergedMinutes, plainOf } from './fold-lines.ts';
import { distinctEvents, naiveRows } from './naive-figures.ts';

const minuteMs = 60_000;

describe('the lines of an hour, in whatever segments, groups and order, some repeated and some also redacted,', () => {
  const blocksOf = (groups: readonly (readonly (readonly string[])[])[]) =>
    groups.flatMap((segments) => groupBlocks(hour, segments));

  test('give the rows of a naive count', () => {
    fc.assert(
      fc.property(scattered(anyLines()), ({ lines, groups }) => {
        expect(finalRows(blocksOf(groups))).toEqual(naiveRows(lines));
      }),
      { numRuns: 150 },
    );
  });

  test('give the same objects of each minute, whose visitors each count once in the minute', () => {
    fc.assert(
      fc.property(scattered(anyLines()), ({ lines, groups }) => {
        const minutes = mergedMinutes(blocksOf(groups));
        expect(minutes).toEqual(mergedMinutes(groupBlocks(hour, [lines])));
        const sum = new RowSum();
        for (const { rows } of minutes) sum.add(rows);
        const uniques = (rows: ReturnType<typeof naiveRows>) =>
          rows.flatMap(({ key, counters }) => (counters.unique_clicks ? [{ key, count: counters.unique_clicks }] : []));
        expect(uniques(sum.rows())).toEqual(uniques(naiveRows(lines, minuteMs)));
      }),
      { numRuns: 60 },
    );
  });

  test('give the counts and the sequence gaps of a naive count', () => {
    fc.assert(
      fc.property(scattered(anyLines()), ({ lines, groups }) => {
        const minutes = mergedMinutes(blocksOf(groups));
        const events = distinctEvents(lines);
        const total = (name: 'events' | 'unknown' | 'redacted') =>
          minutes.reduce((sum, { counts }) => sum + counts[name], 0);
        expect([total('events'), total('unknown'), total('redacted')]).toEqual([
          events.length,
          events.filter((event) => knownTypeOf(event) === undefined).length,
          events.filter(isRedacted).length,
        ]);
        const gaps = sequenceGaps(minutes.flatMap(({ environments }) => environments));
        expect(gaps.toSorted(byName)).toEqual(naiveGaps(events).toSorted(byName));
      }),
    );
  });
});

function byName(one: SequenceGap, other: SequenceGap): number {
  return `${one.region}#${one.env}` < `${other.region}#${other.env}` ? -1 : 1;
}

function naiveGaps(events: readonly LoggedEvent[]): readonly SequenceGap[] {
  const names = new Set(events.map(({ region, env }) => `${region}#${env}`));
  return [...names].flatMap((name) => {
    const own = events.filter(({ region, env }) => `${region}#${env}` === name);
    const places = own.map(({ seq = 0, captured_before: before = 0 }) => ({ seq, before }));
    const [last] = places.sort((one, other) => other.seq - one.seq || other.before - one.before);
    const missing = (last?.before ?? 0) + 1 - own.length;
    const [region = '', env = ''] = name.split('#');
    return missing > 0 ? [{ region, env, missing }] : [];
  });
}

describe('of differing lines of one id', () => {
  const click = sampleLine(1, sampleMs, { visitor: 'a', aff_id: 7 });
  const terms = { payout_type: 'cpa_flat', payout: '1', aff_id: 7, currency: 'USD' };
  const conversion = sampleLine(1, sampleMs, { type: 'conversion', conversion_key: 'c'.repeat(32), ...terms });

  test('the same one counts in any order', () => {
    const others = [1, 2, 3].map((offer) => sampleLine(1, sampleMs, { offer_id: offer, visitor: 'a' }));
    const [rows] = [foldLines(hour, [click, ...others])];
    expect(rows.map(({ counters }) => counters)).toEqual([{ clicks: 1n, unique_clicks: 1n }]);
    expect(foldLines(hour, [...others.toReversed(), click])).toEqual(rows);
  });

  test('a conversion that competes for a key counts, because only merging conversions counts it', () => {
    for (const lines of [
      [click, conversion],
      [conversion, click, redactedLine(click)],
    ]) {
      expect(foldLines(hour, lines).map(({ counters }) => counters)).toEqual([
        { approved: 1n, payout_micros: 1_000_000n },
      ]);
    }
  });
});

describe('a group of segments', () => {
  test('says of each segment how many lines are events, faults, and events of a later release', () => {
    const group = new SegmentGroup(hour);
    const later = sampleLine(2, sampleMs, { type: 'big-decision' });
    const nextHour = sampleLine(3, hour + 3_600_000);
    const lines = [sampleLine(1), sampleLine(1), later, 'no event', '', sampleLine(4).slice(0, -1), nextHour];
    expect(group.add(plainOf(lines))).toEqual({ events: 3, faults: 3, unknown: 1 });
    expect(group.add(plainOf([sampleLine(5)]))).toEqual({ events: 1, faults: 0, unknown: 0 });
    expect(group.add(new Uint8Array())).toEqual({ events: 0, faults: 0, unknown: 0 });
    expect(group.eventCount).toBe(4);
  });

  test('has a block for each minute with events, in order', () => {
    const lines = [59, 0, 15].map((minute) => sampleLine(minute, hour + minute * minuteMs));
    expect(groupBlocks(hour, [lines]).map(({ minute }) => minute)).toEqual([0, 15, 59]);
  });

  test('understands lines with text outside ASCII, which Keeptrack itself does not write', () => {
    const line = sampleLine(1).replace('"type"', '"aff_sub":"Zoë","type"');
    expect(foldLines(hour, [line, sampleLine(2)])).toEqual(naiveRows([line, sampleLine(2)]));
  });
});

describe('an event block', () => {
  const [block] = groupBlocks(hour, [[sampleLine(1)]]);
  const bytes = block?.events ?? new Uint8Array();

  test('is read wherever its bytes begin in a buffer', () => {
    const shifted = Buffer.concat([Buffer.alloc(1), bytes]).subarray(1);
    expect(readEventBlock(shifted)).toEqual(readEventBlock(bytes));
  });

  test('of another version, or cut off, is not read', () => {
    const later = Buffer.from(bytes);
    later.write('{"v":2');
    expect(readEventBlock(later)).toBeUndefined();
    expect(readEventBlock(bytes.subarray(0, -1))).toBeUndefined();
    expect(readEventBlock(new Uint8Array())).toBeUndefined();
  });

  test('is refused together with others when they have too many events', () => {
    const blocks = [readEventBlock(bytes), readEventBlock(bytes)].flatMap((read) => read ?? []);
    expect(mergeEvents(blocks, 1)).toBe('too-many');
    expect(mergeEvents(blocks, 2)).toMatchObject({ counts: { events: 1 } });
    expect(mergeEvents([], 1)).toMatchObject({ rows: [], counts: { events: 0 }, visits: new Uint8Array() });
  });
});
