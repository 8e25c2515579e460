import { describe, expect, test } from 'vitest';
import { encodeLine, type LoggedEvent } from '../../../core/event/event.ts';
import { readConversions } from '../../../core/figures/conversion-block.ts';
import { readEventBlock } from '../../../core/figures/event-block.ts';
import { mergeEvents } from '../../../core/figures/merge-events.ts';
import type { FiguresRow } from '../../../core/figures/row.ts';
import { RowSum } from '../../../core/figures/row-sum.ts';
import { SegmentGroup } from '../../../core/figures/segment-group.ts';
import { hourStart } from '../../../core/log/log-key.ts';
import type { Link } from '../../../drill/load/links.ts';
import type { SentRecord } from '../../../drill/load/sent-record.ts';
import { expectedEvents } from '../../../drill/oracle/expected-event.ts';
import { expectedFigures } from '../../../drill/oracle/expected-figures.ts';
import { salesRows } from '../../core/figures/fold-lines.ts';
import { nowMs } from '../../core/tracking/ask.ts';
import { drilled, exampleCatalog, sentLink } from './drilled.ts';
import { operatorKeys } from './operator-mint.ts';

/**
 * The drill's count and the system's count share no code. They must agree on every link that a drill can make from the
 * example catalog. This test shows that within seconds, and not after an hour of drills.
 */

const west = 'us-west-2';

/** All events are of one minute, so one block of each kind has them. */
function counted(events: readonly LoggedEvent[]): readonly FiguresRow[] {
  const group = new SegmentGroup(hourStart(nowMs));
  group.add(Buffer.from(events.map(encodeLine).join('\n')));
  const [minute] = group.blocks(operatorKeys);
  const block = readEventBlock(minute?.events ?? new Uint8Array());
  const merged = block && mergeEvents([block], events.length);
  if (typeof merged !== 'object') throw new Error('the events cannot be merged');
  const conversions = minute?.conversions && readConversions(minute.conversions);
  const sum = new RowSum();
  sum.add([...merged.rows, ...salesRows(conversions ?? [])]);
  return sum.rows();
}

function rowsOf(events: readonly LoggedEvent[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    counted(events).map(({ key, counters }) => [
      [quarterText(key), key.offerId, key.affiliateId, key.goalId, key.region, key.currency].join('|'),
      texts(Object.entries(counters).filter(([name]) => name !== 'unique_clicks')),
    ]),
  );
}

function quarterText({ hour, quarter }: FiguresRow['key']): string {
  return `${hour}:${String(quarter * 15).padStart(2, '0')}`;
}

function texts(counts: Iterable<readonly [string, bigint]>): Record<string, string> {
  const sorted = [...counts].sort(([left], [right]) => left.localeCompare(right));
  return Object.fromEntries(sorted.map(([name, count]) => [name, String(count)]));
}

describe('a drill’s own count', () => {
  const plan = { seed: 1, rounds: 1_500, startMs: nowMs, intervalMs: 0, regions: [west], decides: 0.2 };
  const { events, records } = drilled(plan);
  const log = { region: west, segments: new Map(), events: new Map(events.map((event) => [event.id, event])) };
  const ofWords = expectedFigures(expectedEvents(records, [log]), exampleCatalog);
  const rows = (figures: typeof ofWords) =>
    Object.fromEntries([...figures.rows].map(([row, counts]) => [row, texts(counts)]));

  test('includes every kind of conversion and every currency', () => {
    const names = new Set([...ofWords.rows.values()].flatMap((counts) => [...counts.keys()]));
    const classes = ['clicks', 'rejected_clicks', 'impressions', 'rejected_impressions', 'approved', 'pending'];
    const reasons = ['security-token-missing', 'security-token-wrong', 'ip-not-allowed', 'rejected-by-advertiser'];
    const waits = ['goal-unknown', 'status-unknown', 'pending-by-advertiser', 'amount-missing', 'approval'];
    const whys = [...reasons.map((reason) => `reason:${reason}`), ...waits.map((wait) => `pending_for:${wait}`)];
    const others = ['rejected', 'reversed', 'duplicates', 'tests', 'decisions', 'conflicts'];
    for (const name of [...classes, ...others, ...whys]) expect(names).toContain(name);
    expect(new Set([...ofWords.rows.keys()].map((row) => row.split('|')[5]))).toEqual(new Set(['USD', 'EUR', '']));
  });

  test('of the links that it sent equals the system’s count', () => {
    expect(rows(ofWords)).toEqual(rowsOf(events));
  });

  test('from the log lines alone, as after lost answers, is the same', () => {
    const ofLines = expectedFigures(expectedEvents([], [log]), exampleCatalog);
    expect(rows(ofLines)).toEqual(rowsOf(events));
    expect(ofLines.hourUniques).toEqual(ofWords.hourUniques);
  });

  test('of visitors equals the system’s', () => {
    const uniques = new Map<string, bigint>();
    for (const { key, counters } of counted(events)) {
      const place = `${key.hour}|${key.offerId}|${key.affiliateId}`;
      if (counters.unique_clicks) uniques.set(place, (uniques.get(place) ?? 0n) + counters.unique_clicks);
    }
    expect(new Map(ofWords.hourUniques)).toEqual(uniques);
  });
});

