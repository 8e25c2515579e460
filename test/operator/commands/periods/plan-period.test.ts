import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { operatorEvent } from '../../../../core/conversions/operator-events.ts';
import type { FiguresRow } from '../../../../core/figures/row.ts';
import { RowSum } from '../../../../core/figures/row-sum.ts';
import { figuresKey } from '../../../../core/ledger/object-keys.ts';
import { hourMs, hourName, parseHourName } from '../../../../core/log/log-key.ts';
import { daysBetween, nextDay } from '../../../../core/periods/closed-periods.ts';
import { readStatement, type StatedPeriod, statementObject } from '../../../../core/periods/statement.ts';
import { type Closing, planPeriod, whyNotThese } from '../../../../operator/commands/periods/plan-period.ts';
import { type Calendar, calendarOf } from '../../../../operator/figures/calendar.ts';
import { correctingRows, correctionsSince, dayOfRow } from '../../../../operator/figures/corrections.ts';
import { hoursTouchedBy, rangeOfDays } from '../../../../operator/figures/quarter-range.ts';
import { firstQuarterOf } from '../../../../operator/figures/stated-days.ts';
import { FiguresDouble, retentionDays, row } from '../../figures/figures-double.ts';

const laterMs = Date.UTC(2027, 0, 1);
const shell = { clock: { nowMs: () => laterMs }, progress: () => {} };
/** Knows of no hour in the log: what has no figures is empty. */
const emptyLog = { nextHour: async () => ({ kind: 'ok', value: undefined }) as const };

let [east, west] = [new FiguresDouble('us-east-1'), new FiguresDouble('us-west-2')];
beforeEach(() => {
  [east, west] = [new FiguresDouble('us-east-1'), new FiguresDouble('us-west-2')];
});

function closing(from: string, to: string, changes: Partial<Closing> = {}): Closing {
  const region = (figures: FiguresDouble) => ({ reader: figures.reader(), log: emptyLog });
  const regions = [region(east), region(west)] as const;
  return { from, to, calendar: calendarOf('UTC'), stated: [], regions, ...changes };
}

/** What is paid for the visitors of a day, in both regions. */
function countDay(day: string, payable: readonly FiguresRow[], changes = {}): void {
  for (const figures of [east, west]) figures.countDay(day, [], changes, payable);
}

/** Both regions count the same. */
function count(hour: string, rows: readonly FiguresRow[], changes = {}): void {
  for (const figures of [east, west]) figures.count(hour, rows, changes);
}

async function closed(asked: Closing): Promise<StatedPeriod> {
  const planned = await planPeriod(asked, shell);
  if (planned.kind === 'refused') throw new Error(planned.problems.join('\n'));
  const { digest, gzip } = statementObject(planned.statement);
  const statement = readStatement(gzip);
  if (statement === undefined) throw new Error('the statement cannot be read');
  const { from, to, calendar } = asked;
  const fields = { from, to, time_zone: calendar.timeZone, statement: digest };
  const event = operatorEvent({ type: 'period', fields }, laterMs, new Uint8Array(10));
  return {
    statement,
    period: { from, to, timeZone: calendar.timeZone, statement: digest, closedAtMs: laterMs, event },
  };
}

