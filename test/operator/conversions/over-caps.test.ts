import { describe, expect, test } from 'vitest';
import { dayCapsObject } from '../../../core/caps/day-caps.ts';
import { dueOf } from '../../../core/conversions/conversion-history.ts';
import { dayCapsKey } from '../../../core/ledger/object-keys.ts';
import { systemRandom } from '../../../lambda/aws/system-random.ts';
import { rowsOfIds } from '../../../operator/commands/conversions/decision-rows.ts';
import { historyLines } from '../../../operator/commands/conversions/history-text.ts';
import { moneyChanges, planDecisions } from '../../../operator/commands/conversions/plan-decisions.ts';
import { planLines } from '../../../operator/commands/conversions/plan-text.ts';
import { overCapsIn } from '../../../operator/conversions/over-caps.ts';
import { operatorKeys } from '../../operator-lines.ts';
import { sampleMs } from '../../sample-lines.ts';
import { FiguresDouble, row } from '../figures/figures-double.ts';
import { decision, historyOf, keyNumber, report } from '../some-conversions.ts';

const stamped = { caps: 'conversion_cap=1' };
const day = '2026-11-23';
const shell = { clock: { nowMs: () => sampleMs + 3_600_000, sleep: async () => {} }, random: systemRandom };
const caps = ['15/0/conversion_cap'];
const correction = row({}, { approved: -1n, over_cap: 1n });

/** Figures in which the conversion number 1 is over a cap. */
function figures(): FiguresDouble {
  const double = new FiguresDouble();
  const over = [{ id: report(1).id, caps, becomes: 'rejected' }] as const;
  const { digest, gzip } = dayCapsObject({ rows: [correction], over });
  double.objects.set(dayCapsKey(day, digest), gzip);
  double.countDay(day, [], { caps: { sources: '', object: digest } });
  return double;
}

async function known(...events: Parameters<typeof historyOf>[1][]) {
  const [history] = await overCapsIn([figures().reader()], () => day)([historyOf(1, ...events)]);
  if (history === undefined) throw new Error('the history is gone');
  return history;
}

async function plan(paysOverCap: boolean, ...events: Parameters<typeof historyOf>[1][]) {
  const read = rowsOfIds([keyNumber(1)], new Map(), 'approve');
  if (read.kind === 'wrong') throw new Error(read.problems.join());
  const rows = read.rows.map((one) => ({ ...one, ...(paysOverCap && { paysOverCap: true as const }) }));
  const found = [{ histories: [await known(...events)], mayBeMore: false, isSearched: false }];
  return planDecisions('approve', rows, found, shell);
}

describe('a conversion that a hard cap has no room for', () => {
  test('is not due, and its history names the cap', async () => {
    const history = await known(report(1, stamped));
    expect(dueOf(history)).toEqual({ payoutMicros: 0n, revenueMicros: 0n });
    const lines = historyLines(history, operatorKeys).join('\n');
    expect(lines).toContain('approved, over cap: not paid');
    expect(lines).toContain('15/0/conversion_cap has no room for it');
    expect(lines).toContain('USD, not due');
  });

  test('is not paid by an ordinary approval, and the plan says so', async () => {
    const made = await plan(false, report(1, stamped));
    expect(moneyChanges(made.changes)).toMatchObject([{ payoutMicros: 0n }]);
    expect(planLines('approve', 1, made).at(-1)).toContain('--over-cap pays them');
  });

  test('is paid by an approval that says so, once', async () => {
    const made = await plan(true, report(1, stamped));
    expect(made.changes[0]?.event).toMatchObject({ verdict: 'approve', over_cap: true });
    expect(moneyChanges(made.changes)).toMatchObject([{ payoutMicros: 2_500_000n }]);
    const again = await plan(true, report(1, stamped), decision(1, 'approve', { over_cap: true }));
    expect(again).toMatchObject({ changes: [], unchanged: 1 });
  });

  test('is the only one that --over-cap takes', async () => {
    const read = rowsOfIds([keyNumber(2)], new Map(), 'approve');
    const rows = read.kind === 'rows' ? read.rows.map((one) => ({ ...one, paysOverCap: true as const })) : [];
    const found = [{ histories: [historyOf(2, report(2))], mayBeMore: false, isSearched: false }];
    expect(planDecisions('approve', rows, found, shell).problems).toEqual([
      expect.stringContaining('over no hard cap'),
    ]);
  });
});

test('what a day takes out for caps comes with what the day adds to its hours', async () => {
  expect((await figures().reader().uniquesOf(day))?.payable).toEqual([correction]);
});

test('conversions without caps cost no read, and a region that cannot be read is passed over', async () => {
  const [dead, alive] = [figures(), figures()];
  dead.answer = { status: 503, code: 'SlowDown' };
  const add = overCapsIn([dead.reader(), alive.reader()], () => day);
  await add([historyOf(2, report(2))]);
  expect([dead.reads, alive.reads]).toEqual([[], []]);
  expect((await add([historyOf(1, report(1, stamped))]))[0]?.overCaps).toEqual(caps);
});
