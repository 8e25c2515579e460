import { describe, expect, test } from 'vitest';
import { adjustmentKey } from '../../../../core/conversions/operator-events.ts';
import type { LoggedEvent } from '../../../../core/event/event.ts';
import { systemRandom } from '../../../../lambda/aws/system-random.ts';
import { type AdjustmentRow, adjustmentsOfFile } from '../../../../operator/commands/adjustments/adjustment-rows.ts';
import { countingAdjustments, planAdjustments } from '../../../../operator/commands/adjustments/plan-adjustments.ts';
import type { ConversionsPlace } from '../../../../operator/conversions/find-conversions.ts';
import { calendarOf } from '../../../../operator/figures/calendar.ts';
import { sampleCatalog } from '../../../core/tracking/ask.ts';
import { operatorKeys, operatorLine } from '../../../operator-lines.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { noOverCaps } from '../../some-conversions.ts';

const rules = {
  calendar: calendarOf('America/New_York'),
  nowMs: sampleMs,
  retentionDays: 1_095,
  catalog: sampleCatalog,
};
const header = 'reference,day,offer_id,affiliate_id,goal_id,currency,payout,revenue,note';
const row = 'INV-7,2026-11-20,15,145001,,USD,-12.50,,returned goods';

function read(rowText: string, more = rules) {
  const result = adjustmentsOfFile(`${header}\n${rowText}`, more);
  return result.kind === 'wrong' ? result.problems : result.rows.map(({ fields }) => fields);
}

function rowsIn(...texts: readonly string[]): readonly AdjustmentRow[] {
  const result = adjustmentsOfFile([header, ...texts].join('\n'), rules);
  if (result.kind === 'wrong') throw new Error(result.problems.join('\n'));
  return result.rows;
}

describe('a row', () => {
  test('counts at the start of its day in the time zone of the network', () => {
    expect(read(row)).toEqual([
      {
        ...{ reference: 'INV-7', day: '2026-11-20', day_at: Date.UTC(2026, 10, 20, 5), offer_id: 15, aff_id: 145001 },
        ...{ currency: 'USD', payout: '-12.50', revenue: '0', note: 'returned goods' },
      },
    ]);
  });

  test.each([
    [row.replace('INV-7', ''), 'lacks reference'],
    [row.replace('INV-7', '=HYPERLINK()'), /^the reference has other characters/],
    [row.replace('2026-11-20', '2026-11-31'), 'day "2026-11-31" is no day such as 2026-11-23 in America/New_York'],
    [row.replace('2026-11-20', '2026-11-24'), 'day 2026-11-24 has not begun in America/New_York'],
    [row.replace('2026-11-20', '2024-11-20'), 'day 2024-11-20 is more than 400 days ago'],
    [row.replace('USD', 'usd'), 'currency "usd" is no code of ISO 4217 such as USD'],
    [row.replace('USD', 'XXZ'), 'currency "XXZ" is no code of ISO 4217 such as USD'],
    [row.replace('-12.50', '-12.505'), 'payout -12.505: USD has 2 decimals'],
    [row.replace('-12.50', '+12.50'), 'payout "+12.50" is no amount such as 12.50 or -12.50'],
    [row.replace('-12.50', '0.00'), 'changes no money: give a payout or a revenue'],
    [row.replace(',15,', ',99,'), 'offer 99 is not in the published catalog'],
    [row.replace('145001', '99'), 'affiliate 99 is not in the published catalog'],
    [row.replace(',145001,,', ',145001,99,'), 'offer 15 has no goal 99'],
  ])('%s is refused', (text, problem) => {
    expect(read(text)).toEqual([
      typeof problem === 'string' ? `line 2: ${problem}` : expect.stringMatching(/^line 2: the reference/),
    ]);
  });

  test('may name the default goal by 0, as the list does', () => {
    expect(read(row.replace(',145001,,', ',145001,0,'))).toEqual(read(row));
  });

  test('in another currency than its offer is accepted with a warning', () => {
    expect(adjustmentsOfFile(`${header}\n${row.replace('USD', 'EUR')}`, rules)).toMatchObject({
      rows: [{ fields: { currency: 'EUR' } }],
      warnings: ['line 2: warning: EUR is not the currency of offer 15, which is USD'],
    });
  });

  test('of the list’s own output is taken back with a note', () => {
    const listed = 'offer_id,affiliate_id,goal_id,currency,day,payout,revenue,reference,booked_at,booked_by';
    const text = `${listed}\n15,145001,0,USD,2026-11-20,-12.50,0,INV-7,2026-11-21T00:00:00.000Z,Ada Example`;
    expect(adjustmentsOfFile(text, rules, 'returned goods')).toMatchObject({
      rows: [{ fields: { reference: 'INV-7', note: 'returned goods' } }],
      ignored: ['booked_at', 'booked_by'],
    });
    expect(adjustmentsOfFile(text, rules)).toEqual({ kind: 'wrong', problems: ['line 2: lacks note'] });
  });

  test('is refused for a day whose figures have expired', () => {
    expect(read(row.replace('2026-11-20', '2026-10-10'), { ...rules, retentionDays: 40 })).toEqual([
      'line 2: day 2026-10-10 is more than 40 days ago',
    ]);
  });

  test('may name an offer that the catalog no longer has, when the operator says so', () => {
    const { catalog: _, ...unlisted } = rules;
    expect(adjustmentsOfFile(`${header}\n${row.replace(',15,', ',99,')}`, unlisted).kind).toBe('rows');
  });

  test('has a reference of its own', () => {
    expect(read(`${row}\n${row}`)).toEqual(['line 3: reference INV-7 stands in line 2 already']);
  });
});

