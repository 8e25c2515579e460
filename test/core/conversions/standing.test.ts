import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ConversionDecision,
  type ConversionEvent,
  type ConversionReport,
  conversionStanding,
} from '../../../core/conversions/standing.ts';

const flat = { flat: '2.5', percent: '0' };
const share = { flat: '0', percent: '10' };
const flatTerms = { currency: 'USD', payout: flat, revenue: flat };
const shareTerms = { currency: 'USD', payout: share, revenue: flat };

function report(id: string, says: Partial<ConversionReport> = {}): ConversionReport {
  return { kind: 'report', id, rules: 2, status: 'approved', sender: 'proven', terms: flatTerms, ...says };
}

function pending(id: string, pendingFor: string, says: Partial<ConversionReport> = {}): ConversionReport {
  return report(id, { status: 'pending', pendingFor, ...says });
}

function rejected(id: string, says: Partial<ConversionReport> = {}): ConversionReport {
  return report(id, { status: 'rejected', reason: 'rejected-by-advertiser', ...says });
}

function decision(id: string, verdict: ConversionDecision['verdict'], amount?: string): ConversionDecision {
  return { kind: 'decision', id, verdict, ...(amount !== undefined && { amount }) };
}

function statusOf(...events: ConversionEvent[]) {
  const { status, pendingFor, reason, conflicts } = conversionStanding(events) ?? {};
  return [status, pendingFor ?? reason, ...(conflicts ?? []).map(({ eventId, kind }) => `${kind} ${eventId}`)];
}

describe('a report after the end of the session', () => {
  test('begins no conversion', () => {
    expect(conversionStanding([report('a', { isLate: true })])).toBeUndefined();
    expect(conversionStanding([report('a', { isLate: true }), report('b')])).toMatchObject({ firstId: 'b' });
  });

  test('ends the wait of a conversion that was reported in time', () => {
    expect(statusOf(pending('a', 'pending-by-advertiser'), report('b', { isLate: true }))).toEqual([
      'approved',
      undefined,
    ]);
    expect(statusOf(pending('a', 'approval'), report('b', { isLate: true }))).toEqual(['pending', 'approval']);
    expect(statusOf(report('a'), rejected('b'), report('c', { isLate: true }))[0]).toBe('reversed');
  });
});

describe('reports of an advertiser', () => {
  test('the first one fixes the hour, the terms and the amount, and the others change neither', () => {
    const events = [report('b', { amount: '10' }), report('c', { amount: '99', terms: shareTerms })];
    expect(conversionStanding(events)).toEqual({
      firstId: 'b',
      rules: 2,
      status: 'approved',
      terms: flatTerms,
      amount: '10',
      statusId: 'b',
      conflicts: [],
      isDecided: false,
    });
  });

  test('terms and amount come from the first report that has usable ones', () => {
    const events = [pending('a', 'amount-unclear', { terms: undefined as never }), report('b', { amount: '7' })];
    const { terms: _, ...withoutTerms } = events[0] as ConversionReport;
    expect(conversionStanding([withoutTerms, events[1] as ConversionReport])).toMatchObject({
      firstId: 'a',
      status: 'approved',
      terms: flatTerms,
      amount: '7',
    });
  });

  test.each([
    [
      'approve what waited for the advertiser',
      [pending('a', 'pending-by-advertiser'), report('b')],
      ['approved', undefined],
    ],
    ['reject what waited', [pending('a', 'status-unknown'), rejected('b')], ['rejected', 'rejected-by-advertiser']],
    ['reject what was approved', [report('a'), rejected('b')], ['reversed', 'rejected-by-advertiser']],
    [
      'never approve again what was rejected',
      [report('a'), rejected('b'), report('c')],
      ['reversed', 'rejected-by-advertiser'],
    ],
    ['never make an approved one wait', [report('a'), pending('b', 'pending-by-advertiser')], ['approved', undefined]],
    [
      'do not stand in for the network’s own approval',
      [pending('a', 'approval'), report('b')],
      ['pending', 'approval'],
    ],
    [
      'move a wait on to the network’s own approval',
      [pending('a', 'pending-by-advertiser'), pending('b', 'approval')],
      ['pending', 'approval'],
    ],
  ] as const)('%s', (_, events, expected) => {
    expect(statusOf(...events)).toEqual(expected);
  });

  test('a rejection of a click that is too old is a conflict, unless the conversion is rejected already', () => {
    const tooLate = pending('c', 'click-too-old', { rejectsTooLate: true });
    expect(statusOf(report('a'), tooLate)).toEqual(['approved', undefined, 'rejected-too-late c']);
    expect(statusOf(report('a'), rejected('b'), tooLate)).toEqual(['reversed', 'rejected-by-advertiser']);
  });

  test.each(['status-unknown', 'amount-negative'])('a later one that waits for %s is a conflict', (wait) => {
    expect(statusOf(report('a'), pending('b', wait))).toEqual(['approved', undefined, 'unclear-report b']);
    expect(statusOf(report('a'), pending('b', wait, { sender: 'unproven' }))).toEqual(['approved', undefined]);
  });

  test('nobody without proof rejects a conversion: that is a conflict for an operator', () => {
    expect(statusOf(report('a'), rejected('b', { sender: 'unproven' }))).toEqual([
      'approved',
      undefined,
      'rejected-without-proof b',
    ]);
    expect(statusOf(pending('a', 'status-unknown'), report('b', { sender: 'unproven' }))).toEqual([
      'approved',
      undefined,
    ]);
  });
});

