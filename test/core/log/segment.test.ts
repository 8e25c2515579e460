import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourPrefix, hourStart, parseLogKey } from '../../../core/log/log-key.ts';
import { readSegment, segmentFault, segmentsOf } from '../../../core/log/segment.ts';
import { idOf, sampleLine, sampleLines, sampleMs } from '../../sample-lines.ts';

function linesOf(gzip: Uint8Array): readonly string[] {
  const read = readSegment(gzip);
  return read.kind === 'read' ? read.lines : [read.reason];
}

/** Takes more than one segment, since random text hardly shrinks. */
function incompressibleLines(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    sampleLine(index, sampleMs, { aff_sub: randomBytes(3_000).toString('base64') }),
  );
}

describe('segments', () => {
  test('are the same whatever the order of the lines and however often each comes', () => {
    const lines = [...sampleLines(20), ...sampleLines(20, sampleMs + hourMs)];
    const expected = segmentsOf(lines);
    fc.assert(
      fc.property(fc.shuffledSubarray([...lines, ...lines], { minLength: 80 }), (shuffled) => {
        expect(segmentsOf(shuffled)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('hold the events of one hour each, sorted by id', () => {
    const lines = [...sampleLines(5, sampleMs + hourMs), ...sampleLines(5)];
    const segments = segmentsOf(lines);
    expect(segments.map(({ key }) => key.slice(0, 24))).toEqual([hourPrefix(sampleMs), hourPrefix(sampleMs + hourMs)]);
    expect(segments.map(({ gzip }) => linesOf(gzip))).toEqual([lines.slice(5).sort(), lines.slice(0, 5).sort()]);
    expect(segments.map(({ eventCount }) => eventCount)).toEqual([5, 5]);
  });

  test('put an event into the hour of its id, up to the hour’s last millisecond', () => {
    const hour = Date.UTC(2026, 10, 23, 6);
    const keys = segmentsOf([sampleLine(1, hour - 1), sampleLine(2, hour)]).map(({ key }) => key);
    expect(keys.map((key) => key.slice(0, 24))).toEqual(['log/dt=2026-11-23/hr=05/', 'log/dt=2026-11-23/hr=06/']);
  });

  test('keep the smallest of several lines with one id', () => {
    const [small, large] = [sampleLine(1, sampleMs, { a: 1 }), sampleLine(1, sampleMs, { a: 2 })];
    for (const lines of [
      [small, large],
      [large, small],
    ]) {
      expect(segmentsOf(lines).map(({ gzip }) => linesOf(gzip))).toEqual([[small]]);
    }
  });

  test('find the id of a line whose keys stand in another order', () => {
    const line = sampleLine(1);
    const { id, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const reordered = JSON.stringify({ ...rest, id });
    expect(segmentsOf([reordered])[0]?.eventIds).toEqual([idOf(line)]);
  });

  test('split by halves until each fits a failure-queue message', () => {
    const lines = incompressibleLines(600);
    const segments = segmentsOf(lines);
    expect(segments.length).toBeGreaterThan(1);
    for (const { gzip } of segments) expect(gzip.length).toBeLessThanOrEqual(limits.segment.gzipBytesMax);
    expect(segments.flatMap(({ gzip }) => linesOf(gzip))).toEqual([...lines].sort());
  });

  test('of no lines are none', () => {
    expect(segmentsOf([])).toEqual([]);
  });
});

describe('the bytes of a segment', () => {
  const [segment] = segmentsOf(sampleLines(10));
  const { id, gzip } = segment ?? { id: '', gzip: new Uint8Array() };
  const key = { hourStartMs: hourStart(sampleMs), segmentId: id };

  test('match its key', () => {
    expect(parseLogKey(segment?.key ?? '')).toEqual(key);
    expect(segmentFault(key, gzip)).toBeUndefined();
  });

  test('do not match the key of another hour', () => {
    expect(segmentFault({ ...key, hourStartMs: key.hourStartMs - hourMs }, gzip)).toBe('other-content');
  });

  test('of a foreign writer, with keys in another order, are checked as well', () => {
    const reordered = linesOf(gzip).map((line) => {
      const { id: eventId, ...rest } = JSON.parse(line) as Record<string, unknown>;
      return JSON.stringify({ ...rest, id: eventId });
    });
    expect(segmentFault(key, gzipSync(reordered.join('\n')))).toBeUndefined();
  });

  test('do not match its key with a line too few, a line too many or no line', () => {
    const lines = linesOf(gzip);
    for (const wrong of [lines.slice(1), [...lines, sampleLine(11)], [], ['{"v":1}']]) {
      expect(segmentFault(key, gzipSync(wrong.join('\n')))).toBe('other-content');
    }
  });

  test('that are cut short, have a bit flipped or are no gzip are corrupt', () => {
    const turned = Uint8Array.from(gzip);
    turned[60] = (turned[60] ?? 0) ^ 1;
    for (const wrong of [gzip.subarray(0, -1), turned, new Uint8Array(), Buffer.from('no gzip')]) {
      expect(segmentFault(key, wrong)).toBe('corrupt-gzip');
      expect(readSegment(wrong)).toEqual({ kind: 'unreadable', reason: 'corrupt-gzip' });
    }
  });

  test('that would unpack to more than the bound are refused without unpacking them', () => {
    const bomb = gzipSync(Buffer.alloc(limits.segment.plainBytesMax + 1));
    expect(readSegment(bomb)).toEqual({ kind: 'unreadable', reason: 'too-large' });
  });
});
