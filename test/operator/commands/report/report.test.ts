import { describe, expect, test } from 'vitest';
import type { Counters, FiguresRow, RowKey } from '../../../../core/figures/row.ts';
import { csvLines, reportJson } from '../../../../operator/commands/report/report-for-programs.ts';
import {
  type ColumnName,
  canTellDayUniques,
  type Grouping,
  reportRows,
  totalRows,
} from '../../../../operator/commands/report/report-rows.ts';
import { reportTable } from '../../../../operator/commands/report/report-table.ts';
import { calendarOf } from '../../../../operator/figures/calendar.ts';
import type { DayUniques } from '../../../../operator/figures/read-figures.ts';
import { key } from '../../figures/some-items.ts';

const hours = ['2026-11-23T03', '2026-11-23T04', '2026-11-23T05'];

function grouping(columns: readonly ColumnName[], changes: Partial<Grouping> = {}): Grouping {
  return { columns, calendar: calendarOf('UTC'), hours, isFinal: () => true, ...changes };
}

function row(changes: Partial<RowKey>, counters: Counters): FiguresRow {
  return { key: key(changes), counters };
}

function reported(rows: readonly FiguresRow[], asked: Grouping) {
  return reportRows(rows, undefined, asked).map(({ cells, currency, counters, provisionalHours }) => ({
    cells,
    currency,
    ...Object.fromEntries(counters),
    ...(provisionalHours > 0 && { provisionalHours }),
  }));
}

describe('the lines of a report', () => {
  const rows = [
    row({ hour: '2026-11-23T03' }, { clicks: 1n, payout_micros: 10n }),
    row({ hour: '2026-11-23T04', affiliateId: 10 }, { clicks: 2n, 'reason:x': 1n }),
    row({ hour: '2026-11-23T04', offerId: 9, region: 'us-west-2' }, { clicks: 4n }),
  ];

  test('add up by any combination of columns, in the order of their values', () => {
    expect(reported(rows, grouping(['offer']))).toEqual([
      { cells: [9], currency: 'USD', clicks: 4n },
      { cells: [15], currency: 'USD', clicks: 3n, payout_micros: 10n, 'reason:x': 1n },
    ]);
    expect(reported(rows, grouping(['hour', 'affiliate'])).map(({ cells }) => cells)).toEqual([
      ['2026-11-23T03', 2],
      ['2026-11-23T04', 2],
      ['2026-11-23T04', 10],
    ]);
    expect(reported(rows, grouping(['region', 'goal'])).map(({ cells }) => cells)).toEqual([
      ['us-east-1', 0],
      ['us-west-2', 0],
    ]);
  });

  test('are never summed over currencies', () => {
    const two = [row({}, { payout_micros: 5n }), row({ currency: 'EUR' }, { payout_micros: 7n })];
    expect(reported(two, grouping(['offer']))).toEqual([
      { cells: [15], currency: 'EUR', payout_micros: 7n },
      { cells: [15], currency: 'USD', payout_micros: 5n },
    ]);
    const totals = totalRows(reportRows(two, undefined, grouping(['offer'])), grouping(['offer']));
    expect(totals.map(({ currency, counters }) => [currency, counters.get('payout_micros')])).toEqual([
      ['EUR', 7n],
      ['USD', 5n],
    ]);
  });

  test('belong to the days of the reporting time zone', () => {
    const asked = grouping(['day'], { calendar: calendarOf('America/New_York'), hours: [...hours, '2026-11-23T06'] });
    const late = [row({ hour: '2026-11-23T04' }, { clicks: 1n }), row({ hour: '2026-11-23T05' }, { clicks: 2n })];
    expect(reported(late, asked)).toEqual([
      { cells: ['2026-11-22'], currency: 'USD', clicks: 1n },
      { cells: ['2026-11-23'], currency: 'USD', clicks: 2n },
    ]);
  });

  test('are provisional while one of their hours is not final, with or without figures', () => {
    const isFinal = (hour: string) => hour === '2026-11-23T03';
    expect(reported(rows, grouping(['hour'], { isFinal }))).toEqual([
      { cells: ['2026-11-23T03'], currency: 'USD', clicks: 1n, payout_micros: 10n },
      { cells: ['2026-11-23T04'], currency: 'USD', clicks: 6n, 'reason:x': 1n, provisionalHours: 1 },
    ]);
    expect(reported(rows, grouping(['offer'], { isFinal }))[0]).toMatchObject({ provisionalHours: 2 });
    const yesterday = grouping(['day'], { isFinal, hours: ['2026-11-22T23', ...hours] });
    expect(reported(rows, yesterday)).toMatchObject([{ cells: ['2026-11-23'], provisionalHours: 2 }]);
  });

  test.each<[string, readonly ColumnName[], string, number]>([
    ['of the last hour, which has no row yet', ['hour'], '2026-11-23T05', 1],
    ['of two hours', ['hour'], '2026-11-23T04 2026-11-23T05', 2],
    ['of two days', ['day'], '2026-11-22T23 2026-11-23T04', 2],
  ])('are provisional in total while an hour is not final: %s', (_, columns, provisional, count) => {
    const isFinal = (hour: string) => !provisional.includes(hour);
    const asked = grouping(columns, { isFinal, hours: ['2026-11-22T23', ...hours] });
    const [total] = totalRows(reportRows(rows, undefined, asked), asked);
    expect(total?.provisionalHours).toBe(count);
  });
});

