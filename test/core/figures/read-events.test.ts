import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tombstone } from '../../../core/erasure.ts';
import { readEvents } from '../../../core/figures/read-events.ts';
import { type LogKey, parseLogKey } from '../../../core/log-key.ts';
import { segmentsOf } from '../../../core/segment.ts';
import { idOf, sampleLine, sampleLines } from '../../sample-lines.ts';

function segment(lines: readonly string[]): { readonly key: LogKey; readonly gzip: Uint8Array } {
  const [only] = segmentsOf(lines);
  const key = only && parseLogKey(only.key);
  if (!key) throw new Error('there is no segment');
  return { key, gzip: only.gzip };
}

describe('the events under a key', () => {
  test('are those of its lines, in the order of their ids', () => {
    const { key, gzip } = segment(sampleLines(5));
    const read = readEvents(key, gzip);
    expect(read.kind === 'read' && read.events.map(({ id }) => id)).toEqual(sampleLines(5).map(idOf).sort());
  });

  test('are none in a tombstone', () => {
    expect(readEvents(segment(sampleLines(5)).key, tombstone)).toEqual({ kind: 'read', events: [], faults: [] });
  });

  test('are none of another key', () => {
    const { gzip } = segment(sampleLines(5));
    expect(readEvents(segment(sampleLines(4)).key, gzip)).toEqual({ kind: 'unreadable', reason: 'other-content' });
  });

  test('are none when the bytes are no gzip, or were cut off', () => {
    const { key, gzip } = segment(sampleLines(5));
    for (const bytes of [Buffer.from('no gzip'), gzip.subarray(0, gzip.length - 9), new Uint8Array()]) {
      expect(readEvents(key, bytes)).toEqual({ kind: 'unreadable', reason: 'corrupt-gzip' });
    }
  });

  test('are counted without a line that is none, when that has the right id', () => {
    const lines = sampleLines(3).toSorted();
    const { key } = segment(lines);
    const [first = '', second = '', third = ''] = lines;
    const broken = [first, second.slice(0, -1), third].map((line) => `${line}\n`).join('');
    expect(readEvents(key, gzipSync(broken))).toMatchObject({ events: [{}, {}], faults: ['not-json'] });
    const other = [first, sampleLine(99).slice(0, -1), third].map((line) => `${line}\n`).join('');
    expect(readEvents(key, gzipSync(other))).toEqual({ kind: 'unreadable', reason: 'other-content' });
  });
});
