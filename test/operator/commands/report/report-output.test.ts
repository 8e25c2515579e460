import { describe, expect, test } from 'vitest';
import { textWidth } from '../../../../operator/cli/text-table.ts';
import { reportColumns } from '../../../../operator/commands/report/report-columns.ts';
import { csvLines, reportJson } from '../../../../operator/commands/report/report-for-programs.ts';
import { totalRows } from '../../../../operator/commands/report/report-rows.ts';
import { reportTable, type TableWishes } from '../../../../operator/commands/report/report-table.ts';
import { calendarOf } from '../../../../operator/figures/calendar.ts';
import { row } from '../../figures/figures-double.ts';
import { groupingOf, linesFrom, someNames } from './some-lines.ts';

const threeHours = ['2026-11-23T03', '2026-11-23T05'] as const;
const wishes: TableWishes = {
  groups: ['offer'],
  rangeOptions: '--from 2026-11-23T03Z --to 2026-11-23T05Z',
  from: 'figures',
  names: undefined,
  columns: 'usual',
  widthColumns: undefined,
};

describe('the output', () => {
  const asked = groupingOf(['offer'], threeHours, { isFinal: (hour) => hour !== '2026-11-23T05' });
  const rows = linesFrom(
    [
      row({}, { impressions: 200n, clicks: 50n, unique_clicks: 40n, approved: 2n, payout_micros: 5_000_000n }),
      row({ offerId: 9 }, { clicks: 8n, approved: 1n, rejected: 1n, 'reason:ip-not-allowed': 1n }),
      row({ offerId: 9 }, { pending: 3n, 'pending_for:approval': 1n, 'pending_for:amount-unclear': 2n }),
      row({ offerId: 9, hour: '2026-11-23T05' }, { revenue_micros: 1_234_567n }),
    ],
    asked,
  );

  const noCounts = { intakeEvents: 0, owedSegments: 0, uncountedSegments: 0, waitingEvents: 0, missingEvents: 0 };
  const noHours = { missingHours: [], unjudgedHours: [], overdueHours: [], notLookedUpHours: [] };
  const json = (made: Partial<Parameters<typeof reportJson>[0]>) =>
    reportJson({
      ...{
        region: 'us-east-1',
        from: 'figures',
        grouping: asked,
        rows: [],
        totals: [],
        provisional: [],
        notes: [],
        failures: [],
      },
      ...{ notContained: { ...noCounts, ...noHours, unreachable: [] } },
      ...made,
    });

  test('for people leaves out empty columns', () => {
    expect(reportTable(rows, totalRows(rows, asked), wishes)).toEqual([
      'offer   impressions  clicks  unique     CTR  conversions      CR  pending  rejected  payout   revenue     profit     EPC  currency            figures',
      '9                 0       8       0                    1  12.50%        3         1    0.00  1.234567   1.234567    0.00       USD  PROVISIONAL (1 h)',
      '15              200      50      40  25.00%            2   4.00%        0         0    5.00      0.00      -5.00    0.10       USD  PROVISIONAL (1 h)',
      'in all          200      58      40  25.00%            3   5.17%        3         1    5.00  1.234567  -3.765433  0.0862       USD  PROVISIONAL (1 h)',
      'why rejected: ip-not-allowed 1',
      'why pending: amount-unclear 2, approval 1',
    ]);
  });

  test('is a line without a table when there are no figures', () => {
    expect(reportTable([], [], wishes)).toEqual(['no figures']);
  });

  test('for programs has all columns, under fixed names', () => {
    const [header = '', ...lines] = csvLines(rows, asked);
    const names = header.split(',');
    expect(names).toEqual([
      ...['offer_id', 'offer_name', 'currency', 'corrects', 'provisional_hours'],
      ...reportColumns.map(({ name }) => name),
      ...['reasons', 'pending_for'],
    ]);
    const cells = lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [names[at], cell])));
    expect(cells).toMatchObject([
      {
        ...{ offer_id: '9', offer_name: '', currency: 'USD', provisional_hours: '1', clicks: '8', approved: '1' },
        ...{ payout: '0.00', revenue: '1.234567', ctr: '', cr: '12.50%', epc: '0.00', rpc: '0.1543' },
        ...{ reasons: 'ip-not-allowed=1', pending_for: 'amount-unclear=2 approval=1' },
      },
      { offer_id: '15', impressions: '200', profit: '-5.00', ctr: '25.00%', margin: '', day_unique_clicks: '' },
    ]);
  });

  test('as JSON has money as exact text, and null for what is empty', () => {
    const [first] = json({ rows }).rows;
    expect(first).toMatchObject({ clicks: 8, revenue: '1.234567', ctr: null, day_unique_clicks: null });
  });

  test('as JSON has times with the zone’s offset, and hours of UTC with a Z', () => {
    const calendar = calendarOf('America/New_York');
    const [first, second] = ['2026-11-23T03', '2026-11-23T04'];
    const inUtc = { missingHours: [first], unjudgedHours: [second], overdueHours: [first], notLookedUpHours: [second] };
    const made = json({
      grouping: groupingOf(['offer'], threeHours, { calendar, isFinal: () => false }),
      provisional: [{ hour: first, ageSeconds: 40, newSegments: 3 }, { hour: second }],
      notContained: { ...noCounts, ...inUtc, missingEvents: 1, unreachable: [] },
    });
    expect(made).toMatchObject({ from: '2026-11-22T22-05:00', to: '2026-11-23T00-05:00' });
    expect(made.provisionalHours).toEqual([
      { hour: '2026-11-23T03Z', ageSeconds: 40, newSegments: 3 },
      { hour: '2026-11-23T04Z', ageSeconds: null, newSegments: null },
    ]);
    expect(made.notContained).toMatchObject({
      missingHours: ['2026-11-23T03Z'],
      unjudgedHours: ['2026-11-23T04Z'],
      overdueHours: ['2026-11-23T03Z'],
      notLookedUpHours: ['2026-11-23T04Z'],
    });
  });
});

