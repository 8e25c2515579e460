import { beforeEach, describe, expect, test } from 'vitest';
import { type EventFields, encodeLine } from '../../../../core/event/event.ts';
import { mintTransactionId } from '../../../../core/event/transaction-id.ts';
import { uuidV7 } from '../../../../core/event/uuid.ts';
import { encodeConversions } from '../../../../core/figures/conversion-block.ts';
import { digestOf, foldKey } from '../../../../core/ledger/object-keys.ts';
import { hourMs, hourName, hourStart } from '../../../../core/log/log-key.ts';
import { conversionKey } from '../../../../core/tracking/conversion-key.ts';
import { noParameters } from '../../../../core/tracking/input/parameters.ts';
import { explainWith, withHistories } from '../../../../operator/commands/explain/explain-transaction.ts';
import type { Explanation } from '../../../../operator/commands/explain/explanation.ts';
import { explanationLines } from '../../../../operator/commands/explain/explanation-text.ts';
import { foldSource } from '../../../../operator/conversions/fold-source.ts';
import { sampleCatalog } from '../../../core/tracking/ask.ts';
import { operatorKeys, operatorLine } from '../../../operator-lines.ts';
import { FiguresDouble } from '../../figures/figures-double.ts';
import { LogDouble } from '../../log-double.ts';
import { noOverCaps } from '../../some-conversions.ts';

const clickedAtMs = Date.UTC(2026, 10, 23, 5, 4, 3);
const nowMs = clickedAtMs + 10 * 24 * hourMs;
const identity = {
  clickedAtMs,
  region: 'us-east-1',
  offerId: 488,
  affiliateId: 7,
  signature: { kind: 'valid' },
} as const;
const keys = { signing: 'a1'.repeat(32), accepted: 'a1'.repeat(32) };
const transactionId = mintTransactionId(identity, new Uint8Array(5), keys);

function linesOf(explanation: Explanation): readonly string[] {
  return explanationLines(explanation, operatorKeys);
}

let [east, west] = [new LogDouble('us-east-1'), new LogDouble('us-west-2')];
let figures: readonly FiguresDouble[] = [];
beforeEach(() => {
  [east, west] = [new LogDouble('us-east-1'), new LogDouble('us-west-2')];
  figures = [new FiguresDouble('us-east-1'), new FiguresDouble('us-west-2')];
});

function explain(days = 1) {
  const question = { transactionId, identity, catalog: sampleCatalog, days };
  const shell = { clock: { nowMs: () => nowMs, sleep: async () => {} }, progress: () => {} };
  const readers = figures.map((one) => one.reader());
  return explainWith(question, [east.asked(), west.asked()], readers, shell);
}

function line(type: string, atMs: number, fields: EventFields = {}): string {
  const id = uuidV7(atMs, new Uint8Array(10));
  return encodeLine({ v: 1, id, type, at: atMs, region: 'us-east-1', txn: transactionId, offer_id: 488, ...fields });
}

const click = line('click', clickedAtMs + 210);
const other = line('click', clickedAtMs + 200, { txn: 'another' });

