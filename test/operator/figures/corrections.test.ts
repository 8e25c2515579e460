import { expect, test } from 'vitest';
import { calendarOf } from '../../../operator/figures/calendar.ts';
import { correctionsSince } from '../../../operator/figures/corrections.ts';
import { figuresOfDays, rowsOfDays } from '../../../operator/figures/stated-days.ts';
import { decision } from '../some-conversions.ts';
import { FiguresDouble, row } from './figures-double.ts';

const calendar = calendarOf('UTC');
const day = '2026-11-01';
const hour = `${day}T04`;
const clock = { nowMs: () => Date.parse('2026-12-01T00:00:00Z'), sleep: async () => {} };

test('a correction does not depend on a region that has a state of an hour without any event', async () => {
  const [one, other] = [new FiguresDouble('us-east-1'), new FiguresDouble('us-west-2')];
  for (const figures of [one, other]) figures.count(hour, [row({ hour }, { approved: 1n, payout_micros: 5_000_000n })]);
  one.count(`${day}T07`, []);
  const figures = await figuresOfDays(one.reader(clock), day, day, calendar);
  const rows = await rowsOfDays(one.reader(clock), figures, day, day, calendar);
  const period = { from: day, to: day, timeZone: 'UTC', statement: 'x', closedAtMs: 0, event: decision(1, 'approve') };
  const stated = [{ period, statement: { from: day, to: day, timeZone: 'UTC', days: figures.days, rows } }];
  for (const each of [one, other]) each.count(hour, [row({ hour }, { reversed: 1n })]);
  const [of, ofOther] = [one.reader(clock), other.reader(clock)];
  for (const readers of [[of, ofOther], [ofOther, of], [ofOther]] as const) {
    const { rows: corrections, goneDays } = await correctionsSince(stated, readers, calendar, () => {});
    expect(corrections.map(({ counters }) => counters.payout_micros)).toEqual([-5_000_000n]);
    expect(goneDays).toEqual([]);
  }
});
