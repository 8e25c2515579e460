import { expect, test } from 'vitest';
import { encodeConversions, encodeFirsts } from '../../../core/figures/conversion-block.ts';
import { anyGeneration, digestOf, foldKey, type MinuteKind } from '../../../core/ledger/object-keys.ts';
import { hourMs, hourStart, minuteMs } from '../../../core/log/log-key.ts';
import { findConversions, historiesIn } from '../../../operator/conversions/find-conversions.ts';
import { foldSource } from '../../../operator/conversions/fold-source.ts';
import { operatorKeys } from '../../operator-lines.ts';
import { sampleMs } from '../../sample-lines.ts';
import { FiguresDouble } from '../figures/figures-double.ts';
import { LogDouble } from '../log-double.ts';
import { keyNumber, noOverCaps, report } from '../some-conversions.ts';

const shell = { progress: () => {} };

/** Leaves a fold object in the minute of `atMs`. */
function leave(log: LogDouble, atMs: number, kind: MinuteKind, body: Uint8Array, generation = 2): void {
  const minute = Math.floor((atMs - hourStart(atMs)) / minuteMs);
  log.held.set(foldKey(hourStart(atMs), { kind, generation, minute, name: digestOf([body]) }), {
    body,
    writtenAtMs: atMs,
  });
}

test('an event names its own conversion, though its key began another one 150 days later', async () => {
  const log = new LogDouble('us-east-1');
  const [old, now] = [report(1, {}, sampleMs - 150 * 24 * hourMs), report(1)];
  for (const event of [old, now]) leave(log, event.at, 'conversions', encodeConversions([event]));
  const figures = new FiguresDouble('us-east-1');
  figures.setFirst(keyNumber(1), now.id);
  const place = {
    source: foldSource([log.asked()], shell),
    indexes: [figures.reader()],
    keys: operatorKeys,
    addOverCaps: noOverCaps,
    catalog: undefined,
  };
  const found = await findConversions([{ kind: 'event', eventId: old.id }], place);
  expect(found.map((histories) => histories.map(({ first }) => first.id))).toEqual([[old.id]]);
});

test('a conversion is listed once while a region has its later report alone', async () => {
  const [east, west] = [new LogDouble('us-east-1'), new LogDouble('us-west-2')];
  const [first, later] = [report(1), report(1, {}, sampleMs + 2 * hourMs)];
  leave(east, later.at, 'conversions', encodeConversions([later]));
  leave(east, later.at, 'firsts', encodeFirsts(new Map()));
  leave(west, first.at, 'conversions', encodeConversions([first]));
  leave(west, first.at, 'later', encodeConversions([later]), anyGeneration);
  leave(west, later.at, 'conversions', encodeConversions([later]));
  leave(west, later.at, 'firsts', encodeFirsts(new Map([[keyNumber(1), first.id]])), anyGeneration);
  const listed: string[] = [];
  const source = foldSource([east.asked(), west.asked()], shell);
  await source.ofHours([hourStart(first.at), hourStart(later.at)], (events) => {
    listed.push(...[...historiesIn(events, operatorKeys).values()].map((history) => history.first.id));
  });
  expect(listed).toEqual([first.id]);
});
