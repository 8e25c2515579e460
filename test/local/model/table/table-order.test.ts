import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttributeMap } from '../../../../local/model/table/attribute-value.ts';
import { queryItems } from '../../../../local/model/table/query-items.ts';
import { TableModel } from '../../../../local/model/table/table.ts';
import { writeItem } from '../../../../local/model/table/write-item.ts';
import { settings } from './sample-table.ts';

/** Short texts of few characters, the awkward ones among them, so that keys meet and one begins another. */
const sortKey = fc
  .array(fc.constantFrom('\0', '\x01', 'a', 'b', '#', 'ÿ', '\u{ffff}', '\u{1f388}'), { minLength: 1, maxLength: 4 })
  .map((characters) => characters.join(''));
const partitionKey = fc.constantFrom('p', 'q', 'p\0');
const step = fc.record({ pk: partitionKey, sk: sortKey, affiliate: fc.constantFrom('x', 'y'), isPut: fc.boolean() });

/** What is left of the steps: the last one decides, key by key. */
function expectedItems(
  steps: readonly { pk: string; sk: string; affiliate: string; isPut: boolean }[],
): AttributeMap[] {
  const last = new Map(steps.map((one) => [`${one.pk} ${one.sk}`, one]));
  return [...last.values()]
    .filter(({ isPut }) => isPut)
    .map(({ pk, sk, affiliate }) => ({ pk: { S: pk }, sk: { S: sk }, affiliate_pk: { S: affiliate } }));
}

function tableAfter(steps: readonly { pk: string; sk: string; affiliate: string; isPut: boolean }[]): TableModel {
  const table = new TableModel(settings);
  for (const { pk, sk, affiliate, isPut } of steps) {
    const key = { pk: { S: pk }, sk: { S: sk } };
    const item = { ...key, affiliate_pk: { S: affiliate } };
    writeItem(table, isPut ? { kind: 'put', item } : { kind: 'delete', key });
  }
  return table;
}

const textOf = (item: AttributeMap, name: string): string => {
  const value = item[name];
  return value && 'S' in value ? value.S : '';
};
const bytes = (text: string) => Buffer.from(text);
const bySort = (one: AttributeMap, other: AttributeMap) =>
  Buffer.compare(bytes(textOf(one, 'sk')), bytes(textOf(other, 'sk')));

/** All pages of two, one after the other. */
function everyPage(read: (after: AttributeMap | undefined) => ReturnType<typeof queryItems>): AttributeMap[] {
  const items: AttributeMap[] = [];
  let after: AttributeMap | undefined;
  do {
    const page = read(after);
    if (page.kind === 'invalid') throw new Error(page.message);
    items.push(...page.items);
    after = page.next;
  } while (after);
  return items;
}

describe('whatever was written and deleted', () => {
  const steps = fc.array(step, { maxLength: 40 });

  test('a query finds the items of its range in their order, page by page', () => {
    fc.assert(
      fc.property(steps, sortKey, sortKey, (done, one, other) => {
        const table = tableAfter(done);
        const [low = '', high = ''] = [one, other].sort((left, right) => Buffer.compare(bytes(left), bytes(right)));
        const inRange = (sk: string) =>
          Buffer.compare(bytes(sk), bytes(low)) >= 0 && Buffer.compare(bytes(sk), bytes(high)) <= 0;
        const expected = expectedItems(done).filter(
          (item) => textOf(item, 'pk') === 'p' && inRange(textOf(item, 'sk')),
        );
        const values = { ':pk': { S: 'p' }, ':low': { S: low }, ':high': { S: high } };
        const request = { keyCondition: 'pk = :pk AND sk BETWEEN :low AND :high', values, countMax: 2 };
        const found = everyPage((after) => queryItems(table, { ...request, after }));
        expect(found).toEqual(expected.sort(bySort));
      }),
    );
  });

  test('an index has what the table has, and each item stands in the table once', () => {
    fc.assert(
      fc.property(steps, (done) => {
        const table = tableAfter(done);
        const expected = expectedItems(done);
        const request = { indexName: 'by-affiliate', keyCondition: 'affiliate_pk = :a', countMax: 2 };
        const ofX = everyPage((after) => queryItems(table, { ...request, values: { ':a': { S: 'x' } }, after }));
        expect(new Set(ofX)).toEqual(new Set(expected.filter((item) => textOf(item, 'affiliate_pk') === 'x')));
        expect(ofX).toEqual([...ofX].sort(bySort));
        expect(table.all()).toHaveLength(expected.length);
        expect(new Set(table.all())).toEqual(new Set(expected));
        expect(table.usage().items).toBe(expected.length);
      }),
    );
  });
});