describe('a transaction', () => {
  test('is found with the line and the copies of its segment', async () => {
    const writer = { by: 'store', region: 'us-east-1' } as const;
    const [key] = east.write([other, click], clickedAtMs + 3_000, writer);
    west.write([other, click], clickedAtMs + 3_000, writer);
    const { events, searched } = await explain();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      outcome: 'credited',
      segments: [{ key, line: 2 }],
      way: { rungs: ['intake-home'] },
    });
    expect(events[0]?.segments[0]?.copies.map(({ kind }) => kind)).toEqual(['there', 'there']);
    expect(searched).toMatchObject({ hours: 25, segments: 1, index: true, unreachable: [], unfinished: [] });
  });

  test('whose click was stamped in the next hour is found there', async () => {
    const atMs = clickedAtMs + hourMs;
    east.write([line('click', atMs)], atMs);
    expect((await explain()).events).toHaveLength(1);
  });

  test('in two segments is shown as one event', async () => {
    east.write([click], clickedAtMs + 3_000);
    east.write([other, click], clickedAtMs + 4_000);
    const { events } = await explain();
    expect(events.map(({ segments }) => segments.length)).toEqual([2]);
  });

  test('is shown with events that only a later release understands, wherever they name it', async () => {
    const about = conversionKey(transactionId, 7, false, noParameters);
    const byKey = line('verdict', clickedAtMs + 5_000, { txn: null, about });
    const byId = line('correction', clickedAtMs + 6_000, { txn: null, transaction: transactionId });
    const another = line('verdict', clickedAtMs + 7_000, { txn: null, about: 'f'.repeat(32) });
    east.write([click, byKey, byId, another], clickedAtMs + 8_000);
    const { events } = await explain();
    expect(events.map(({ event, outcome }) => [event.type, outcome])).toEqual([
      ['click', 'credited'],
      ['verdict', 'unknown'],
      ['correction', 'unknown'],
    ]);
  });

  test('is shown redacted after an erasure, also while another segment has the old line', async () => {
    east.write([other, click], clickedAtMs + 3_000);
    east.write([line('click', clickedAtMs + 210, { redacted: true })], clickedAtMs + 4_000);
    const explanation = await explain();
    expect(explanation.events.map(({ event }) => event['redacted'])).toEqual([true]);
    expect(linesOf(explanation).join('\n')).toContain('; an erasure redacted it');
  });

  test('with a conversion far beyond the days searched is found by the index, for any goal', async () => {
    const lateMs = clickedAtMs + 8 * 24 * hourMs;
    east.write([click], clickedAtMs + 3_000);
    east.write([line('conversion', lateMs, { status: 'approved', goal_id: 7 })], lateMs);
    expect((await explain()).events).toHaveLength(1);
    expect((await explain(9)).events).toHaveLength(2);
    figures[1]?.setFirst(conversionKey(transactionId, 7, false, noParameters), uuidV7(lateMs, new Uint8Array(10)));
    const { events, searched } = await explain();
    expect(events.map(({ event }) => event.type)).toEqual(['click', 'conversion']);
    expect(searched).toMatchObject({ hours: 26, to: `${hourName(lateMs)}Z` });
  });

  test('is explained from the living region, without guesses about the dead one', async () => {
    for (const log of [east, west]) log.write([click], clickedAtMs + 3_000);
    east.dead = true;
    const explanation = await explain();
    expect(explanation.events[0]?.segments[0]?.copies).toMatchObject([
      { kind: 'unknown', region: 'us-east-1', reason: 'no answer in time' },
      { kind: 'there', region: 'us-west-2' },
    ]);
    expect(linesOf(explanation)).toContain('NOT ASKED: the log of us-east-1 (no answer in time)');
  });

  test('of which a segment cannot be read names it', async () => {
    const [key = ''] = east.write([click], clickedAtMs + 3_000);
    east.held.set(key, { body: Buffer.from('no gzip'), writtenAtMs: clickedAtMs });
    const { events, searched } = await explain();
    expect(events).toEqual([]);
    expect(searched.unreadable).toEqual([key]);
  });
});

test('the text says how every event came, where it is, and how it counts', async () => {
  const [key = ''] = east.write([click], clickedAtMs + 3_000, { by: 'store', region: 'us-east-1' });
  west.write([click], clickedAtMs + 90_000, { by: 'owed', region: 'us-west-2' });
  const text = linesOf(await explain()).join('\n');
  expect(text).toContain('clicked 2026-11-23 05:04:03 UTC in us-east-1, offer 488, affiliate 7');
  expect(text).toContain('by a key of this deployment');
  expect(text).toContain('captured  by intake-home (us-east-1)');
  expect(text).toContain(`${key} line 1`);
  expect(text).toContain('log-us-east-1: written 2026-11-23 05:04:06 UTC, 2 s after the event, by store in us-east-1');
  expect(text).toContain(
    'us-west-2: owed segment delivered from a failure queue, by replay in us-west-2, 1 min after the event',
  );
  expect(text).toContain('figures   us-east-1: not yet, nothing of its hour is counted');
});