describe('visitors of a day', () => {
  const day = Array.from({ length: 24 }, (_, hour) => `2026-11-23T${String(hour).padStart(2, '0')}`);
  const uniques: readonly DayUniques[] = [
    { day: '2026-11-23', offerId: 15, affiliateId: 2, count: 3n },
    { day: '2026-11-23', offerId: 15, affiliateId: 3, count: 4n },
  ];
  const rows = [row({}, { clicks: 5n }), row({ affiliateId: 3, currency: 'EUR' }, { clicks: 6n })];

  test('are in the line of the currency that their clicks have', () => {
    const asked = grouping(['offer'], { hours: day });
    const lines = reportRows(rows, uniques, asked);
    expect(lines.map(({ currency, dayUniqueClicks }) => [currency, dayUniqueClicks])).toEqual([
      ['EUR', 4n],
      ['USD', 3n],
    ]);
    expect(totalRows(lines, asked).map(({ dayUniqueClicks }) => dayUniqueClicks)).toEqual([4n, 3n]);
  });

  test.each<[readonly ColumnName[], string, readonly string[], boolean]>([
    [['offer', 'affiliate', 'day'], 'UTC', day, true],
    [['hour'], 'UTC', day, false],
    [['goal'], 'UTC', day, false],
    [['region'], 'UTC', day, false],
    [['offer'], 'UTC', day.slice(1), false],
    [['offer'], 'UTC', day.slice(0, -1), false],
    [['day'], 'Europe/Berlin', day, false],
  ])('by %j in %s are given only where they are known (%#)', (columns, timeZone, asked, canTell) => {
    const of = grouping(columns, { calendar: calendarOf(timeZone), hours: asked });
    expect(canTellDayUniques(of, [])).toBe(canTell);
  });

  test.each<[readonly number[], boolean]>([
    [[7], false],
    [[7, 0], true],
  ])('of goals %j are given only when goal 0 is among them', (goals, canTell) => {
    expect(canTellDayUniques(grouping(['offer'], { hours: day }), goals)).toBe(canTell);
  });

  test('are not given while one of their hours is not final', () => {
    const isFinal = (hour: string) => hour !== '2026-11-23T23';
    expect(canTellDayUniques(grouping(['offer'], { hours: day, isFinal }), [])).toBe(false);
  });
});

describe('the output', () => {
  const asked = grouping(['offer'], { isFinal: (hour) => hour !== '2026-11-23T05' });
  const rows = reportRows(
    [
      row({}, { impressions: 200n, clicks: 50n, unique_clicks: 40n, approved: 2n, payout_micros: 5_000_000n }),
      row({ offerId: 9 }, { clicks: 8n, approved: 1n, rejected: 1n, 'reason:ip-not-allowed': 1n }),
      row({ offerId: 9 }, { pending: 3n, 'pending_for:approval': 1n, 'pending_for:amount-unclear': 2n }),
      row({ offerId: 9, hour: '2026-11-23T05' }, { revenue_micros: 1_234_567n }),
    ],
    undefined,
    asked,
  );

  test('for people leaves out empty columns', () => {
    expect(reportTable(rows, totalRows(rows, asked), ['offer'])).toEqual([
      'offer   impressions  clicks  unique     CTR  conversions      CR  pending  rejected  payout   revenue     profit     EPC  currency            figures',
      '9                 0       8       0                    1  12.50%        3         1    0.00  1.234567   1.234567    0.00       USD  PROVISIONAL (1 h)',
      '15              200      50      40  25.00%            2   4.00%        0         0    5.00      0.00      -5.00    0.10       USD  PROVISIONAL (1 h)',
      'in all          200      58      40  25.00%            3   5.17%        3         1    5.00  1.234567  -3.765433  0.0862       USD  PROVISIONAL (1 h)',
      'why rejected: ip-not-allowed 1',
      'why pending: amount-unclear 2, approval 1',
    ]);
  });

  test('is a line without a table when there are no figures', () => {
    expect(reportTable([], [], ['offer'])).toEqual(['no figures']);
  });

  test('for programs has everything, under fixed names', () => {
    const [header = '', ...lines] = csvLines(rows, ['offer']);
    expect(header).toBe(
      'offer_id,currency,provisional_hours,clicks,unique_clicks,rejected_clicks,previews,impressions,rejected_impressions,approved,pending,rejected,duplicates,tests,day_unique_clicks,payout,revenue,profit,ctr,cr,epc,rpc,reasons,pending_for',
    );
    expect(lines).toEqual([
      '9,USD,1,8,0,0,0,0,0,1,3,1,0,0,,0.00,1.234567,1.234567,,12.50%,0.00,0.1543,ip-not-allowed=1,amount-unclear=2 approval=1',
      '15,USD,1,50,40,0,0,200,0,2,0,0,0,0,,5.00,0.00,-5.00,25.00%,4.00%,0.10,0.00,,',
    ]);
  });

  test('as JSON has hours with the zone’s offset, and hours of UTC with a Z', () => {
    const calendar = calendarOf('America/New_York');
    const counts = { intakeEvents: 0, owedSegments: 0, uncountedSegments: 0, waitingEvents: 0 };
    const judged = { strandedEvents: 0, unexplainedEvents: 0, unconfirmedEvents: 0 };
    const [first = '', second = '', third = ''] = hours;
    const inUtc = { accountedHours: [third], overdueHours: [first], notLookedUpHours: [second] };
    const json = reportJson({
      region: 'us-east-1',
      grouping: grouping(['offer'], { calendar, isFinal: () => false }),
      rows: [],
      totals: [],
      notContained: { ...counts, ...judged, ...inUtc, unreachable: [] },
      failures: [],
    });
    expect(json.provisionalHours[0]).toBe('2026-11-22T22-05:00');
    expect(json.notContained).toMatchObject({
      accountedHours: ['2026-11-23T05Z'],
      overdueHours: ['2026-11-23T03Z'],
      notLookedUpHours: ['2026-11-23T04Z'],
    });
  });
});
