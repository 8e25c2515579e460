import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../../../core/event/event.ts';
import { historyLines } from '../../../../operator/commands/conversions/history-text.ts';
import { operatorKeys } from '../../../operator-lines.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { decision, historyOf, keyNumber, report, waiting } from '../../some-conversions.ts';

test('a history says what was reported, who decided, what it comes to, and what somebody has to look at', () => {
  const rejection = report(1, { status: 'rejected', reason: 'rejected-by-advertiser' }, sampleMs + 120_000);
  const { sender: _, ...withoutProof } = report(
    1,
    { status: 'rejected', reason: 'sender-unproven' },
    sampleMs + 180_000,
  );
  const refused = withoutProof as LoggedEvent;
  const approval = decision(1, 'approve', { amount: '80', note: 'by phone' });
  const forged = decision(1, 'reject', {}, sampleMs + 240_000, false);
  const lines = historyLines(historyOf(1, report(1, waiting), approval, rejection, refused, forged), operatorKeys);
  expect(lines).toEqual([
    `conversion ${keyNumber(1)}`,
    '  stands    approved, 1 conflict: offer 15, affiliate 7, goal 0',
    '  money     payout 2.50, revenue 3.75 USD, due; amount of the sale 80',
    `  conflict  the advertiser rejects what an operator decided (${rejection.id}); decide again`,
    `  2026-11-23T05:10:00.000Z  report pending (approval), sender proven  ${report(1).id}`,
    `  2026-11-23T05:11:00.000Z  decision approve by ann, amount 80, note "by phone"  ${approval.id}`,
    `  2026-11-23T05:12:00.000Z  report rejected (rejected-by-advertiser), sender proven  ${rejection.id}`,
    `  2026-11-23T05:13:00.000Z  report rejected (sender-unproven); does NOT count: refused, sender-unproven  ${refused.id}`,
    `  2026-11-23T05:14:00.000Z  decision reject by nobody known; does NOT count: no published key has signed it  ${forged.id}`,
  ]);
});