test('the text says since when the figures of a region have the event, and whether they are final', async () => {
  const hour = hourName(clickedAtMs);
  const foldedToMs = clickedAtMs + 60_000;
  for (const log of [east, west]) log.write([click], clickedAtMs + 3_000);
  figures[0]?.count(hour, [], { revision: 0, foldedToMs });
  figures[1]?.count(hour, [], { revision: 2, cause: 'late', atMs: foldedToMs });
  const text = linesOf(await explain()).join('\n');
  expect(text).toContain('us-east-1: counted as clicks (provisional, counted up to 2026-11-23 05:05:03 UTC)');
  expect(text).toContain('us-west-2: counted as clicks (final, revision 2, late, 2026-11-23 05:05:03 UTC)');
});

test('the text names an unknown affiliate as the link did', async () => {
  east.write([line('click', clickedAtMs, { aff_id_given: '31337', reason: 'affiliate-unknown' })], clickedAtMs);
  const text = linesOf(await explain()).join('\n');
  expect(text).toContain('uncredited (affiliate-unknown): offer 488, affiliate 31337');
});

test('the text says that a robot clicked, and names it', async () => {
  east.write([line('preview', clickedAtMs, { preview_by: 'Googlebot' })], clickedAtMs);
  const found = await explain();
  const text = linesOf({ ...found, identity: { ...identity, byRobot: true } }).join('\n');
  expect(text).toContain('in us-east-1, offer 488, affiliate 7, by a robot');
  expect(text).toContain('preview (Googlebot): offer 488');
});

describe('the history of its conversions', () => {
  const report = line('conversion', clickedAtMs + 60_000, { status: 'pending', pending_for: 'approval', rules: 2 });
  const key = conversionKey(transactionId, 0, false, noParameters);
  const reported = {
    ...JSON.parse(report),
    conversion_key: key,
    currency: 'USD',
    payout_type: 'cpa_flat',
    payout: '2',
  };
  const fields = { conversion_key: key, conversion_id: reported.id, verdict: 'approve', note: 'by phone' } as const;
  const approval = JSON.parse(operatorLine(1, clickedAtMs + 9 * 24 * hourMs, { type: 'decision', fields }));

  async function told() {
    figures[0]?.setFirst(key, reported.id);
    const logs = [east.asked(), west.asked()];
    const place = {
      indexes: figures.map((one) => one.reader()),
      keys: operatorKeys,
      addOverCaps: noOverCaps,
      catalog: sampleCatalog,
    };
    return withHistories(await explain(), { ...place, source: foldSource(logs, { progress: () => {} }) });
  }

  test('has decisions that came long after the days searched', async () => {
    const object = { hourStartMs: hourStart(reported.at), minute: Math.floor((reported.at % hourMs) / 60_000) };
    for (const [kind, event] of [['conversions', reported] as const, ['later', approval] as const]) {
      const name = digestOf([kind]);
      const held = foldKey(object.hourStartMs, { kind, generation: 1, minute: object.minute, name });
      east.held.set(held, { body: encodeConversions([event]), writtenAtMs: clickedAtMs });
    }
    const explanation = await told();
    expect(explanation.events).toEqual([]);
    expect(explanation.conversions).toMatchObject([{ key, standing: { status: 'approved' } }]);
    expect(linesOf(explanation).join('\n')).toContain('decision approve by ann');
  });

  test('that cannot be read is named, and the rest is shown', async () => {
    for (const log of [east, west]) log.dead = true;
    const { conversions, searched } = await told();
    expect(conversions).toEqual([]);
    expect(searched.unreachable.at(-1)).toMatch(/^the history of its conversions \(no log answers/);
  });
});