describe('a statement', () => {
  test('has the figures of its days, by day, offer, affiliate, goal and currency', async () => {
    count('2026-10-01T05', [
      row({ hour: '2026-10-01T05' }, { clicks: 1n }),
      row({ hour: '2026-10-01T05', quarter: 3, region: 'us-west-2' }, { clicks: 2n }),
    ]);
    count('2026-10-02T23', [row({ hour: '2026-10-02T23', offerId: 16, currency: 'EUR' }, { payout_micros: 5n })]);
    const { statement } = await closed(closing('2026-10-01', '2026-10-02'));
    expect(statement.rows).toEqual([
      row({ hour: '2026-10-01T00', region: '' }, { clicks: 3n }),
      row({ hour: '2026-10-02T00', region: '', offerId: 16, currency: 'EUR' }, { payout_micros: 5n }),
    ]);
    expect(statement.days.map(({ day, hours }) => [day, hours])).toEqual([
      ['2026-10-01', 1],
      ['2026-10-02', 1],
    ]);
  });

  test('of a zone whose days begin within an hour of UTC takes the quarters that are its own', async () => {
    const quarters = [0, 1, 2, 3].map((quarter) => row({ hour: '2026-09-30T18', quarter }, { clicks: 1n }));
    count('2026-09-30T18', quarters);
    const calendar = calendarOf('Asia/Kolkata');
    const { statement } = await closed(closing('2026-09-30', '2026-10-01', { calendar }));
    expect(statement.rows).toEqual(
      ['2026-09-29T18', '2026-09-30T18'].map((hour) => row({ hour, quarter: 2, region: '' }, { clicks: 2n })),
    );
  });

  test.each(['2026-03-29', '2026-10-25'])(
    'of %s has each quarter of the 23 or 25 hours of Berlin once',
    async (day) => {
      const calendar = calendarOf('Europe/Berlin');
      const hours = hoursTouchedBy(rangeOfDays(day, day, calendar));
      for (const hour of hours)
        count(
          hour,
          [0, 1, 2, 3].map((quarter) => row({ hour, quarter }, { clicks: 1n })),
        );
      const { statement } = await closed(closing(day, day, { calendar }));
      expect(statement.rows.map(({ counters }) => counters.clicks)).toEqual([BigInt(4 * hours.length)]);
      expect(hours).toHaveLength(day === '2026-03-29' ? 23 : 25);
    },
  );

  test('has what is paid for visitors, each once a day', async () => {
    countDay('2026-10-01', [row({ hour: '2026-10-01T07' }, { payable_clicks: 2n, payout_micros: 6n })]);
    const { statement } = await closed(closing('2026-10-01', '2026-10-01'));
    expect(statement.rows).toEqual([
      row({ hour: '2026-10-01T00', region: '' }, { payable_clicks: 2n, payout_micros: 6n }),
    ]);
  });

  test('is warned about when events are missing in it', async () => {
    count('2026-10-01T05', [], { accounting: { missing: 3, gaps: [] }, unreadable: ['log/x'] });
    expect(await planPeriod(closing('2026-10-01', '2026-10-01'), shell)).toMatchObject({
      kind: 'statement',
      warnings: ['captured events are missing in 2026-10-01T05Z', 'segments could not be read in 2026-10-01T05Z'],
    });
  });
});

describe('a period is not closed', () => {
  test('while an hour of it is provisional in one region', async () => {
    count('2026-10-01T05', [row({ hour: '2026-10-01T05' }, { clicks: 1n })]);
    west.count('2026-10-01T05', [row({ hour: '2026-10-01T05' }, { clicks: 1n })], { revision: 0 });
    expect(await planPeriod(closing('2026-10-01', '2026-10-01'), shell)).toEqual({
      kind: 'refused',
      problems: ['us-west-2: 1 hour not final: 2026-10-01T05Z'],
    });
  });

  test('while the visitors of a day with clicks are not counted, as offers are paid by them', async () => {
    count('2026-10-01T05', [row({ hour: '2026-10-01T05' }, { clicks: 1n })], { totals: { clicks: 1n } });
    const problems = [east, west].map(
      ({ region }) => `${region}: the visitors of 1 day are not counted yet: 2026-10-01`,
    );
    expect(await planPeriod(closing('2026-10-01', '2026-10-01'), shell)).toEqual({ kind: 'refused', problems });
    countDay('2026-10-01', []);
    expect(await planPeriod(closing('2026-10-01', '2026-10-01'), shell)).toMatchObject({ kind: 'statement' });
  });

  test('while the regions have different figures of one of its days', async () => {
    count('2026-10-01T05', [row({ hour: '2026-10-01T05' }, { clicks: 1n })]);
    west.count('2026-10-01T05', [row({ hour: '2026-10-01T05' }, { clicks: 2n })]);
    const planned = await planPeriod(closing('2026-10-01', '2026-10-02'), shell);
    expect(planned).toMatchObject({ problems: [expect.stringMatching(/different figures of 1 day: 2026-10-01;/)] });
  });

  test('while the regions have different figures of a closed day, whose corrections it would contain', async () => {
    count('2026-10-01T05', [row({ hour: '2026-10-01T05' }, { clicks: 1n })]);
    const stated = [await closed(closing('2026-10-01', '2026-10-01'))];
    east.count('2026-10-01T05', [row({ hour: '2026-10-01T05' }, { clicks: 9n })]);
    const planned = await planPeriod(closing('2026-10-02', '2026-10-02', { stated }), shell);
    expect(planned).toMatchObject({ problems: [expect.stringMatching(/different figures of 1 day: 2026-10-01;/)] });
  });

  test.each<[string, string, RegExp]>([
    ['2026-10-31', '2026-11-02', /2026-10-31 is closed already: the last closed day is 2026-10-31/],
    ['2026-11-02', '2026-11-03', /the next one begins on 2026-11-01/],
    ['2026-11-01', '2026-10-31', /2026-10-31 is closed already/],
    ['2026-11-01', '2026-11-24', /2026-11-24 is not over yet in UTC/],
    ['2026-11-01', 'November', /"November" is no day/],
    ['2026-11-01', '2026-11-31', /"2026-11-31" is no day/],
  ])('when it is %s to %s', async (from, to, problem) => {
    const stated = [await closed(closing('2026-10-01', '2026-10-31'))];
    const nowMs = Date.UTC(2026, 10, 24, 23, 59);
    expect(whyNotThese({ from, to, calendar: calendarOf('UTC'), stated }, nowMs)).toMatch(problem);
    expect(
      whyNotThese({ from: '2026-11-01', to: '2026-11-23', calendar: calendarOf('UTC'), stated }, nowMs),
    ).toBeUndefined();
    expect(
      whyNotThese({ from: '2026-11-01', to: '2026-11-23', calendar: calendarOf('Asia/Tokyo'), stated }, nowMs),
    ).toMatch(/the config says Asia\/Tokyo/);
  });
});

