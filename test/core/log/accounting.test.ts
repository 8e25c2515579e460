import { describe, expect, test } from 'vitest';
import { encodeLine } from '../../../core/event/event.ts';
import { uuidV7 } from '../../../core/event/uuid.ts';
import {
  AccountBook,
  type EventsOutsideLogs,
  explainedByCounts,
  segmentAccount,
  totalAccount,
} from '../../../core/log/accounting.ts';

const [east, west] = ['us-east-1', 'us-west-2'];
const hour5 = Date.UTC(2026, 10, 23, 5);

/** A line of the environment `env`; `before` events of its hour had been captured for certain before it. */
function line(seq: number, { at = hour5, env = 'env-1', before = seq - 1 } = {}): string {
  const bytes = new Uint8Array(10);
  bytes[9] = seq;
  const numbers = { env, seq, captured_before: before };
  return encodeLine({ v: 1, id: uuidV7(at, bytes), type: 'click', at, region: east, ...numbers });
}

const nowhere: EventsOutsideLogs = { intake: [], owed: [], printed: [], unreachable: [] };

function accountOf(logged: Readonly<Record<string, readonly string[]>>, elsewhere: Partial<EventsOutsideLogs> = {}) {
  const book = new AccountBook([east, west]);
  for (const [region, lines] of Object.entries(logged)) for (const each of lines) book.addLogged(region, each);
  return totalAccount(book.accounts({ ...nowhere, ...elsewhere }));
}

const none = { inBothLogs: 0, inFlight: 0, owed: 0, unconfirmed: 0, stranded: 0, unexplained: 0 };

describe('the account of an environment', () => {
  test('puts every number into one class, and closes', () => {
    const logged = { [east]: [line(1), line(2), line(3), line(8)], [west]: [line(1), line(2), line(2)] };
    const elsewhere = { intake: [line(4), line(1)], owed: [line(3), line(5)], printed: [line(6)] };
    expect(accountOf(logged, elsewhere)).toEqual({
      captured: 8,
      inBothLogs: 2,
      inFlight: 1,
      owed: 3,
      unconfirmed: 1,
      stranded: 0,
      unexplained: 1,
    });
  });

  test('counts missing events as stranded while a region cannot be reached', () => {
    const logged = { [east]: [line(1), line(3)], [west]: [line(1)] };
    const account = accountOf(logged, { unreachable: [west] });
    expect(account).toEqual({ ...none, captured: 3, inBothLogs: 1, owed: 1, stranded: 1 });
  });

  test('is separate for every environment', () => {
    const book = new AccountBook([east]);
    book.addLogged(east, line(1));
    book.addLogged(east, line(3, { env: 'env-2' }));
    expect(book.accounts(nowhere)).toEqual([
      { region: east, env: 'env-1', ...none, captured: 1, inBothLogs: 1 },
      { region: east, env: 'env-2', ...none, captured: 3, inBothLogs: 1, unexplained: 2 },
    ]);
    expect(book.numberCount).toBe(2);
  });

  test('counts an event that is only in a queue, and drops it when the queue has it no more', () => {
    const book = new AccountBook([east]);
    expect(totalAccount(book.accounts({ ...nowhere, intake: [line(2)] }))).toEqual({
      ...none,
      captured: 2,
      inFlight: 1,
      unexplained: 1,
    });
    expect(book.accounts(nowhere)).toEqual([]);
  });

  test('says nothing of lines without a number', () => {
    expect(accountOf({ [east]: [encodeLine({ v: 1, id: '', type: 'probe', at: 1, region: east })] }).captured).toBe(0);
  });

  describe('when nobody reads what functions print', () => {
    const unread = { printed: undefined };
    const both = (lines: readonly string[]) => ({ [east]: lines, [west]: lines });

    test('expects as many events as were certainly captured, for each hour by itself', () => {
      const hour6 = hour5 + 3_600_000;
      const lines = [line(11, { before: 0 }), line(14, { before: 2 }), line(16, { at: hour6, before: 1 })];
      expect(accountOf(both(lines), unread)).toEqual({
        ...none,
        captured: 6,
        inBothLogs: 3,
        unexplained: 2,
        unconfirmed: 1,
      });
    });

    test('takes the other numbers for events that no rung took', () => {
      const lines = [line(1), line(4, { before: 1 })];
      expect(accountOf(both(lines), unread)).toEqual({ ...none, captured: 4, inBothLogs: 2, unconfirmed: 2 });
    });

    test('notices a missing event at the beginning of the hour too', () => {
      expect(accountOf(both([line(12, { before: 1 })]), unread)).toMatchObject({ captured: 2, unexplained: 1 });
    });
  });
});

describe('an estimate from the depths of queues', () => {
  const account = { ...none, captured: 20, inBothLogs: 10, unexplained: 10 };

  test.each([
    [3, 4, { inFlight: 3, owed: 4, unexplained: 3 }],
    [30, 4, { inFlight: 10, owed: 0, unexplained: 0 }],
    [3, 40, { inFlight: 3, owed: 7, unexplained: 0 }],
    [0, 0, { inFlight: 0, owed: 0, unexplained: 10 }],
  ])('of %i in flight and %i owed explains no more than is missing', (inFlight, owed, expected) => {
    expect(explainedByCounts(account, { inFlight, owed })).toEqual({ ...account, ...expected });
  });
});

describe('the account of segments', () => {
  test('separates those in both logs, those in a failure queue, and those in neither', () => {
    const logs = [new Set(['both', 'east', 'lost']), new Set(['both', 'west'])];
    expect(segmentAccount(logs, new Set(['east', 'west', 'both']))).toEqual({
      written: 4,
      inBothLogs: 1,
      owed: 2,
      unowed: ['lost'],
    });
  });
});
