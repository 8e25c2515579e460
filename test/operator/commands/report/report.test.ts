import { describe, expect, test } from 'vitest';
import { limits } from '../../../../core/limits/limits.ts';
import type { GroupName } from '../../../../operator/commands/report/report-groups.ts';
import {
  canTellDayUniques,
  daysIn,
  type Grouping,
  ReportLines,
  totalRows,
} from '../../../../operator/commands/report/report-rows.ts';
import { calendarOf } from '../../../../operator/figures/calendar.ts';
import { FiguresFailure } from '../../../../operator/figures/figures-reader.ts';
import { row } from '../../figures/figures-double.ts';
import { groupingOf, linesFrom } from './some-lines.ts';

const threeHours = ['2026-11-23T03', '2026-11-23T05'] as const;
const wholeDay = ['2026-11-23T00', '2026-11-23T23'] as const;

function grouping(columns: readonly GroupName[], changes: Partial<Grouping> = {}): Grouping {
  return groupingOf(columns, threeHours, changes);
}

function reported(rows: Parameters<typeof linesFrom>[0], asked: Grouping) {
  return linesFrom(rows, asked).map(({ cells, currency, counters, provisionalHours }) => ({
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
    const totals = totalRows(linesFrom(two, grouping(['offer'])), grouping(['offer']));
    expect(totals.map(({ currency, counters }) => [currency, counters.get('payout_micros')])).toEqual([
      ['EUR', 7n],
      ['USD', 5n],
    ]);
  });

  test('belong to the days of the reporting time zone', () => {
    const asked = groupingOf(['day'], ['2026-11-23T03', '2026-11-23T06'], { calendar: calendarOf('America/New_York') });
    const late = [row({ hour: '2026-11-23T04' }, { clicks: 1n }), row({ hour: '2026-11-23T05' }, { clicks: 2n })];
    expect(reported(late, asked)).toEqual([
      { cells: ['2026-11-22'], currency: 'USD', clicks: 1n },
      { cells: ['2026-11-23'], currency: 'USD', clicks: 2n },
    ]);
  });

  test('belong to the hours and days of a zone whose hours begin at :30 or :45 of UTC', () => {
    const quarters = [0, 1, 2, 3].map((quarter) => row({ hour: '2026-11-22T18', quarter }, { clicks: 1n }));
    const asked = (columns: readonly GroupName[], zone: string) =>
      groupingOf(columns, ['2026-11-22T18', '2026-11-22T18'], { calendar: calendarOf(zone) });
    expect(reported(quarters, asked(['hour'], 'Asia/Kolkata'))).toEqual([
      { cells: ['2026-11-22T23+05:30'], currency: 'USD', clicks: 2n },
      { cells: ['2026-11-23T00+05:30'], currency: 'USD', clicks: 2n },
    ]);
    expect(reported(quarters, asked(['day'], 'Asia/Kathmandu'))).toEqual([
      { cells: ['2026-11-22'], currency: 'USD', clicks: 1n },
      { cells: ['2026-11-23'], currency: 'USD', clicks: 3n },
    ]);
  });

  test('are provisional by each hour of the zone that a provisional hour of UTC is part of', () => {
    const calendar = calendarOf('Asia/Kolkata');
    const range = { fromMs: Date.UTC(2026, 10, 22, 17, 30), toMs: Date.UTC(2026, 10, 22, 18, 45) };
    const asked = groupingOf(['hour'], threeHours, { calendar, range, isFinal: (hour) => hour === '2026-11-22T17' });
    const quarters = ['2026-11-22T17', '2026-11-22T18'].map((hour) => row({ hour, quarter: 2 }, { clicks: 1n }));
    expect(reported(quarters, asked).map(({ provisionalHours }) => provisionalHours)).toEqual([1, 1]);
  });

  test('are refused when there are more than a table can have', () => {
    const lines = new ReportLines(grouping(['offer']));
    const rows = Array.from({ length: limits.report.rowsMax + 1 }, (_, index) => row({ offerId: index }, {}));
    expect(() => lines.add(rows)).toThrow(FiguresFailure);
  });

  test('are provisional while one of their hours is not final, with or without figures', () => {
    const isFinal = (hour: string) => hour === '2026-11-23T03';
    expect(reported(rows, grouping(['hour'], { isFinal }))).toEqual([
      { cells: ['2026-11-23T03'], currency: 'USD', clicks: 1n, payout_micros: 10n },
      { cells: ['2026-11-23T04'], currency: 'USD', clicks: 6n, 'reason:x': 1n, provisionalHours: 1 },
    ]);
    expect(reported(rows, grouping(['offer'], { isFinal }))[0]).toMatchObject({ provisionalHours: 2 });
    const yesterday = groupingOf(['day'], ['2026-11-22T23', '2026-11-23T05'], { isFinal });
    expect(reported(rows, yesterday)).toMatchObject([{ cells: ['2026-11-23'], provisionalHours: 5 }]);
  });

  test.each<[string, readonly GroupName[], string, number]>([
    ['of the last hour, which has no row yet', ['hour'], '2026-11-23T05', 1],
    ['of two hours', ['hour'], '2026-11-23T04 2026-11-23T05', 2],
    ['of two days', ['day'], '2026-11-22T23 2026-11-23T04', 2],
  ])('are provisional in total while an hour is not final: %s', (_, columns, provisional, count) => {
    const isFinal = (hour: string) => !provisional.includes(hour);
    const asked = groupingOf(columns, ['2026-11-22T23', '2026-11-23T05'], { isFinal });
    const [total] = totalRows(linesFrom(rows, asked), asked);
    expect(total?.provisionalHours).toBe(count);
  });
});

