import { describe, expect, test } from 'vitest';
import { hourMs, hourName } from '../../../core/log/log-key.ts';
import { noNames } from '../../../operator/commands/report/catalog-names.ts';
import type { GroupName } from '../../../operator/commands/report/report-groups.ts';
import { ReportLines } from '../../../operator/commands/report/report-rows.ts';
import { hoursTouchedBy, readRange } from '../../../operator/figures/quarter-range.ts';
import { readFigures } from '../../../operator/figures/read-figures.ts';
import { FiguresDouble, row } from './figures-double.ts';

/** Reports of real figures objects, with 1 click in the first quarter of each hour of UTC, 10 in the second and so on. */
const clicksOf = [1n, 10n, 100n, 1_000n] as const;

async function reported(timeZone: string, day: string, groups: readonly GroupName[]) {
  const figures = new FiguresDouble();
  const aroundMs = Date.parse(`${day}T00:00:00Z`) - 24 * hourMs;
  for (let index = 0; index < 72; index += 1) {
    const hour = hourName(aroundMs + index * hourMs);
    figures.count(
      hour,
      clicksOf.map((clicks, quarter) => row({ hour, quarter }, { clicks })),
    );
  }
  const read = readRange({ from: day, to: day }, timeZone, aroundMs + 96 * hourMs);
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  const { range, calendar } = read;
  const hours = hoursTouchedBy(range);
  const lines = new ReportLines({ groups, calendar, names: noNames });
  const reader = figures.reader();
  const question = { range, offers: [], affiliates: [], goals: [] };
  await readFigures(reader, question, await reader.hourStates(hours), (rows) => lines.add(rows));
  const grouping = { groups, names: noNames, calendar, range, hours, isFinal: () => true };
  return lines.lines(undefined, grouping).map(({ cells, counters }) => [cells[0], counters.get('clicks')] as const);
}

describe('a day has each of its quarters once, and no other day’s', () => {
  test.each<[string, string, readonly [bigint, bigint, bigint, bigint]]>([
    ['UTC', '2026-11-22', [24n, 24n, 24n, 24n]],
    ['Asia/Kolkata', '2026-11-22', [24n, 24n, 24n, 24n]],
    ['Asia/Kathmandu', '2026-11-22', [24n, 24n, 24n, 24n]],
    // Clocks go forward and back by an hour.
    ['Europe/Berlin', '2026-03-29', [23n, 23n, 23n, 23n]],
    ['Europe/Berlin', '2026-10-25', [25n, 25n, 25n, 25n]],
    ['America/New_York', '2026-03-08', [23n, 23n, 23n, 23n]],
    ['America/New_York', '2026-11-01', [25n, 25n, 25n, 25n]],
    // By half an hour: 23.5 and 24.5 hours.
    ['Australia/Lord_Howe', '2026-10-04', [23n, 23n, 24n, 24n]],
    ['Australia/Lord_Howe', '2026-04-05', [25n, 25n, 24n, 24n]],
  ])('%s %s', async (timeZone, day, quarters) => {
    const clicks = quarters.reduce((sum, count, index) => sum + count * (clicksOf[index] ?? 0n), 0n);
    expect(await reported(timeZone, day, ['day'])).toEqual([[day, clicks]]);
  });
});

describe('by hour', () => {
  test('a zone with hours from :30 on has 24 hours, each with four quarters of two hours of UTC', async () => {
    const lines = await reported('Asia/Kolkata', '2026-11-22', ['hour']);
    expect(lines).toHaveLength(24);
    expect(lines[0]).toEqual(['2026-11-22T00+05:30', 1_111n]);
    expect(new Set(lines.map(([, clicks]) => clicks))).toEqual(new Set([1_111n]));
  });

  test('the hour that comes twice in autumn is two lines, in the order of time', async () => {
    const lines = await reported('Europe/Berlin', '2026-10-25', ['hour']);
    expect(lines).toHaveLength(25);
    expect(lines.slice(2, 5)).toEqual([
      ['2026-10-25T02+02:00', 1_111n],
      ['2026-10-25T02+01:00', 1_111n],
      ['2026-10-25T03+01:00', 1_111n],
    ]);
  });

  test('the hour that spring leaves out is no line', async () => {
    const lines = await reported('America/New_York', '2026-03-08', ['hour']);
    expect(lines).toHaveLength(23);
    expect(lines.slice(1, 3).map(([hour]) => hour)).toEqual(['2026-03-08T01-05:00', '2026-03-08T03-04:00']);
  });

  test('a day that is half an hour short begins an hour in the middle', async () => {
    const lines = await reported('Australia/Lord_Howe', '2026-10-04', ['hour']);
    expect(lines.slice(1, 4)).toEqual([
      ['2026-10-04T01+10:30', 1_111n],
      ['2026-10-04T02+11:00', 1_100n],
      ['2026-10-04T03+11:00', 1_111n],
    ]);
  });
});