describe('decisions of an operator', () => {
  test.each([
    ['end the wait for approval', [pending('a', 'approval'), decision('b', 'approve')], ['approved', undefined]],
    ['undo an advertiser’s rejection', [report('a'), rejected('b'), decision('c', 'approve')], ['approved', undefined]],
    ['reject what was approved', [report('a'), decision('b', 'reject')], ['reversed', 'rejected-by-operator']],
    [
      'stay in force when the advertiser approves again',
      [report('a'), decision('b', 'reject'), report('c')],
      ['reversed', 'rejected-by-operator'],
    ],
    ['the last one holds', [report('a'), decision('b', 'reject'), decision('c', 'approve')], ['approved', undefined]],
    [
      'leave a later rejection as a conflict',
      [report('a'), decision('b', 'approve'), rejected('c')],
      ['approved', undefined, 'rejected-after-decision c'],
    ],
    [
      'clear the conflicts before them',
      [report('a'), decision('b', 'approve'), rejected('c'), decision('d', 'approve')],
      ['approved', undefined],
    ],
    [
      'an amount alone decides no status',
      [report('a'), decision('b', 'set-amount', '5'), rejected('c')],
      ['reversed', 'rejected-by-advertiser'],
    ],
    [
      'made by a clock that is behind count after the first report',
      [decision('a', 'reject'), report('b')],
      ['reversed', 'rejected-by-operator'],
    ],
  ] as const)('%s', (_, events, expected) => {
    expect(statusOf(...events)).toEqual(expected);
  });

  test('approving a share of an amount that nobody gave needs an amount', () => {
    const waiting = pending('a', 'amount-missing', { terms: shareTerms });
    expect(statusOf(waiting, decision('b', 'approve'))).toEqual(['pending', 'amount-missing', 'amount-needed b']);
    const approved = conversionStanding([waiting, decision('b', 'approve'), decision('c', 'approve', '20')]);
    expect(approved).toMatchObject({ status: 'approved', amount: '20', conflicts: [] });
    const answered = conversionStanding([waiting, decision('b', 'approve'), decision('c', 'set-amount', '20')]);
    expect(answered).toMatchObject({ status: 'approved', conflicts: [] });
  });

  test('set an amount once and for all reports, those that come later too', () => {
    const events = [report('a', { amount: '10' }), decision('b', 'set-amount', '8'), report('c', { amount: '12' })];
    expect(conversionStanding(events)).toMatchObject({ status: 'approved', amount: '8' });
  });

  test('about a conversion that nobody reported come to nothing', () => {
    expect(conversionStanding([decision('a', 'approve', '5')])).toBeUndefined();
  });
});

const ids = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16).padStart(4, '0'));
const amounts = fc.option(fc.integer({ min: 0, max: 99 }).map(String), { nil: undefined });
const reports = fc.tuple(ids, fc.constantFrom('approved', 'pending', 'rejected'), fc.boolean(), amounts).map(
  ([id, status, isProven, amount]): ConversionReport => ({
    kind: 'report',
    id,
    rules: 2,
    status,
    ...(status === 'pending' && { pendingFor: Number.parseInt(id, 16) % 2 ? 'approval' : 'status-unknown' }),
    ...(status === 'rejected' && { reason: 'rejected-by-advertiser' }),
    sender: isProven ? 'proven' : 'unproven',
    terms: Number.parseInt(id, 16) % 3 ? flatTerms : shareTerms,
    ...(amount !== undefined && { amount }),
  }),
);
const decisions = fc
  .tuple(ids, fc.constantFrom('approve', 'reject', 'set-amount'), amounts)
  .map(([id, verdict, amount]) => decision(id, verdict, verdict === 'set-amount' ? (amount ?? '1') : amount));
/** The log has one event under an id. */
const histories = fc.uniqueArray(fc.oneof(reports, decisions), { selector: ({ id }) => id, maxLength: 12 });

describe('whatever the history of a conversion', () => {
  test('its standing is the same in every order of arrival, and however often each event arrives', () => {
    fc.assert(
      fc.property(
        histories.chain((history) =>
          fc.tuple(fc.constant(history), fc.shuffledSubarray([...history, ...history], { minLength: 0 })),
        ),
        ([history, again]) => {
          expect(conversionStanding([...again, ...history.toReversed()])).toEqual(conversionStanding(history));
        },
      ),
    );
  });

  test('a report alone never approves what was rejected, and never touches what an operator decided', () => {
    fc.assert(
      fc.property(histories, reports, (history, late) => {
        const before = conversionStanding(history);
        const lateId = `z${late.id}`;
        const after = conversionStanding([...history, { ...late, id: lateId }]);
        if (before === undefined) return;
        if (before.status === 'rejected' || before.status === 'reversed') expect(after?.status).toBe(before.status);
        if (before.amount !== undefined && late.sender === 'unproven') expect(after?.amount).toBe(before.amount);
        const isDecided = before.reason === 'rejected-by-operator';
        if (isDecided) expect(after?.reason).toBe('rejected-by-operator');
        expect(after?.firstId).toBe(before.firstId);
      }),
    );
  });
});

describe('money that reports bring', () => {
  const waiting = pending('a', 'pending-by-advertiser', { terms: shareTerms });

  test('an approval without the amount that the first report’s terms need waits for it', () => {
    expect(statusOf(waiting, report('b'))).toEqual(['pending', 'amount-missing']);
    expect(statusOf(waiting, report('b'), report('c', { amount: '5' }))).toEqual(['approved', undefined]);
  });

  test.each([
    ['a rejection without proof', rejected('b', { sender: 'unproven', amount: '100' })],
    ['a rejection that comes too late', pending('b', 'click-too-old', { rejectsTooLate: true, amount: '100' })],
  ])('%s brings none, so it approves nothing', (_, taken) => {
    const missing = pending('a', 'amount-missing', { terms: shareTerms });
    expect(conversionStanding([missing, taken])).toMatchObject({ status: 'pending', pendingFor: 'amount-missing' });
  });
});