describe('the books', () => {
  const [early, hour] = ['2026-09-30T00', '2026-10-01T05'];
  const adjusted = [row({ hour: early }, { adjustments: 1n, adjusted_payout_micros: 5n })];

  test('begin where figures begin, or all earlier money would be a correction', async () => {
    count('2026-09-29T23', []);
    count(early, adjusted);
    expect(await planPeriod(closing('2026-10-01', '2026-10-01'), shell)).toMatchObject({
      problems: [expect.stringMatching(/figures begin on 2026-09-30, .* close the days to 2026-09-30 as a period/)],
    });
  });

  test('have what comes later for a day before them in the next statement, and once', async () => {
    count(hour, [row({ hour }, { clicks: 1n })]);
    const stated = [await closed(closing('2026-10-01', '2026-10-01'))];
    count(early, adjusted);
    const next = await closed(closing('2026-10-02', '2026-10-02', { stated }));
    expect(next.statement.rows).toEqual([row({ hour: early, region: '' }, adjusted[0]?.counters ?? {})]);
    const periods = [...stated, next].map(({ period }) => period);
    expect(correctingRows(next.statement.rows, periods, '2026-10-02', calendarOf('UTC'))).toMatchObject([
      { corrects: 'before 2026-10-01' },
    ]);
    const open = await correctionsSince([...stated, next], [east.reader()], calendarOf('UTC'), () => {});
    expect(open).toEqual({ rows: [], days: [], goneDays: [], differentDays: [] });
  });
});

describe('after the retention', () => {
  const hour = '2026-10-01T05';
  const rows = [row({ hour }, { clicks: 1n, payout_micros: 5n })];
  const expiredMs = Date.UTC(2026, 9, 1) + retentionDays * 24 * hourMs;
  /** A conversion changed later. So the state is young, and the other rows that it names have expired. */
  const expire = () => {
    const { quarters } = east.count(hour, [...rows, row({ hour, quarter: 1 }, { reversed: 1n })]);
    east.objects.delete(figuresKey(parseHourName(hour), quarters[0]?.clicks.figures ?? ''));
  };
  const readerAt = (nowMs: number) => east.reader({ nowMs: () => nowMs, sleep: async () => {} });

  test('a closed day has no corrections, although a state that was rewritten names rows that are gone', async () => {
    count(hour, rows);
    const stated = [await closed(closing('2026-10-01', '2026-10-01'))];
    expire();
    const read = (nowMs: number) => correctionsSince(stated, [readerAt(nowMs)], calendarOf('UTC'), () => {});
    expect(await read(expiredMs)).toEqual({ rows: [], days: [], goneDays: ['2026-10-01'], differentDays: [] });
    await expect(read(expiredMs - 1)).rejects.toThrow(/changed while they were read/);
  });

  test('an open day can be closed, with a warning', async () => {
    count(hour, rows);
    expire();
    const regions = [{ reader: readerAt(expiredMs + 5 * hourMs), log: emptyLog }] as const;
    expect(await planPeriod(closing('2026-10-01', '2026-10-01', { regions }), shell)).toMatchObject({
      statement: { rows: [] },
      warnings: ['the figures of 1 day have expired, so the statement lacks them: 2026-10-01'],
    });
  });
});

