import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EventFields, encodeLine, isRedacted, type LoggedEvent } from '../../../core/event/event.ts';
import { eventColumns } from '../../../core/event/event-columns.ts';
import { createRedact } from '../../../core/event/redaction.ts';
import { mintTransactionId } from '../../../core/event/transaction-id.ts';
import { sequenceGaps } from '../../../core/ledger/sequence-gaps.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { affiliateNames, deviceNames } from '../../../core/tracking/input/parameter-names.ts';
import { operatorKeys, operatorLine } from '../../operator-lines.ts';
import { idOf, sampleLine, sampleMs } from '../../sample-lines.ts';
import { anyLine, hour } from '../figures/any-lines.ts';
import { eventOf, foldLines, groupBlocks, mergedMinutes } from '../figures/fold-lines.ts';
import { captured, keys } from '../tracking/ask.ts';
import { wildLinks } from '../tracking/links-in-the-wild.ts';

const redact = createRedact(Buffer.alloc(32, 1));
const hash = 'c'.repeat(32);
const txn = mintTransactionId(
  { clickedAtMs: sampleMs, region: 'us-east-1', offerId: 15, affiliateId: 7 },
  new Uint8Array(5),
  keys,
);

function redacted(fields: EventFields): LoggedEvent {
  return redact(eventOf(sampleLine(1, sampleMs, fields)));
}

function redactedLine(line: string): string {
  return encodeLine(redact(eventOf(line)));
}

describe('a redacted event', () => {
  test('has no text of the visitor, the affiliate or the advertiser', () => {
    const personal = {
      ...{ ip: '203.0.113.9', conv_ip: '203.0.113.9', user_agent: 'Mozilla/5.0', referer: 'https://example.com/ada' },
      ...{ url: 'https://shop.example/ada', aff_sub: 'ada', aff_click_id: 'a-1', source: 'mail', google_aid: 'g-1' },
      ...{
        device_model: 'Pixel',
        user_id: 'ada',
        adv_sub: 'order-1',
        conversion_unique_id: 'order-1',
        promo_code: 'ADA',
      },
      ...{ params: { email: 'ada@example.com' }, raw_query: 'email=ada', offer_id_given: 'ada', goal_name: 'ada' },
      ...{ posted_payout: 'ada', amount_given: 'about 5', amount: '5,00', posted_status: 'ada', status: 'ada' },
      ...{ caps: 'ada=5' },
      ...{ txn: 'ada@example.com', later_release: 'ada', visitor: '0123456789abcdef' },
    };
    const { visitor, ...event } = redacted(personal);
    expect(visitor).toMatch(/^[0-9a-f]{16}$/);
    expect(visitor).not.toBe(personal.visitor);
    const own = ['v', 'id', 'redacted', 'type', 'at', 'region', 'env', 'seq', 'offer_id'];
    expect(Object.keys(event)).toEqual(own);
    expect(redacted({ ...personal, type: 'conversion' })['visitor']).toBeUndefined();
  });

  test('keeps unchanged what money, accounts and explanations need', () => {
    const kept = {
      ...{ captured_before: 3, aff_id: 7, redirect_offer_id: 16, goal_id: 2, url_id: 4, click_at: 5, later_number: 6 },
      ...{ cap: 'conversion_cap', caps: 'conversion_cap=5 affiliate:payout_cap=12.5', over_cap: 'pending' },
      ...{ caps_count_goals: true },
      ...{ reason: 'offer-paused', status: 'pending', pending_for: 'approval', conversion_key: 'c'.repeat(32) },
      ...{ catalog: '0123456789ab', currency: 'USD', payout_type: 'cpa_both', payout: '2.50', payout_percent: '10' },
      ...{ revenue_type: 'cpa_flat', revenue: '3', amount: '99.90', posted_payout: '4', posted_status: 'approved' },
      ...{
        test: true,
        cut: true,
        undecided: true,
        click_region: 'us-west-2',
        preview_by: 'HEAD',
        sender: 'proven',
        pay_unique: true,
        destination: 'offer',
      },
      ...{ deep_link_refused: 'host-not-listed', security_token_hash: '0123456789ab' },
    };
    expect(redacted({ type: 'conversion', ...kept })).toMatchObject(kept);
  });

  /** A new column of text is put here, or among the words that stay in core/event/redaction.ts when money rests on it. */
  test('loses every text of the event schema that is not a word or an id of Keeptrack’s own', () => {
    const texts = eventColumns.flatMap(({ name, type }) =>
      type === 'text' && !['id', 'type'].includes(name) ? [name] : [],
    );
    const samples = [hash, 'approved', '1', txn, '4.50', 'click_cap=5'];
    const staying = texts.filter((name) =>
      samples.some((text) => redacted({ type: 'conversion', [name]: text })[name] === text),
    );
    const numbered = (name: string) => [2, 3, 4, 5].map((number) => `${name}${number}`);
    const going = [
      ...['url', ...affiliateNames, ...deviceNames, 'visitor', 'ip', 'user_agent', 'referer', 'raw_query', 'conv_ip'],
      ...[
        'goal_ref',
        'goal_name',
        'adv_id',
        'adv_sub',
        ...numbered('adv_sub'),
        'adv_unique1',
        ...numbered('adv_unique'),
      ],
      // Only the event of an attempt to tell a partner has these.
      ...['firing', 'method', 'target', 'outcome'],
      // Only an operator's own event has these.
      ...['conversion_id', 'verdict', 'reference', 'day', 'from', 'to', 'time_zone', 'statement'],
      ...['note', 'note_hash', 'operator', 'signature'],
      ...['conversion_unique_id', 'promo_code', 'conversion_event_datetime', 'posted_offer_id', 'posted_aff_id'],
      ...['offer_id_given', 'aff_id_given', 'url_id_given', 'file_id_given', 'goal_id_given', 'txn_given', 'url_given'],
      ...[
        'amount_given',
        'posted_payout_given',
        'posted_revenue_given',
        'posted_status_given',
        'posted_currency',
        'posted_timestamp',
        'test_given',
      ],
    ];
    expect(texts.filter((name) => !staying.includes(name)).sort()).toEqual(going.sort());
  });

  test('of an operator loses its note, and its signature stays valid', () => {
    const fields = { conversion_key: 'c'.repeat(32), conversion_id: idOf(sampleLine(1)), verdict: 'approve' } as const;
    const line = operatorLine(2, sampleMs, { type: 'decision', fields: { ...fields, note: 'Mr Doe called' } });
    const event = eventOf(redactedLine(line));
    expect(event['note']).toBeUndefined();
    expect(operatorKeys.hasSigned(event)).toBe(true);
  });

  test('of a link seen in the wild contains no text from the link or its sender', () => {
    const ownWords = new Set([
      'type',
      'region',
      'env',
      'id',
      'catalog',
      'currency',
      'txn',
      'visitor',
      'conversion_key',
    ]);
    for (const { link } of Object.values(wildLinks).flat()) {
      const { type, fields } = captured(link);
      const event = redacted({ ...fields, type });
      const texts = Object.entries(event).filter(([name, value]) => typeof value === 'string' && !ownWords.has(name));
      for (const [, text] of texts) expect(text).toMatch(/^[a-z_-]+$|^\d+(\.\d+)?$|^[0-9a-f]{8,64}$/);
      if (type === 'click') expect(event['txn']).toBe(fields['txn']);
    }
  });

  test('is the same when it is redacted again, except for its visitor', () => {
    const once = redacted({ aff_sub: 'her', visitor: 'a' });
    const { visitor: first, ...rest } = once;
    const { visitor: second, ...again } = redact(once);
    expect([again, isRedacted(once)]).toEqual([rest, true]);
    expect(second).not.toBe(first);
    expect(createRedact(Buffer.alloc(32, 2))(once)['visitor']).not.toBe(second);
  });

  test('keeps one visitor for all clicks of a visitor, on both sides of midnight UTC too, and another for another', () => {
    const next = sampleMs + 86_400_000;
    for (const [who, another] of [
      [{ visitor: 'a' }, { visitor: 'b' }],
      [
        { ip: '203.0.113.9', user_agent: 'x' },
        { ip: '203.0.113.9', user_agent: 'y' },
      ],
    ] as const) {
      const [one, same, other] = [sampleLine(1, sampleMs, who), sampleLine(2, next, who), sampleLine(3, next, another)]
        .map(eventOf)
        .map((event) => redact(event)['visitor']);
      expect(one).toBe(same);
      expect(other).not.toBe(one);
    }
    expect(redacted({ user_agent: 'x' })['visitor']).toBeUndefined();
  });
});

