import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventColumns } from '../../../core/event/event-columns.ts';
import { readConversions } from '../../../core/figures/conversion-block.ts';
import { readEventBlock } from '../../../core/figures/event-block.ts';
import { mergeEvents } from '../../../core/figures/merge-events.ts';
import { mergeSales } from '../../../core/figures/merge-sales.ts';
import { type MinuteBlocks, SegmentGroup } from '../../../core/figures/segment-group.ts';
import { hourStart } from '../../../core/log/log-key.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';

const names = eventColumns.map(({ name }) => name).filter((name) => name !== 'v' && name !== 'id');
/** JSON.parse makes objects of such texts that cannot become text. */
const noText = { toString: 1, valueOf: 1 };
const words = ['click', 'conversion', 'approved', 'cpc', 'cpm', 'cpa_both', '0.1', 'a'.repeat(32), 'offer-inactive'];
const anyValue = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(...words, '__proto__', 'constructor', '9'.repeat(30), -1, 2 ** 53, 1e300, noText, [noText]),
);
const anyFields = fc.record({
  type: fc.constantFrom('click', 'conversion', 'impression'),
  fields: fc.dictionary(fc.constantFrom(...names, 'rules', '__proto__', 'toString', 'toJSON'), anyValue),
});

/** How many events of a minute can be merged from its blocks. Throws when the blocks cannot be read. */
function mergedCount({ events, conversions }: MinuteBlocks): number {
  const block = readEventBlock(events);
  const competing = conversions === undefined ? [] : readConversions(conversions);
  if (block === undefined || competing === undefined) throw new Error('a block cannot be read');
  mergeSales({ startMs: 0, own: competing, received: [], firsts: [] });
  const merged = mergeEvents([block], 10);
  return merged === 'too-many' ? 0 : merged.counts.events;
}

test.each([
  { ip: '192.0.2.0', user_agent: noText },
  { captured_before: 0, region: noText },
])('a line with a value of a strange kind is folded: %j', (fields) => {
  expect(foldedWith(fields)).toBe(2);
});

test('no values on a line keep its neighbours from being counted', () => {
  fc.assert(
    fc.property(anyFields, ({ type, fields }) => {
      expect(foldedWith({ type, ...fields })).toBeGreaterThanOrEqual(1);
    }),
  );
});

function foldedWith(fields: object): number {
  const strange = JSON.stringify({ ...(JSON.parse(sampleLine(1)) as object), ...fields });
  const group = new SegmentGroup(hourStart(sampleMs));
  group.add(Buffer.from(`${strange}\n${sampleLine(2)}\n`));
  return group.blocks().reduce((sum, blocks) => sum + mergedCount(blocks), 0);
}