describe('the table', () => {
  const asked = groupingOf(['offer', 'affiliate'], threeHours, { names: someNames });
  const rows = linesFrom(
    [
      row({}, { clicks: 50n, approved: 2n, payout_micros: 5_000_000n, adjusted_payout_micros: -1_000_000n }),
      row({ affiliateId: 3 }, { clicks: 8n, conflicts: 1n, unsigned: 2n, pending: 4n }),
    ],
    asked,
  );
  const table = (changes: Partial<TableWishes>) =>
    reportTable(rows, totalRows(rows, asked), { ...wishes, groups: ['offer', 'affiliate'], ...changes });
  const columnsIn = (lines: readonly string[]) => lines[0]?.split(/ {2,}/);

  test('shows adjusted money, conflicts and unsigned events as soon as there are any', () => {
    const all = ['adjusted payout', 'net payout', 'conflicts', 'unsigned'];
    expect(columnsIn(table({}))).toEqual(expect.arrayContaining(all));
    expect(table({}).slice(-2)).toEqual([
      '1 conversion to decide on: keeptrack conversions list --status conflict --from 2026-11-23T03Z --to 2026-11-23T05Z',
      "2 events in an operator's name, not signed by a valid key: they change nothing",
    ]);
    const plain = linesFrom([row({}, { clicks: 1n })], asked);
    expect(columnsIn(reportTable(plain, [], wishes))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/net|unsigned/)]),
    );
  });

  test.each([60, 80, 100, 120, 160])(
    'never has a line longer than %i characters, and names what it leaves out',
    (widthColumns) => {
      const lines = table({ widthColumns });
      const end = lines.findIndex((line) => line.startsWith('left out'));
      const shown = lines.slice(0, end < 0 ? 4 : end);
      expect(shown).toHaveLength(4);
      expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(widthColumns);
      expect(columnsIn(lines)).toContain('clicks');
      if (widthColumns <= 80) expect(lines[end]).toMatch(/too narrow: .*pending.*--all-columns/);
    },
  );

  test('shows the asked columns, in further tables where they do not fit', () => {
    const columns = ['revenue', 'payout', 'cpa'];
    expect(columnsIn(table({ columns }))).toEqual([
      'offer',
      'affiliate',
      'revenue',
      'payout',
      'CPA',
      'currency',
      'figures',
    ]);
    const lines = table({ columns, widthColumns: 45 });
    expect(lines.filter((line) => line.startsWith('offer')).map((line) => line.split(/ {2,}/)[2])).toEqual(
      columns.map((name) => name.replace('cpa', 'CPA')),
    );
    const all = table({ columns: 'all', widthColumns: 100 });
    for (const { title } of reportColumns) expect(all.join('\n')).toContain(title);
    const tables = all.filter((line) => !line.includes('keeptrack'));
    expect(Math.max(...tables.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('shows money with the digits of its currency, and smaller parts where an amount has them', () => {
    const payouts = { JPY: 1_050_000_000n, BHD: 12_500_000n, USD: 1_234_567n };
    const paid = Object.entries(payouts).map(([currency, payout_micros]) => row({ currency }, { payout_micros }));
    const lines = reportTable(linesFrom(paid, asked), [], { ...wishes, columns: ['payout'] });
    expect(lines.slice(1).map((line) => line.split(/ {2,}/).slice(-3, -1))).toEqual([
      ['12.500', 'BHD'],
      ['1050', 'JPY'],
      ['1.234567', 'USD'],
    ]);
  });

  test('shows names beside ids, shortened, and no code of a name reaches the terminal', () => {
    const named = groupingOf(['offer', 'advertiser', 'goal'], threeHours, {
      names: { ...someNames, offer: () => 'Summer shoes of the whole long year' },
    });
    const lines = linesFrom([row({ goalId: 4 }, { approved: 1n })], named);
    const [, line = ''] = reportTable(lines, [], { ...wishes, groups: named.groups, names: named.names });
    expect(line).toContain('15 Summer shoes of the who…');
    expect(line).toContain('3 Shoes \\x1b[2JLtd');
    expect(line).toContain('4 Signup');
  });

  test('has straight columns also with names that are written in wide characters', () => {
    const names = {
      ...someNames,
      affiliate: (id: number) => (id === 2 ? '株式会社アフィリエイトネットワークス' : 'Zoë'),
    };
    const groups = ['affiliate'] as const;
    const lines = linesFrom([row({}, { clicks: 1n }), row({ affiliateId: 3 }, { clicks: 1n })], groupingOf(groups));
    const [, first = '', second = ''] = reportTable(lines, [], { ...wishes, groups, names });
    expect(first).toMatch(/^2 株式会社アフィリエイト… /);
    expect(textWidth(first)).toBe(textWidth(second));
  });

  test('as CSV has names in columns of their own, and none of them is a formula', () => {
    const [header, line] = csvLines(rows, asked);
    expect(header).toMatch(/^offer_id,offer_name,affiliate_id,affiliate_name,currency/);
    expect(line).toMatch(/^15,Summer shoes,2,"'=cmd\|""x""!A1",USD/);
  });

  test('marks corrections of a closed period, which have no ratios', () => {
    const lines = linesFrom(
      [{ ...row({}, { clicks: 4n, approved: -1n, payout_micros: -2_500_000n }), corrects: '2026-10' }],
      asked,
    );
    const [header = '', line = ''] = reportTable(lines, [], { ...wishes, groups: asked.groups });
    expect(line).toMatch(/-1 +-2\.50 .*corrections of 2026-10$/);
    expect(header).not.toContain('CR');
  });
});
