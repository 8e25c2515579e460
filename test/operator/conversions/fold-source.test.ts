import { beforeEach, describe, expect, test } from 'vitest';
import { adjustmentKey } from '../../../core/conversions/operator-events.ts';
import type { LoggedEvent } from '../../../core/event/event.ts';
import { encodeConversions, encodeFirsts } from '../../../core/figures/conversion-block.ts';
import { anyGeneration, digestOf, foldKey, type MinuteKind } from '../../../core/ledger/object-keys.ts';
import { hourMs, hourStart, minuteMs } from '../../../core/log/log-key.ts';
import type { ConversionReference } from '../../../operator/conversions/conversion-reference.ts';
import type { EventsByKey } from '../../../operator/conversions/conversion-source.ts';
import { findConversions } from '../../../operator/conversions/find-conversions.ts';
import { foldSource } from '../../../operator/conversions/fold-source.ts';
import { operatorKeys, operatorLine } from '../../operator-lines.ts';
import { sampleMs } from '../../sample-lines.ts';
import { FiguresDouble } from '../figures/figures-double.ts';
import { LogDouble } from '../log-double.ts';
import { decision, keyNumber, noOverCaps, report, waiting } from '../some-conversions.ts';

let [east, west] = [new LogDouble('us-east-1'), new LogDouble('us-west-2')];
beforeEach(() => {
  [east, west] = [new LogDouble('us-east-1'), new LogDouble('us-west-2')];
});

const hour = hourStart(sampleMs);
const nextMs = sampleMs + 2 * hourMs;

function source() {
  return foldSource([east.asked(), west.asked()], { progress: () => {} });
}

/** Leaves an object of the minute at `atMs`, as a fold does. */
function leave(log: LogDouble, atMs: number, kind: MinuteKind, body: Uint8Array): void {
  const minute = Math.floor((atMs - hourStart(atMs)) / minuteMs);
  const generation = kind === 'later' ? anyGeneration : 2;
  const key = foldKey(hourStart(atMs), { kind, generation, minute, name: digestOf([body]) });
  log.held.set(key, { body, writtenAtMs: atMs });
}

function leaveEvents(log: LogDouble, atMs: number, kind: 'conversions' | 'later', ...events: LoggedEvent[]): void {
  leave(log, atMs, kind, encodeConversions(events));
}

async function ofHours(...hours: readonly number[]): Promise<Record<string, number>> {
  const found: [string, number][] = [];
  await source().ofHours(hours, (events: EventsByKey) => {
    for (const [key, ofKey] of events) found.push([key, ofKey.length]);
  });
  return Object.fromEntries(found);
}

const repeated = report(1, {}, nextMs);
const verdict = decision(1, 'approve', { note: 'by phone' }, nextMs + 60_000);

/** One conversion, reported again two hours later and decided after that. */
function foldOne(log: LogDouble): void {
  leaveEvents(log, sampleMs, 'conversions', report(1, waiting));
  leaveEvents(log, sampleMs, 'later', repeated, verdict);
  leaveEvents(log, nextMs, 'conversions', repeated);
  leave(log, nextMs, 'firsts', encodeFirsts(new Map([[keyNumber(1), report(1).id]])));
}

describe('a conversion', () => {
  test('has all its events in the minute of its first report, and is in the hour of that report alone', async () => {
    foldOne(east);
    foldOne(west);
    const found = await source().ofKeys(new Map([[keyNumber(1), report(1).id]]));
    expect(new Set(found.get(keyNumber(1))?.map(({ id }) => id))).toEqual(
      new Set([report(1).id, repeated.id, verdict.id]),
    );
    expect(await ofHours(hour)).toEqual({ [keyNumber(1)]: 3 });
    expect(await ofHours(hourStart(nextMs))).toEqual({});
  });

  test('is found with what one region alone has folded, and while the other one is dead', async () => {
    leaveEvents(east, sampleMs, 'conversions', report(1, waiting));
    leaveEvents(west, sampleMs, 'later', verdict);
    expect(await ofHours(hour)).toEqual({ [keyNumber(1)]: 2 });
    east.dead = true;
    foldOne(west);
    expect(await ofHours(hour)).toMatchObject({ [keyNumber(1)]: expect.any(Number) });
    west.dead = true;
    await expect(ofHours(hour)).rejects.toThrow(
      'no log answers (us-east-1: no answer in time; us-west-2: no answer in time)',
    );
  });

  test('that a later minute reports first after a rejection without proof is in that minute', async () => {
    const rejection = report(1, { status: 'rejected', reason: 'rejected-by-advertiser', sender: 'unproven' });
    leaveEvents(east, sampleMs, 'conversions', rejection);
    leave(east, sampleMs, 'firsts', encodeFirsts(new Map([[keyNumber(1), repeated.id]])));
    leaveEvents(east, nextMs, 'conversions', repeated);
    leaveEvents(east, nextMs, 'later', rejection);
    expect(await ofHours(hour)).toEqual({});
    expect(await ofHours(hourStart(nextMs))).toEqual({ [keyNumber(1)]: 2 });
  });

  test('of which an object cannot be understood is not shown in part', async () => {
    foldOne(east);
    leave(east, sampleMs, 'later', Buffer.from('no gzip'));
    await expect(ofHours(hour)).rejects.toThrow(/later-[0-9a-f]{32}\.ndjson\.gz cannot be understood$/);
  });
});

describe('an id', () => {
  function find(reference: ConversionReference) {
    const figures = new FiguresDouble('us-east-1');
    figures.setFirst(keyNumber(1), report(1).id);
    const known = { indexes: [figures.reader()], keys: operatorKeys, catalog: undefined };
    const place = { source: source(), addOverCaps: noOverCaps, ...known };
    return findConversions([reference], place);
  }

  test.each<[string, ConversionReference]>([
    ['the key', { kind: 'key', key: keyNumber(1) }],
    ['the first report', { kind: 'event', eventId: report(1).id }],
    ['a later report', { kind: 'event', eventId: repeated.id }],
  ])('of %s finds the whole conversion', async (_, reference) => {
    foldOne(east);
    const [[history] = []] = await find(reference);
    expect(history?.events.map(({ event }) => event.id)).toEqual([report(1).id, repeated.id, verdict.id]);
    expect(history?.standing.status).toBe('approved');
  });

  test('that nobody knows finds nothing', async () => {
    expect(await find({ kind: 'event', eventId: report(9).id })).toEqual([[]]);
  });
});

test('adjustments are found by their day and by their id', async () => {
  const fields = {
    ...{ reference: 'INV-7', day: '2026-11-23', day_at: hour, offer_id: 15, aff_id: 7, currency: 'USD' },
    ...{ payout: '-12.50', revenue: '0', note: 'returned' },
  };
  const adjustment = JSON.parse(operatorLine(1, nextMs, { type: 'adjustment', fields })) as LoggedEvent;
  leaveEvents(east, nextMs, 'conversions', adjustment);
  leaveEvents(east, hour, 'later', adjustment);
  leave(east, nextMs, 'firsts', encodeFirsts(new Map([[adjustmentKey('INV-7'), adjustment.id]])));
  expect((await source().adjustmentsOf([hour])).map(({ id }) => id)).toEqual([adjustment.id]);
  expect(await source().adjustmentsOf([hourStart(nextMs)])).toEqual([]);
  expect(await source().withIds(new Set([adjustment.id]))).toMatchObject([{ reference: 'INV-7' }]);
  expect(await ofHours(hour)).toEqual({});
});