test('figures that expired with the log are no correction', async () => {
  count('2026-10-01T05', [row({ hour: '2026-10-01T05' }, { clicks: 1n })]);
  const stated = [await closed(closing('2026-10-01', '2026-10-01'))];
  [east, west] = [new FiguresDouble('us-east-1'), new FiguresDouble('us-west-2')];
  const { rows, goneDays } = await correctionsSince(stated, [east.reader()], calendarOf('UTC'), () => {});
  expect({ rows, goneDays }).toEqual({ rows: [], goneDays: ['2026-10-01'] });
});

/** What happens to the figures, in any order: an hour is counted anew, or the open days up to one are closed. */
type Happening =
  | { readonly hour: number; readonly offerId: number; readonly payout: bigint }
  | { readonly days: number }
  | { readonly day: number; readonly payable: bigint };

const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      hour: fc.integer({ min: -72, max: 6 * 24 - 1 }),
      offerId: fc.constantFrom(15, 16),
      payout: fc.bigInt({ min: -50n, max: 50n }),
    }),
  },
  fc.record({ days: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ day: fc.nat(4), payable: fc.bigInt({ min: 0n, max: 9n }) }),
);

const [usualDay, lastDay] = ['2026-10-30', '2026-11-03'];

test.each(['UTC', 'Asia/Kathmandu', 'America/New_York'])(
  'all statements and the open corrections and days are the figures of today, also of days before the first (%s)',
  async (timeZone) => {
    const calendar = calendarOf(timeZone);
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings: readonly Happening[]) => {
        const { stated, open, now } = await after(happenings, calendar);
        expect(inAll(await toldOf(stated, now, open, calendar))).toEqual(inAll(now));
      }),
      { numRuns: 60 },
    );
  },
);

/** The statements, the first open day, and the rows that count. */
async function after(happenings: readonly Happening[], calendar: Calendar) {
  [east, west] = [new FiguresDouble('us-east-1'), new FiguresDouble('us-west-2')];
  const startMs = rangeOfDays(usualDay, lastDay, calendar).fromMs;
  const today = new Map<string, readonly FiguresRow[]>();
  const stated: StatedPeriod[] = [];
  let open: string = usualDay;
  for (const one of happenings) {
    if ('days' in one) {
      if (stated.length === 0) open = firstOf(today, calendar, usualDay);
      const to = daysBetween(open, lastDay).slice(0, one.days).at(-1);
      if (to === undefined) continue;
      stated.push(await closed(closing(open, to, { calendar, stated })));
      open = nextDay(to);
    } else if ('payable' in one) {
      const day = daysBetween(usualDay, lastDay)[one.day] ?? '';
      const rows = [row({ ...firstQuarterOf(day, calendar), quarter: 3 }, { payout_micros: one.payable })];
      countDay(day, rows, { timeZone: calendar.timeZone });
      today.set(day, rows);
    } else {
      const hour = hourName(startMs + one.hour * hourMs);
      const rows = [1, 3].map((quarter) =>
        row({ hour, quarter, offerId: one.offerId }, { adjusted_payout_micros: one.payout, clicks: 1n }),
      );
      count(hour, rows);
      today.set(hour, rows);
    }
  }
  return { stated, open, now: [...today.values()].flat() };
}

/** What all statements, the open corrections and the days from `open` on have. Without a statement all days are open. */
async function toldOf(
  stated: readonly StatedPeriod[],
  now: readonly FiguresRow[],
  open: string,
  calendar: Calendar,
): Promise<readonly FiguresRow[]> {
  const { rows: corrections } = await correctionsSince(stated, [west.reader()], calendar, () => {});
  const openRows = now.filter((one) => stated.length === 0 || dayOfRow(one, calendar) >= open);
  return [...stated.flatMap(({ statement }) => statement.rows), ...corrections, ...openRows];
}

/** The day on which the first of these hours begins, where the books have to begin. */
function firstOf(today: ReadonlyMap<string, readonly FiguresRow[]>, calendar: Calendar, usual: string): string {
  const days = [...today.values()].flat().map(({ key }) => calendar.dayOf(parseHourName(key.hour)));
  return [...days, usual].sort()[0] ?? usual;
}

/** By offer. Counters that come to 0 are left out. */
function inAll(rows: readonly FiguresRow[]) {
  const sum = new RowSum();
  sum.add(
    rows.map(({ key, counters }) => ({ counters, key: { ...key, hour: '2026-10-30T00', quarter: 0, region: '' } })),
  );
  return sum
    .rows()
    .map(({ key, counters }) => [key.offerId, Object.entries(counters).filter(([, value]) => value !== 0n)])
    .filter(([, counters]) => `${counters}` !== '');
}
