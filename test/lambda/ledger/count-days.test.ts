import { describe, expect, test } from 'vitest';
import { dayIn } from '../../../core/config/time-zone.ts';
import { encodeLine } from '../../../core/event/event.ts';
import { createRedact } from '../../../core/event/redaction.ts';
import { parseDayState, readUniquesObject } from '../../../core/ledger/day-state.ts';
import { dayStateKey, dayUniquesKey } from '../../../core/ledger/object-keys.ts';
import { hourMs, hourName } from '../../../core/log/log-key.ts';
import { metrics } from '../../../core/metrics.ts';
import { FoldRun } from '../../../lambda/fold/run.ts';
import { countDay } from '../../../lambda/ledger/count-days.ts';
import { DayCalendar } from '../../../lambda/ledger/day-calendar.ts';
import { SumsBook } from '../../../lambda/ledger/sums-book.ts';
import { ledgerOnce, type RunOptions } from '../../../simulation/functions.ts';
import { createFunction, type SimulatedWorld } from '../../../simulation/world.ts';
import { eventOf } from '../../core/figures/fold-lines.ts';
import { captured } from '../../core/tracking/ask.ts';
import { sampleLine } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { home, worldWith } from '../world-view.ts';
import { atHome, before, noting, portsOf, runWith } from './interleaved.ts';
import { early, later, pass, put, run } from './ledger-view.ts';

const day = '2026-11-23';
const earlyClicks = [1, 2, 3].map((seq) => sampleLine(seq, early + seq, { aff_id: 7, visitor: `early-${seq}` }));
const laterClick = sampleLine(4, later + 4, { aff_id: 7, visitor: 'later' });
/** One visitor of the early hour comes again, once with another affiliate. */
const again = [7, 8].map((affiliate) => sampleLine(5, later + affiliate, { aff_id: affiliate, visitor: 'early-1' }));

function dayState(world: SimulatedWorld, of = day) {
  const object = world.regions[home].bucket.get(dayStateKey(of));
  return object.kind === 'ok' ? parseDayState(object.value.body) : undefined;
}

/** `offer affiliate visitors` of a day; undefined when nothing is in force. */
function uniquesOf(world: SimulatedWorld, of = day): readonly string[] | undefined {
  const object = world.regions[home].bucket.get(dayUniquesKey(of, dayState(world, of)?.uniques ?? ''));
  const counted = object.kind === 'ok' ? readUniquesObject(object.value.body) : undefined;
  return counted?.uniques.map(({ offerId, affiliateId, visitors }) => `${offerId} ${affiliateId} ${visitors}`);
}

/** The rows of what is paid for visitors of the day. */
function payableOf(world: SimulatedWorld, of = day) {
  const object = world.regions[home].bucket.get(dayUniquesKey(of, dayState(world, of)?.uniques ?? ''));
  const counted = object.kind === 'ok' ? readUniquesObject(object.value.body) : undefined;
  return counted?.payable.map(({ key: { hour }, counters }) => ({ hour, ...counters }));
}

const hoursOfDay = Array.from({ length: 24 }, (_, hour) => Date.UTC(2026, 10, 23, hour));

function drill(...hours: readonly number[]) {
  return { task: 'hours', hours: hours.map(hourName), cause: 'drill' };
}

/** Makes every hour of the day final once the day is over. */
async function finishDay(world: SimulatedWorld, options: RunOptions = {}): Promise<void> {
  await pass(world, 24 * hourMs);
  await run(world, home, drill(...hoursOfDay), options);
}

/** Counts the day in as many parts as it has visitors. A run that dies gives undefined. */
async function countInParts(world: SimulatedWorld, puts: string[], diesAtStep?: number): Promise<string | undefined> {
  const options = { world, home, functionName: 'ledger', ...(diesAtStep !== undefined && { diesAtStep }) } as const;
  const { environment, ledger } = createFunction(options);
  const folding = new FoldRun(atHome(ledger, noting(puts, 'putIfAbsent')), Number.POSITIVE_INFINITY);
  const book = new SumsBook(folding, 'UTC');
  const count = () => countDay(folding, day, { calendar: new DayCalendar('UTC'), visitorsMax: 1, book });
  const ended = await world.time.until(environment.invoke(hourMs, count));
  return ended.kind === 'returned' ? ended.value : undefined;
}

function forgetDay(world: SimulatedWorld): void {
  const { bucket } = world.regions[home];
  for (const prefix of ['ledger/days/', 'ledger/fold/days/']) for (const key of bucket.keys(prefix)) bucket.delete(key);
}

