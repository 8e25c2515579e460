import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tombstone } from '../../../core/event/erasure.ts';
import { foldSegment } from '../../../core/figures/segment-fold.ts';
import { type LogKey, parseLogKey } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { sampleLine, sampleLines } from '../../sample-lines.ts';

function segment(lines: readonly string[]): { readonly key: LogKey; readonly gzip: Uint8Array } {
  const [only] = segmentsOf(lines);
  const key = only && parseLogKey(only.key);
  if (!key) throw new Error('there is no segment');
  return { key, gzip: only.gzip };
}

describe('an object under a segment’s key', () => {
  test('is counted, event by event', () => {
    const { key, gzip } = segment(sampleLines(5));
    const fold = foldSegment(key, gzip);
    expect(fold).toMatchObject({ kind: 'folded', eventCount: 5, faults: [], competing: [] });
    expect(fold.kind === 'folded' && fold.rows(new Map()).map(({ counters }) => counters.clicks)).toEqual([5n]);
  });

  test('counts as nothing when it is a tombstone', () => {
    expect(foldSegment(segment(sampleLines(5)).key, tombstone)).toMatchObject({ kind: 'folded', eventCount: 0 });
  });

  test('is not counted when its content belongs to another key', () => {
    const { gzip } = segment(sampleLines(5));
    expect(foldSegment(segment(sampleLines(4)).key, gzip)).toEqual({ kind: 'unreadable', reason: 'other-content' });
  });

  test('is not counted when the bytes are no gzip, or were cut off', () => {
    const { key, gzip } = segment(sampleLines(5));
    for (const bytes of [Buffer.from('no gzip'), gzip.subarray(0, gzip.length - 9), new Uint8Array()]) {
      expect(foldSegment(key, bytes)).toEqual({ kind: 'unreadable', reason: 'corrupt-gzip' });
    }
  });

  test('is counted without a broken line, when the line’s id is the right one', () => {
    const lines = sampleLines(3).toSorted();
    const { key } = segment(lines);
    const [first = '', second = '', third = ''] = lines;
    const broken = [first, second.slice(0, -1), third].map((line) => `${line}\n`).join('');
    expect(foldSegment(key, gzipSync(broken))).toMatchObject({ eventCount: 2, faults: ['not-json'] });
    const other = [first, sampleLine(99).slice(0, -1), third].map((line) => `${line}\n`).join('');
    expect(foldSegment(key, gzipSync(other))).toEqual({ kind: 'unreadable', reason: 'other-content' });
  });
});
