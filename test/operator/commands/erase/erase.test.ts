import { describe, expect, test } from 'vitest';
import { hourMs } from '../../../../core/log/log-key.ts';
import { readErasure } from '../../../../operator/commands/erase/erase-options.ts';
import {
  notUnderstoodLine,
  placesLeft,
  question,
  scanLines,
  truncationHint,
} from '../../../../operator/commands/erase/erase-report.ts';
import { runKeeptrack } from '../../command-under-test.ts';

const nowMs = Date.UTC(2026, 10, 23, 5, 10);
const eventId = '019ab3f2-0000-7000-8000-000000000000';

describe('the criterion and its hours', () => {
  test('an event is looked for in the hour of its id', () => {
    const read = readErasure({ event: eventId }, nowMs, 10);
    if (read.kind === 'wrong') throw new Error(read.problems.join());
    expect(read.criterion).toEqual({ kind: 'event', eventId });
    expect(read.range.toMs).toBe(read.range.fromMs);
    expect(read.range.fromMs).toBe(0x019ab3f20000 - (0x019ab3f20000 % hourMs));
  });

  test('other events are looked for in the whole log and one hour ahead of the clock', () => {
    const read = readErasure({ transaction: 't' }, nowMs, 10);
    expect(read).toMatchObject({
      criterion: { kind: 'transaction', transactionId: 't' },
      range: { fromMs: Date.UTC(2026, 10, 13, 5), toMs: Date.UTC(2026, 10, 23, 6) },
    });
  });

  test('other events are looked for in the hours that were named', () => {
    const options = { subId: ['aff_sub=a=b', 'source=x'], from: '2026-11-01T00', to: '2026-11-02T23Z' };
    expect(readErasure(options, nowMs, 10)).toEqual({
      kind: 'erasure',
      criterion: {
        kind: 'sub-ids',
        values: new Map([
          ['aff_sub', 'a=b'],
          ['source', 'x'],
        ]),
      },
      range: { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 10, 2, 23) },
    });
  });

  test.each([
    [{}, 'say whose events'],
    [{ event: eventId, transaction: 't' }, 'say whose events'],
    [{ event: 'an-id' }, '--event: is no event id'],
    [{ subId: ['aff_sub'] }, '"aff_sub" is not of the form'],
    [{ subId: ['aff_sub='] }, '"aff_sub=" is not of the form'],
    [{ subId: ['id=x'] }, 'events have no "id"'],
    [{ transaction: 't', from: '2026-11-31T00' }, '--from: "2026-11-31T00" is not an hour'],
    [{ transaction: 't', to: '2026-11-23' }, '--to: "2026-11-23" is not an hour'],
    [{ transaction: 't', from: '2026-11-23T05', to: '2026-11-23T04' }, '--from: is after --to'],
  ])('%j is refused with the mistake named', (options, problem) => {
    const read = readErasure(options, nowMs, 10);
    expect(read.kind === 'wrong' ? read.problems.join('\n') : 'nothing wrong').toContain(problem);
  });
});

describe('the report of an erasure', () => {
  const scan = {
    segmentsRead: 3,
    keys: ['a', 'b'],
    events: new Map([
      ['1', 'click'],
      ['2', 'conversion'],
      ['3', 'click'],
    ] as const),
    notUnderstood: new Map([['4', 'decision']]),
    halfErased: 1,
    unreadable: [],
    facts: new Map(),
  };

  test('says how many events of which types it found, and what an earlier run left', () => {
    expect(scanLines(scan)).toEqual([
      '3 segments read, 3 events in 2 segments: click 2, conversion 1',
      '1 segment of an interrupted erasure will be finished',
    ]);
    expect(question(scan)).toContain('Remove from 3 events in 2 segments for good what identifies a person?');
  });

  test('says that events of a later release need that release', () => {
    expect(notUnderstoodLine(scan)).toBe(
      'Not changed: 1 event of a later release (decision 1). Run this again with the keeptrack command of that release.',
    );
  });

  test('always says where else such events may be: in queues and in the log of track', () => {
    const held = { region: 'us-east-1', name: 'kt-intake', role: 'intake', says: 'holds about 3 messages' } as const;
    expect(placesLeft([held])[0]).toBe(
      'us-east-1 kt-intake holds about 3 messages: run this again when they are stored',
    );
    expect(placesLeft([]).join('\n')).toMatch(/log group of track.* 90 days/);
  });

  test.each([
    ['full', '203.0.113.9', undefined],
    ['truncated', '203.0.113.0', undefined],
    ['truncated', '203.0.113.9', '203.0.113.0 stands for this address and all its neighbours'],
    ['truncated', 'ada', 'ada is no address'],
    ['none', '203.0.113.9', 'Addresses are not kept'],
  ] as const)('with addresses kept %s, %s gives the hint %s', (clientAddress, address, hint) => {
    const said = truncationHint({ kind: 'client-address', address }, { clientAddress, userAgent: 'full' });
    if (hint === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(hint);
  });
});

test('the command names every mistake, exits with 2 and changes nothing', async () => {
  const config = JSON.stringify({ name: 'kt', account: '111122223333', regions: ['us-east-1', 'eu-west-1'] });
  const result = await runKeeptrack(['erase', '--sub-id', 'nonsense', '--from', 'yesterday'], {
    files: { 'keeptrack.config.json': config },
  });
  expect(result.exitCode).toBe(2);
  expect(result.out).toEqual([]);
  expect(result.error).toEqual([expect.stringContaining('"nonsense"'), expect.stringContaining('"yesterday"')]);
});