describe('the visitors of a day', () => {
  test('count once in all of its hours, by offer and affiliate', async () => {
    const world = worldWith();
    put(world, home, earlyClicks);
    put(world, home, [laterClick, ...again]);
    await run(world, home);
    expect(uniquesOf(world)).toEqual(['15 7 4', '15 8 1']);
    expect(dayState(world)).toMatchObject({ isWhole: false, timeZone: 'UTC' });
    expect(stateOf(world, later)?.totals).toMatchObject({ clicks: 3n, unique_clicks: 3n });
  });

  test('are those of the network’s time zone, also when its days begin within an hour', async () => {
    const world = worldWith();
    const midnight = Date.UTC(2026, 10, 22, 18, 30);
    const visits = [
      [midnight - 60_000, 'a'],
      [midnight - 1, 'b'],
      [midnight, 'a'],
      [later, 'a'],
      [later, 'c'],
    ] as const;
    put(
      world,
      home,
      visits.map(([atMs, visitor], seq) => sampleLine(seq, atMs, { aff_id: 7, visitor })),
    );
    const options = { timeZone: 'Asia/Kolkata' };
    const hours = [hourName(midnight), hourName(later)];
    await run(world, home, { task: 'hours', hours, cause: 'drill' }, options);
    expect([uniquesOf(world, '2026-11-22'), uniquesOf(world)]).toEqual([['15 7 2'], ['15 7 2']]);
    expect(dayState(world)).toMatchObject({ timeZone: 'Asia/Kolkata' });
  });

  test('are counted in parts when they are many, once the day is over', async () => {
    const world = worldWith();
    const lines = Array.from({ length: 40 }, (_, seq) =>
      sampleLine(seq, (seq % 2 === 0 ? early : later) + seq, { aff_id: 7 + (seq % 3), visitor: `v${seq % 10}` }),
    );
    put(world, home, lines);
    const options = { visitorsMax: 5 };
    await run(world, home, { task: 'close' }, options);
    expect(dayState(world)).toBeUndefined();
    await finishDay(world, options);
    expect(uniquesOf(world)).toEqual(['15 7 10', '15 8 10', '15 9 10']);
    expect(dayState(world)).toMatchObject({ isWhole: true });
    expect(world.regions[home].bucket.keys(`ledger/fold/days/${day}/`)).toHaveLength(8);
  });

  test('are counted on where a killed run ended: no part that is done is counted again', async () => {
    const world = worldWith();
    put(world, home, [...earlyClicks, laterClick]);
    await finishDay(world);
    let died = 0;
    for (let ended: string | undefined; ended === undefined; died += 1) {
      forgetDay(world);
      const [before, after]: [string[], string[]] = [[], []];
      ended = await countInParts(world, before, died + 1);
      const kept = world.regions[home].bucket.keys('ledger/fold/days/');
      if (ended === undefined) await countInParts(world, after);
      expect(after.filter((key) => kept.includes(key))).toEqual([]);
      expect(uniquesOf(world)).toEqual(['15 7 4']);
    }
    expect(died).toBeGreaterThan(50);
  });
});

