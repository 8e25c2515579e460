import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  eraseFacts,
  FactsBlockWriter,
  factsHash,
  factsHeadBytes,
  factsIdOf,
  factsPartOf,
  findInPart,
  readFactsHead,
} from '../../../core/figures/facts-block.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { redactedLine } from './any-lines.ts';
import { eventOf } from './fold-lines.ts';

function blockOf(lines: readonly string[]): Uint8Array {
  const writer = new FactsBlockWriter();
  for (const line of lines) writer.add(eventOf(line));
  return writer.encode() ?? new Uint8Array();
}

/** What a reader finds that reads the head and one part. */
function find(block: Uint8Array, id: string) {
  const head = readFactsHead(block.subarray(0, factsHeadBytes)) ?? [];
  const { fromByte = 0, toByte = 0 } = factsPartOf(head, factsHash(id)) ?? {};
  return findInPart(block.subarray(fromByte, toByte), [factsHash(id)])?.get(factsHash(id));
}

const click = (seq: number, fields = {}) => sampleLine(seq, sampleMs, { aff_id: 7, txn: `txn-${seq}`, ...fields });

describe('a block of facts', () => {
  test('has what a partner sent with a click, and no address, user agent or link', () => {
    const given = { source: 'mail', aff_sub: 'a"b\n€', aff_unique1: 'u', google_aid: 'g', url_id: 902, file_id: 3 };
    const others = { ip: '203.0.113.9', user_agent: 'Mozilla', referer: 'r', url: 'https://x', params: { a: 'b' } };
    const block = blockOf([click(1, { ...given, ...others })]);
    expect(find(block, 'txn-1')).toEqual({ ...given, url_id: '902', file_id: '3' });
  });

  test('has what an advertiser sent with a report, by the id of the report', () => {
    const line = sampleLine(1, sampleMs, {
      ...{ type: 'conversion', txn: 'txn-1', adv_sub: 'order', promo_code: 'MAY', conv_ip: '203.0.113.9', amount: '5' },
    });
    expect(find(blockOf([line]), eventOf(line).id)).toEqual({ adv_sub: 'order', promo_code: 'MAY' });
    expect(find(blockOf([line]), 'txn-1')).toBeUndefined();
  });

  test('tells a click without parameters from a click that it does not have', () => {
    const block = blockOf([click(1)]);
    expect([find(block, 'txn-1'), find(block, 'txn-2')]).toEqual([{}, undefined]);
  });

  test('says that facts were erased, whichever of the two lines came first', () => {
    const line = click(1, { aff_sub: 'her' });
    const erased = sampleLine(1, sampleMs, { aff_id: 7, txn: 'txn-1', redacted: true });
    expect(redactedLine(line)).not.toContain('her');
    expect(find(blockOf([line, erased]), 'txn-1')).toBe('erased');
    expect(find(blockOf([erased, line]), 'txn-1')).toBe('erased');
  });

  test.each([
    ['an impression', { type: 'impression', aff_id: 7 }],
    ['a click for nobody', { txn: 't', reason: 'affiliate-unknown' }],
    ['a test', { type: 'conversion', test: true }],
    ['an event of a later release', { v: 2, txn: 't' }],
  ])('has nothing of %s', (_, fields) => {
    expect(factsIdOf(eventOf(sampleLine(1, sampleMs, fields)))).toBeUndefined();
  });

  test('is found whole, one click at a time, whatever its size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), (count) => {
        const block = blockOf(Array.from({ length: count }, (_, seq) => click(seq, { aff_sub: `${seq}` })));
        for (const seq of [0, Math.floor(count / 2), count - 1])
          expect(find(block, `txn-${seq}`)).toEqual({ aff_sub: `${seq}` });
      }),
      { numRuns: 5 },
    );
  });

  test('is not taken from other bytes', () => {
    expect(readFactsHead(new Uint8Array(factsHeadBytes))).toBeUndefined();
    expect(readFactsHead(blockOf([click(1)]).subarray(0, factsHeadBytes - 1))).toBeUndefined();
    expect(findInPart(Buffer.from('no part'), ['0'])).toBeUndefined();
  });
});

describe('erasing facts', () => {
  test('takes out the facts of one event and leaves all others', () => {
    const block = blockOf([click(1, { aff_sub: 'her' }), click(2, { aff_sub: 'him' })]);
    const after = eraseFacts(block, ['txn-1', 'txn-3']);
    if (after.kind !== 'changed') throw new Error(after.kind);
    expect([find(after.block, 'txn-1'), find(after.block, 'txn-2')]).toEqual(['erased', { aff_sub: 'him' }]);
    expect(eraseFacts(after.block, ['txn-1'])).toEqual({ kind: 'unchanged' });
  });

  test('changes no bytes that are no block', () => {
    expect(eraseFacts(Buffer.from('other bytes'), ['txn-1'])).toEqual({ kind: 'unreadable' });
  });
});
