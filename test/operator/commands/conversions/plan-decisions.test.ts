import { describe, expect, test } from 'vitest';
import type { ConversionHistory } from '../../../../core/conversions/conversion-history.ts';
import { mintTransactionId } from '../../../../core/event/transaction-id.ts';
import { uuidTimeMs } from '../../../../core/event/uuid.ts';
import { systemRandom } from '../../../../lambda/aws/system-random.ts';
import { listColumns } from '../../../../operator/commands/conversions/conversion-columns.ts';
import { rowsOfFile, rowsOfIds, type Verdict } from '../../../../operator/commands/conversions/decision-rows.ts';
import { moneyChanges, planDecisions } from '../../../../operator/commands/conversions/plan-decisions.ts';
import { keys } from '../../../core/tracking/ask.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { decision, historyOf, keyNumber, report, waiting, withShare } from '../../some-conversions.ts';

const shell = { clock: { nowMs: () => sampleMs + 3_600_000, sleep: async () => {} }, random: systemRandom };

/** Plans the rows of a file about histories, each row with those that it finds. */
function plan(verdict: Verdict, file: string, ...found: readonly (readonly ConversionHistory[])[]) {
  const read = rowsOfFile(file, verdict, listColumns);
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  const meant = found.map((histories) => ({ histories, mayBeMore: false, isSearched: false }));
  return planDecisions(verdict, read.rows, meant, shell);
}

const header = 'conversion,amount,payout,revenue,note';

describe('a plan', () => {
  test('says what each row changes, and what that comes to by currency', () => {
    const euro = { ...waiting, currency: 'EUR' };
    const { changes, unchanged, problems } = plan(
      'approve',
      `${header}\n${keyNumber(1)},,,,\n${keyNumber(2)},,1,,fair\n${keyNumber(3)},,,,`,
      [historyOf(1, report(1, waiting))],
      [historyOf(2, report(2, euro))],
      [historyOf(3, report(3))],
    );
    expect([unchanged, problems]).toEqual([0, []]);
    expect(changes.map(({ row, after }) => [row.place, after.standing.status])).toEqual([
      ['line 2', 'approved'],
      ['line 3', 'approved'],
      // Nothing is due because of it, but from now on a rejection by the advertiser is a conflict.
      ['line 4', 'approved'],
    ]);
    expect(changes[1]?.event).toMatchObject({
      ...{ type: 'decision', region: 'operator', rules: 2, verdict: 'approve', conversion_key: keyNumber(2) },
      ...{ conversion_id: report(2).id, offer_id: 15, aff_id: 7, payout: '1', note: 'fair' },
    });
    expect(moneyChanges(changes)).toEqual([
      { currency: 'EUR', payoutMicros: 1_000_000n, revenueMicros: 3_750_000n },
      { currency: 'USD', payoutMicros: 2_500_000n, revenueMicros: 3_750_000n },
    ]);
  });

  test('takes money away where something is rejected that was approved', () => {
    const { changes } = plan('reject', `${header}\n${keyNumber(1)},,,,`, [historyOf(1, report(1))]);
    expect(changes[0]?.after.standing).toMatchObject({ status: 'reversed', reason: 'rejected-by-operator' });
    expect(moneyChanges(changes)[0]).toMatchObject({ payoutMicros: -2_500_000n });
  });

  test('of the same file again has nothing to send, also when an amount is written otherwise', () => {
    const approved = historyOf(1, report(1, waiting), decision(1, 'approve', { amount: '10.50' }));
    expect(plan('approve', `${header}\n${keyNumber(1)},10.5,,,`, [approved])).toMatchObject({
      changes: [],
      unchanged: 1,
    });
    const rejected = historyOf(1, report(1), decision(1, 'reject'));
    expect(plan('reject', `${header}\n${keyNumber(1)},,,,`, [rejected])).toMatchObject({ changes: [], unchanged: 1 });
  });

  test('decides again where a later rejection of the advertiser is a conflict', () => {
    const proven = report(1, { status: 'rejected', reason: 'rejected-by-advertiser' }, sampleMs + 120_000);
    const disputed = historyOf(1, report(1, waiting), decision(1, 'approve'), proven);
    expect(disputed.standing.conflicts).toHaveLength(1);
    const { changes } = plan('approve', `${header}\n${keyNumber(1)},,,,`, [disputed]);
    expect(changes[0]?.after.standing).toMatchObject({ status: 'approved', conflicts: [] });
  });

  test('makes decisions that are later than what the operator saw, even with a clock that is behind', () => {
    const ahead = sampleMs + 7_200_000;
    const { changes } = plan('reject', `${header}\n${keyNumber(1)},,,,`, [historyOf(1, report(1, waiting, ahead))]);
    expect(uuidTimeMs(changes[0]?.event.id ?? '')).toBe(ahead + 1);
  });

  test('refuses every row that cannot be carried out, and says why', () => {
    const share = historyOf(4, report(4, { ...waiting, ...withShare }));
    const { currency: _, ...lost } = report(5, waiting);
    const yen = historyOf(6, report(6, { ...waiting, currency: 'JPY' }));
    const file = [
      header,
      `${keyNumber(1)},,,,`,
      `${keyNumber(2)},,,,`,
      `${keyNumber(3)},,,,`,
      `${report(3).id},,,,`,
      `${keyNumber(4)},,,,`,
      `${keyNumber(5)},,1,1,`,
      `${keyNumber(6)},,1.5,,`,
    ].join('\n');
    const several = [historyOf(2, report(2)), historyOf(7, report(7, { goal_id: 9 }))];
    const third = historyOf(3, report(3, waiting));
    const { problems } = plan('approve', file, [], several, [third], [third], [share], [historyOf(5, lost)], [yen]);
    expect(problems).toEqual([
      'line 2: no such conversion is known; what came in within the last minutes may be missing',
      `line 3: the transaction has at least 2 conversions: name one of ${keyNumber(2)} (goal 0), ${keyNumber(7)} (goal 9)`,
      'line 5: the same conversion as line 4',
      'line 6: nobody knows what it pays: give an amount, or payout and revenue',
      'line 7: has no currency, because the catalog did not know its offer: book an adjustment instead',
      'line 8: payout 1.5: JPY has 0 decimals',
    ]);
  });

  test('approves a share of an unknown amount once an amount is given', () => {
    const share = historyOf(4, report(4, { ...waiting, ...withShare }));
    const { changes } = plan('approve', `${header}\n${keyNumber(4)},80,,,`, [share]);
    expect(changes[0]?.after.worth).toMatchObject({ payoutMicros: 8_000_000n });
  });
});