describe('a drill’s own count of links with known, inactive and made-up ids', () => {
  const offerIds = ['1500', '90', '83', '84', '2000000001', '2000000002', 'winter', ''];
  const affiliateIds = ['1001', '666', '2000000003', '2000000004', 'me', ''];
  const places = offerIds.flatMap((offer_id) => affiliateIds.map((aff_id) => ({ offer_id, aff_id })));
  const links = (['click', 'impression'] as const).flatMap((type) =>
    places.map((parameters) => ({ type, parameters })),
  );
  const sent = links.map(({ type, parameters }, count) => {
    const link = { page: type === 'click' ? '/aff_c' : '/aff_i', parameters } as const;
    return sentLink(link, type, { count, nowMs, region: west, visitor: 1 });
  });
  const events = sent.map(({ event }) => event);
  const log = { region: west, segments: new Map(), events: new Map(events.map((event) => [event.id, event])) };
  const expected = (records: readonly (typeof sent)[number]['record'][]) => {
    const { rows } = expectedFigures(expectedEvents(records, [log]), exampleCatalog);
    return Object.fromEntries([...rows].map(([row, counts]) => [row, texts(counts)]));
  };

  test('equals the system’s, both from the sent links and from the log lines alone', () => {
    const counted = rowsOf(events);
    expect(expected(sent.map(({ record }) => record))).toEqual(counted);
    expect(expected([])).toEqual(counted);
    const named = Object.keys(counted).map((row) => row.split('|').slice(1, 3));
    expect(new Set(named.map(([offer]) => offer))).toEqual(new Set(['0', '1500', '90', '83', '84']));
    expect(new Set(named.map(([, affiliate]) => affiliate))).toEqual(new Set(['0', '1001', '666']));
  });
});

test('a drill’s own count of every offer, posted status and precision of amounts equals the system’s', () => {
  const statuses = [
    '',
    'pending',
    'rejected',
    'approved',
    'Rejected ',
    'DECLINED',
    'On hold',
    'Confirmed',
    '1',
    '2',
    '3',
  ];
  const amounts = ['', '49', '49.9', '49.99', '49.9900'];
  const events: LoggedEvent[] = [];
  const records: SentRecord[] = [];
  const send = (link: Link, type: SentRecord['type']): string => {
    const { event, record } = sentLink(link, type, { count: events.length, nowMs, region: west, visitor: 1 });
    events.push(event);
    records.push(record);
    return record.transactionId;
  };
  for (const { id, advertiser_id } of exampleCatalog.offers.values()) {
    const { security_token } = exampleCatalog.advertisers.get(advertiser_id) ?? {};
    for (const status of statuses) {
      for (const amount of amounts) {
        const transaction_id = send({ page: '/aff_c', parameters: { offer_id: String(id), aff_id: '1001' } }, 'click');
        const posted = {
          ...(status && { status }),
          ...(amount && { amount }),
          ...(security_token && { security_token }),
        };
        if (transaction_id) send({ page: '/aff_lsr', parameters: { transaction_id, ...posted } }, 'conversion');
      }
    }
  }
  const log = { region: west, segments: new Map(), events: new Map(events.map((event) => [event.id, event])) };
  for (const known of [records, []]) {
    const { rows } = expectedFigures(expectedEvents(known, [log]), exampleCatalog);
    expect(Object.fromEntries([...rows].map(([row, counts]) => [row, texts(counts)]))).toEqual(rowsOf(events));
  }
});