describe('of two lines with one id', () => {
  test('a segment keeps the redacted line, and the segment keeps its key and its event count', () => {
    const line = sampleLine(4, sampleMs, { aff_sub: 'her', captured_before: 3 });
    const other = sampleLine(9, sampleMs, { captured_before: 4 });
    const [before] = segmentsOf([line, other]);
    const [after] = segmentsOf([line, redactedLine(line), other, line]);
    expect(after?.key).toBe(before?.key);
    expect(segmentsOf([redactedLine(line), other])).toEqual([after]);
    const minutes = mergedMinutes(groupBlocks(hour, [[redactedLine(line), other]]));
    const gaps = sequenceGaps(minutes.flatMap(({ environments }) => environments));
    expect(gaps).toEqual([{ env: 'e1', region: 'us-east-1', missing: 3 }]);
  });

  test('the redacted line wins, even when the other line begins with another key', () => {
    const line = sampleLine(1, sampleMs, { aff_id: 7, aff_sub: 'her', captured_before: 0 });
    const { v, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const reordered = JSON.stringify({ ...rest, v });
    for (const lines of [
      [reordered, redactedLine(line)],
      [redactedLine(line), line],
    ]) {
      expect(segmentsOf(lines)).toEqual(segmentsOf([redactedLine(line)]));
      expect(foldLines(hour, lines)).toEqual(foldLines(hour, [redactedLine(line)]));
    }
  });
});

test('an erasure changes no payout, click, conversion or visitor count of an hour', () => {
  const person = fc.constantFrom('a', 'b', 'c');
  const lines = fc.uniqueArray(fc.tuple(anyLine(), person), { maxLength: 40, selector: ([line]) => line.slice(0, 49) });
  fc.assert(
    fc.property(lines, person, fc.nat(3), (some, erased, copies) => {
      const before = some.map(([line, who]) => {
        const event = eventOf(line);
        return encodeLine({ ...event, aff_sub: who, ...(event['visitor'] !== undefined && { visitor: who }) });
      });
      const after = before.map((line) => (line.includes(`"aff_sub":"${erased}"`) ? redactedLine(line) : line));
      expect(foldLines(hour, [...after, ...before.slice(0, copies)])).toEqual(foldLines(hour, before));
    }),
  );
});