describe('an offer that pays each visitor of a day once', () => {
  const paid = (seq: number, atMs: number, visitor: string, payout: string) =>
    sampleLine(seq, atMs, {
      ...{ rules: 2, aff_id: 7, visitor, currency: 'USD', pay_unique: true },
      ...{ payout_type: 'cpc', payout, revenue_type: 'cpc', revenue: '0.5' },
    });
  const clicks = [
    paid(1, early, 'a', '0.1'),
    paid(2, early + 1, 'a', '0.1'),
    paid(3, early + 2, 'b', '0.1'),
    paid(4, later, 'a', '0.2'),
    paid(5, later + 1, 'c', '0.2'),
  ];

  test('owes the price of the first click, in its row of the day, and nothing in the rows of hours', async () => {
    const world = worldWith();
    put(world, home, clicks);
    await run(world, home);
    expect(payableOf(world)).toEqual([
      { hour: hourName(early), payable_clicks: 2n, payout_micros: 200_000n, revenue_micros: 1_000_000n },
      { hour: hourName(later), payable_clicks: 1n, payout_micros: 200_000n, revenue_micros: 500_000n },
    ]);
    expect(stateOf(world, early)?.totals).toEqual({ clicks: 3n, unique_clicks: 2n });
    expect(uniquesOf(world)).toEqual(['15 7 3']);
  });

  test('owes the same when the day is counted in parts, and a late earlier click moves the money to itself', async () => {
    const world = worldWith();
    put(world, home, clicks.slice(1));
    await finishDay(world, { visitorsMax: 1 });
    put(world, home, clicks);
    await run(world, home, { task: 'sweep' }, { visitorsMax: 1 });
    expect(payableOf(world)?.map(({ payout_micros }) => payout_micros)).toEqual([200_000n, 200_000n]);
  });

  const redact = createRedact(Buffer.alloc(32, 1));
  test.each([
    ['', (line: string) => line],
    [', also when an erasure redacts the clicks', (line: string) => encodeLine(redact(eventOf(line)))],
  ])('pays a visitor once around midnight UTC, and again on the next day of the network%s', async (_, logged) => {
    const timeZone = 'America/Halifax';
    const clickAt = (nowMs: number) => {
      const { fields } = captured('/aff_c?offer_id=1324&aff_id=1', {}, { nowMs, dayOf: dayIn(timeZone) });
      return logged(sampleLine(1, nowMs, { rules: 2, ...fields }));
    };
    // In Halifax this hour of UTC is the first of a day.
    const [beforeMidnight, afterMidnight, nextDay] = [
      Date.UTC(2026, 10, 22, 23, 50),
      Date.UTC(2026, 10, 23, 0, 10),
      later,
    ];
    const world = worldWith();
    put(world, home, [beforeMidnight, afterMidnight, nextDay].map(clickAt));
    await run(world, home, drill(beforeMidnight, afterMidnight, nextDay), { timeZone });
    expect(payableOf(world, '2026-11-22')).toMatchObject([{ hour: '2026-11-22T23', payable_clicks: 1n }]);
    expect(payableOf(world, '2026-11-23')).toMatchObject([{ hour: '2026-11-23T04', payable_clicks: 1n }]);
  });
});

describe('a day', () => {
  test('that has no figures costs nothing', async () => {
    const world = worldWith();
    await run(world, home, { task: 'sweep' });
    expect(world.regions[home].bucket.keys('ledger/days/')).toEqual([]);
  });

  test('is counted again when one of its hours gets a late segment, and is not when nothing changed', async () => {
    const world = worldWith();
    put(world, home, earlyClicks);
    await run(world, home);
    put(world, home, [laterClick]);
    await run(world, home);
    expect(uniquesOf(world)).toEqual(['15 7 4']);
    const reads: string[] = [];
    await runWith(world, atHome(portsOf(world), noting(reads)), { task: 'review' });
    expect(reads.filter((key) => key.includes('/visits-'))).toEqual([]);
  });

  test('keeps its visitors when objects of one hour have expired', async () => {
    const world = worldWith();
    put(world, home, earlyClicks);
    put(world, home, [laterClick]);
    await finishDay(world);
    const { bucket } = world.regions[home];
    for (const key of bucket.keys(`ledger/fold/${hourName(early)}/`)) bucket.delete(key);
    put(world, home, again);
    expect(await run(world, home, drill(later))).toMatchObject({ daysLeft: [day] });
    for (const prefix of ['log/', 'ledger/']) {
      for (const key of bucket.keys(`${prefix}dt=${day}/hr=03/`)) bucket.delete(key);
    }
    expect(await run(world, home, drill(later))).toMatchObject({ daysLeft: [] });
    expect(uniquesOf(world)).toEqual(['15 7 4']);
  });

  test('that another run counts meanwhile is counted with all hours in the end', async () => {
    const world = worldWith();
    put(world, home, earlyClicks);
    await run(world, home, drill(early));
    put(world, home, [earlyClicks[0] ?? '', sampleLine(9, early, { aff_id: 7, visitor: 'late' })]);
    const isDay = (key: string) => key === dayStateKey(day);
    const meanwhile = async () => {
      put(world, home, [laterClick]);
      await ledgerOnce(world, home, drill(later));
    };
    const report = await runWith(world, atHome(portsOf(world), before('replace', isDay, meanwhile)), drill(early));
    expect(report.daysLeft).toEqual([day]);
    await run(world, home, { task: 'review' });
    expect(uniquesOf(world)).toEqual(['15 7 5']);
  });

  test('that is over and not counted as a whole is overdue', async () => {
    const world = worldWith();
    put(world, home, earlyClicks);
    await run(world, home, { task: 'sweep' });
    await run(world, home, drill(Date.UTC(2026, 10, 23, 0)));
    await pass(world, 26 * hourMs);
    await run(world, home, { task: 'review' });
    expect(world.recorder.of(metrics.daysOverdue)).toBe(1);
  });
});