/** `known`: adjustments that are booked. */
function plan(rows: readonly AdjustmentRow[], ...known: readonly LoggedEvent[]) {
  const first = new Map(known.map((event) => [adjustmentKey(`${event['reference']}`), event.id]));
  const place: ConversionsPlace = {
    source: {
      withIds: async (ids) => known.filter(({ id }) => ids.has(id)),
      ofKeys: async () => new Map(),
      ofHours: async () => {},
      adjustmentsOf: async () => known,
    },
    addOverCaps: noOverCaps,
    indexes: [{ firstConversions: async (keys) => new Map([...first].filter(([key]) => keys.includes(key))) }],
    keys: operatorKeys,
    catalog: sampleCatalog,
  };
  const shell = { clock: { nowMs: () => sampleMs, sleep: async () => {} }, random: systemRandom };
  return planAdjustments(rows, place, shell);
}

function booked({ fields }: AdjustmentRow, changes: object = {}, seq = 1, isSigned = true): LoggedEvent {
  const draft = { type: 'adjustment', fields: { ...fields, ...changes } } as const;
  return JSON.parse(operatorLine(seq, sampleMs + seq, draft, isSigned));
}

describe('a plan', () => {
  const [known, fresh] = rowsIn(row, row.replace('INV-7', 'INV-8')) as [AdjustmentRow, AdjustmentRow];

  test('books only references that are new, and says what that comes to', async () => {
    const {
      events,
      known: knownCount,
      money,
      problems,
    } = await plan([known, fresh], booked(known, { payout: '-12.5' }));
    expect([knownCount, problems]).toEqual([1, []]);
    expect(events).toMatchObject([
      { type: 'adjustment', reference: 'INV-8', payout: '-12.50', note: 'returned goods' },
    ]);
    expect(money).toEqual([{ currency: 'USD', payoutMicros: -12_500_000n, revenueMicros: 0n }]);
  });

  test('names a reference that is booked with other content', async () => {
    const { problems } = await plan([known], booked(known, { payout: '-10' }));
    expect(problems).toEqual([
      'line 2: reference INV-7 is booked with other content: payout -10 and revenue 0 USD for offer 15, affiliate 145001, goal 0 on 2026-11-20',
    ]);
  });
});

test('a reference that an event of a revoked key has is refused, because the index keeps it', async () => {
  const [asked] = rowsIn(row) as [AdjustmentRow];
  const stolen = booked(asked, { payout: '-9000' }, 1, false);
  const { events, known, problems } = await plan([asked], stolen);
  expect({ events, known, problems }).toEqual({
    ...{ events: [], known: 0 },
    problems: [
      `line 2: reference INV-7 is taken by event ${stolen.id}, which no valid key has signed or which cannot be read: use another reference`,
    ],
  });
});

test('of several adjustments with one reference the earliest signed one counts', () => {
  const [one] = rowsIn(row) as [AdjustmentRow];
  const events = [booked(one, { payout: '-3' }, 3), booked(one, { payout: '-1' }, 1, false), booked(one, {}, 2)];
  expect(countingAdjustments(events, operatorKeys).map(({ fields }) => fields.payout)).toEqual(['-12.50']);
});