describe('visitors of a day', () => {
  const rows = [row({}, { clicks: 5n }), row({ affiliateId: 3, currency: 'EUR' }, { clicks: 6n })];
  const ofDay = [
    { offerId: 15, affiliateId: 2, visitors: 3 },
    { offerId: 15, affiliateId: 3, visitors: 4 },
  ];
  const uniques = [{ day: '2026-11-23', timeZone: 'UTC', isWhole: true, uniques: ofDay, payable: [] }];

  test('are in the line of the currency that their clicks have', () => {
    const asked = groupingOf(['day', 'offer'], wholeDay);
    const lines = linesFrom(rows, asked, uniques);
    expect(lines.map(({ cells, currency, dayUniqueClicks }) => [...cells, currency, dayUniqueClicks])).toEqual([
      ['2026-11-23', 15, 'EUR', 4n],
      ['2026-11-23', 15, 'USD', 3n],
    ]);
    expect(totalRows(lines, asked).map(({ dayUniqueClicks }) => dayUniqueClicks)).toEqual([4n, 3n]);
  });

  test.each<[readonly GroupName[], string, readonly [string, string], boolean]>([
    [['offer', 'affiliate', 'day'], 'UTC', wholeDay, true],
    [['hour'], 'UTC', wholeDay, false],
    [['goal'], 'UTC', wholeDay, false],
    [['region'], 'UTC', wholeDay, false],
    [['offer'], 'UTC', ['2026-11-23T01', '2026-11-23T23'], false],
    [['offer'], 'UTC', ['2026-11-23T00', '2026-11-23T22'], false],
    [['day'], 'Europe/Berlin', wholeDay, false],
    [['day'], 'Europe/Berlin', ['2026-11-22T23', '2026-11-23T22'], true],
  ])('by %j in a network of %s, for %j, are given: %s', (columns, timeZone, of, canTell) => {
    const asked = groupingOf(columns, of, { calendar: calendarOf(timeZone) });
    expect(canTellDayUniques(asked, [], timeZone)).toBe(canTell);
    expect(canTellDayUniques(asked, [], 'Asia/Tokyo')).toBe(false);
  });

  test('are of the days of a zone whose hours begin at :30, for the hours that have figures', () => {
    const calendar = calendarOf('Asia/Kolkata');
    const range = { fromMs: Date.UTC(2026, 10, 21, 18, 30), toMs: Date.UTC(2026, 10, 23, 18, 15) };
    const asked = groupingOf(['day'], wholeDay, { calendar, range });
    expect(canTellDayUniques(asked, [], 'Asia/Kolkata')).toBe(true);
    expect(daysIn(asked, () => true)).toEqual(['2026-11-22', '2026-11-23']);
    expect(daysIn(asked, (hour) => hour === '2026-11-23T00')).toEqual(['2026-11-23']);
  });

  test.each<[readonly number[], boolean]>([
    [[7], false],
    [[7, 0], true],
  ])('of goals %j are given only when goal 0 is among them', (goals, canTell) => {
    expect(canTellDayUniques(groupingOf(['offer'], wholeDay), goals, 'UTC')).toBe(canTell);
  });

  test('are not given while one of their hours is not final', () => {
    const isFinal = (hour: string) => hour !== '2026-11-23T23';
    expect(canTellDayUniques(groupingOf(['offer'], wholeDay, { isFinal }), [], 'UTC')).toBe(false);
  });
});
