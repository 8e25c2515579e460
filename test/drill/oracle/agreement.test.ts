import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../../core/event.ts';
import { competingKey, earliestOf } from '../../../core/figures/conversions.ts';
import { Tally } from '../../../core/figures/tally.ts';
import { seededChance } from '../../../core/seeded-chance.ts';
import { uuidV7 } from '../../../core/uuid.ts';
import {
  drawClick,
  drawConversion,
  drawImpression,
  drawRepeat,
  type Link,
  pathOf,
  type Transaction,
  transactionIdIn,
} from '../../../drill/links.ts';
import { readCatalogText } from '../../../drill/oracle/catalog-text.ts';
import { expectedFigures } from '../../../drill/oracle/expected-figures.ts';
import { happeningsOf } from '../../../drill/oracle/happening.ts';
import type { SentRecord } from '../../../drill/record.ts';
import { browserOf } from '../../../drill/sender.ts';
import { captured, nowMs } from '../../core/tracking/ask.ts';

/**
 * The drill's own count and the system's are written apart from each other, and have to agree on every link that a drill
 * may make of the sample catalog; that they do shows in seconds, and not after an hour of drills.
 */

const catalog = readCatalogText(readFileSync('examples/catalog.yaml', 'utf8'));
const links = { catalog, day: '2026-11-23' };
const rules = { catalog, earlier: new Set<string>() };
const hour = '2026-11-23T05';

/** Some thousand links, as `track` takes them. */
function drilled(seed: number) {
  const chance = seededChance(seed);
  const events: LoggedEvent[] = [];
  const records: SentRecord[] = [];
  const send = (link: Link, type: SentRecord['type']): string => {
    const visitor = 100 + Math.floor(chance() * 5);
    const count = events.length;
    const random = new Uint8Array(10);
    new DataView(random.buffer).setUint32(6, count);
    const { fields, reply } = captured(
      pathOf(link),
      { userAgent: browserOf(visitor), ip: '127.0.0.1' },
      { random: { bytes: (length) => Uint8Array.from({ length }, (_, at) => (count >> (8 * (at % 3))) & 0xff) } },
    );
    const event = { v: 1, id: uuidV7(nowMs, random), type, at: nowMs, region: 'us-west-2', ...fields } as const;
    const transactionId = type === 'click' ? (transactionIdIn(reply.headers['location'] ?? reply.body) ?? '') : '';
    const answer = { status: 200, error: '', attempts: 1, rung: 'intake-home', eventId: event.id };
    events.push(event);
    records.push({ type, link, visitor, transactionId, atMs: 0, latencyMs: 1, ...answer });
    return transactionId;
  };
  const sold: { link: Link; transaction: Transaction }[] = [];
  for (let round = 0; round < 1_500; round += 1) {
    const click = drawClick(links, chance);
    const id = send(click, 'click');
    send(drawImpression(links, chance), 'impression');
    const before = sold[Math.floor(chance() * sold.length)];
    if (before !== undefined && chance() < 0.3) {
      send(drawRepeat(before.link, before.transaction, links, chance), 'conversion');
    } else if (id !== '') {
      const transaction = { id, click };
      const link = drawConversion(transaction, links, chance);
      send(link, 'conversion');
      sold.push({ link, transaction });
    }
  }
  return { events, records };
}

function counted(events: readonly LoggedEvent[]) {
  const earliest = earliestOf(events);
  const tally = new Tally(hour);
  for (const event of events) {
    const key = competingKey(event);
    tally.add(event, key !== undefined && earliest.get(key) !== event.id);
  }
  return tally.rows();
}

function rowsOf(events: readonly LoggedEvent[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    counted(events).map(({ key, counters }) => [
      [key.hour, key.offerId, key.affiliateId, key.goalId, key.region, key.currency].join('|'),
      texts(Object.entries(counters).filter(([name]) => name !== 'unique_clicks')),
    ]),
  );
}

function texts(counts: Iterable<readonly [string, bigint]>): Record<string, string> {
  const sorted = [...counts].sort(([left], [right]) => left.localeCompare(right));
  return Object.fromEntries(sorted.map(([name, count]) => [name, String(count)]));
}

describe('a drill’s own count', () => {
  const { events, records } = drilled(1);
  const log = { region: 'us-west-2', segments: new Map(), events: new Map(events.map((event) => [event.id, event])) };
  const ofWords = expectedFigures(happeningsOf(records, [log], rules.earlier), rules);
  const rows = (figures: typeof ofWords) =>
    Object.fromEntries([...figures.rows].map(([row, counts]) => [row, texts(counts)]));

  test('has every kind of conversion and of money in it', () => {
    const names = new Set([...ofWords.rows.values()].flatMap((counts) => [...counts.keys()]));
    const classes = ['clicks', 'rejected_clicks', 'impressions', 'rejected_impressions', 'approved', 'pending'];
    const reasons = ['security-token-missing', 'security-token-wrong', 'ip-not-allowed', 'goal-unknown'];
    for (const name of [...classes, 'rejected', 'duplicates', 'tests', ...reasons.map((reason) => `reason:${reason}`)])
      expect(names).toContain(name);
    expect(new Set([...ofWords.rows.keys()].map((row) => row.split('|')[5]))).toEqual(new Set(['USD', 'EUR']));
  });

  test('of what it sent is the system’s count of what it captured', () => {
    expect(rows(ofWords)).toEqual(rowsOf(events));
  });

  test('of events whose answers were lost, from their lines alone, is the same', () => {
    const ofLines = expectedFigures(happeningsOf([], [log], rules.earlier), rules);
    expect(rows(ofLines)).toEqual(rowsOf(events));
    expect(ofLines.hourUniques).toEqual(ofWords.hourUniques);
  });

  test('of visitors is the system’s', () => {
    const uniques = new Map<string, bigint>();
    for (const { key, counters } of counted(events)) {
      const place = `${hour}|${key.offerId}|${key.affiliateId}`;
      if (counters.unique_clicks) uniques.set(place, (uniques.get(place) ?? 0n) + counters.unique_clicks);
    }
    expect(new Map(ofWords.hourUniques)).toEqual(uniques);
  });
});