describe('rows', () => {
  const identity = { clickedAtMs: sampleMs, region: 'us-east-1', offerId: 15, affiliateId: 7 };
  const transactionId = mintTransactionId(identity, new Uint8Array(5), keys);

  test('name conversions by any id', () => {
    const file = `conversion,transaction_id,goal_id,conversion_unique_id\n${keyNumber(1)},,,\n,${transactionId},7,order 1`;
    const read = rowsOfFile(file, 'approve', listColumns);
    expect(read.kind === 'rows' && read.rows.map(({ reference }) => reference)).toEqual([
      { kind: 'key', key: keyNumber(1) },
      { kind: 'transaction', transactionId, goalId: 7, uniqueId: 'order 1' },
    ]);
  });

  test('may be those of conversions list, of which only the first column is used', () => {
    const file = `${listColumns.join(',')}\n${keyNumber(1)}${','.repeat(listColumns.length - 1)}`;
    expect(rowsOfFile(file, 'approve', listColumns)).toMatchObject({ rows: [{ money: {} }] });
  });

  test.each<[Verdict, string, string]>([
    ['approve', ',,,,', 'names no conversion'],
    ['approve', '=1+1,,,,', '"=1+1" is no transaction id, no event id and no conversion key'],
    ['approve', `${keyNumber(1)},-5,,,`, 'amount "-5" is no amount such as 12.50'],
    ['approve', `${keyNumber(1)},"1,5",,,`, 'amount "1,5" is no amount such as 12.50'],
    ['approve', `${keyNumber(1)},=2+2,,,`, 'amount "=2+2" is no amount such as 12.50'],
    ['reject', `${keyNumber(1)},,1,2,`, 'a rejection has no payout and no revenue'],
    ['set-amount', `${keyNumber(1)},,,,why`, 'gives no amount, no payout and no revenue'],
    ['reject', `${keyNumber(1)},,,,${'x'.repeat(501)}`, 'the note is longer than 500 characters'],
  ])('to %s with %s are refused', (verdict, row, problem) => {
    expect(rowsOfFile(`${header}\n${row}`, verdict, listColumns)).toEqual({
      kind: 'wrong',
      problems: [`line 2: ${problem}`],
    });
  });

  test('may come from the command line, all with the same values', () => {
    expect(rowsOfIds([keyNumber(1), report(2).id], new Map([['note', 'checked']]), 'approve')).toMatchObject({
      rows: [
        { place: keyNumber(1), note: 'checked' },
        { place: report(2).id, note: 'checked' },
      ],
    });
    expect(rowsOfIds([], new Map(), 'approve')).toMatchObject({ problems: ['no conversion is named'] });
  });
});
