import { expect, test } from 'vitest';
import { hourListing } from '../../core/ledger/listing.ts';
import { hourStart } from '../../core/log/log-key.ts';
import { type Segment, segmentsOf } from '../../core/log/segment.ts';
import { type PassReading, passOverHour } from '../../eventlog/pass-over-hour.ts';
import { idOf, sampleLine, sampleLines, sampleMs } from '../sample-lines.ts';

/** A log in memory: bytes by key. */
type Held = Map<string, Uint8Array>;

const gone = { status: 404, code: 'NoSuchKey' };
const broken = Buffer.from('not gzip at all');

function heldOf(segments: readonly Segment[]): Held {
  return new Map(segments.map(({ key, gzip }) => [key, gzip]));
}

/** Passes over the keys of `own`; gives what that came to, and the keys and faults that were told of. */
async function pass(own: Held, other: Held, options: Partial<PassReading> = {}) {
  const told: unknown[] = [];
  const sourceOf = (name: string, held: Held) => ({
    name,
    get: async (key: string) => {
      const body = held.get(key);
      return body ? ({ kind: 'ok', value: { body, etag: '' } } as const) : ({ kind: 'failed', answer: gone } as const);
    },
  });
  const listing = hourListing([...own].map(([key, { length }]) => ({ key, etag: '', sizeBytes: length })));
  const made = await passOverHour(
    hourStart(sampleMs),
    listing,
    { index: 0, of: 1 },
    {
      own: sourceOf('own', own),
      other: sourceOf('other', other),
      readsAtOnceMax: 2,
      eventsMax: 100,
      isOver: () => false,
      log: { error: (message) => told.push(message) },
      ...options,
    },
  );
  return { made, told };
}

test('each event counts once, however many segments hold it', async () => {
  const own = heldOf([...segmentsOf(sampleLines(3)), ...segmentsOf(sampleLines(2))]);
  const { made, told } = await pass(own, new Map());
  expect(made).toMatchObject({ kind: 'made', pass: { counts: { events: 3, sameLine: 2 }, unreadable: [] } });
  expect(told).toEqual([]);
});

test('lines of one event that differ count once, in whatever order segments come', async () => {
  const [line = ''] = sampleLines(1);
  const other = sampleLine(1, sampleMs, { offer_id: 16 });
  expect(idOf(other)).toBe(idOf(line));
  const [first, second] = [[line], [other, sampleLine(2)]].map((lines) => segmentsOf(lines));
  const rows = async (...segments: (readonly Segment[] | undefined)[]) => {
    const { made } = await pass(heldOf(segments.flatMap((some) => some ?? [])), new Map());
    expect(made).toMatchObject({ kind: 'made', pass: { counts: { events: 2, otherLine: 1 } } });
    return made.kind === 'made' ? made.pass.rows : [];
  };
  expect(await rows(first, second)).toEqual(await rows(second, first));
});

test('the other log stands in for an unreadable segment', async () => {
  const segments = segmentsOf(sampleLines(3));
  const own = new Map(segments.map(({ key }) => [key, broken]));
  const { made, told } = await pass(own, heldOf(segments));
  expect(made).toMatchObject({ kind: 'made', pass: { counts: { events: 3 }, unreadable: [] } });
  expect(told).toEqual(['a log holds what is no segment']);
});

test('a segment that neither log can give is named, and the others count', async () => {
  const [segment] = segmentsOf(sampleLines(1));
  const own = heldOf(segmentsOf([sampleLine(2)])).set(segment?.key ?? '', broken);
  const { made, told } = await pass(own, new Map());
  expect(made).toMatchObject({ kind: 'made', pass: { counts: { events: 1 }, unreadable: [segment?.key] } });
  expect(told).toHaveLength(2);
});

test('a segment that the listed log does not give fails the pass', async () => {
  const segments = segmentsOf(sampleLines(1));
  const own = heldOf(segments);
  own.get = () => undefined;
  const { made } = await pass(own, heldOf(segments));
  expect(made).toEqual({ kind: 'failed', key: segments[0]?.key, answer: gone });
});

test('a pass ends at its bounds', async () => {
  const own = heldOf(segmentsOf(sampleLines(3)));
  expect((await pass(own, new Map(), { eventsMax: 2 })).made).toEqual({ kind: 'too-many-events' });
  expect((await pass(own, new Map(), { isOver: () => true })).made).toEqual({ kind: 'time-over' });
});
