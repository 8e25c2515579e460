import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callOutcome } from '../../../core/call-outcome.ts';
import type { Table, TableItem, TablePut } from '../../../core/ports.ts';
import { dynamodbTable } from '../../../lambda/aws/dynamodb-table.ts';
import { type ContractEndpoint, openContractEndpoint } from '../../contract/dynamodb-endpoint.ts';

const budgetMs = 20_000;

let endpoint: ContractEndpoint;
let table: Table;
beforeAll(async () => {
  endpoint = await openContractEndpoint();
  table = dynamodbTable(endpoint.client, endpoint.table);
});
afterAll(() => endpoint.close());

let partitions = 0;
/** A partition that no other test uses. */
function partition(): string {
  partitions += 1;
  return `p${partitions}`;
}

function put(pk: string, sk: string, attributes: TableItem = {}): TablePut {
  return { kind: 'put', item: { pk, sk, ...attributes } };
}

async function itemAt(pk: string, sk: string): Promise<TableItem | undefined> {
  const found = await table.get([{ pk, sk }], budgetMs);
  if (found.kind === 'failed') throw new Error(found.answer.code);
  return found.value[0];
}

async function outcomeOf(answer: ReturnType<Table['write']>): Promise<string> {
  return callOutcome(await answer);
}

describe('an item', () => {
  test('comes back as it was written: texts, whole numbers of any size, sets of them', async () => {
    const pk = partition();
    const attributes = { name: 'é#:', clicks: 12_345_678_901_234_567_890n, offers: [15n] };
    expect(await outcomeOf(table.write(put(pk, 'a', attributes), budgetMs))).toBe('done');
    expect(await itemAt(pk, 'a')).toEqual({ pk, sk: 'a', ...attributes });
  });

  test('is made by an update, which sets, adds to numbers and sets, and removes', async () => {
    const pk = partition();
    const key = { pk, sk: 'a' };
    const set = { affiliate_pk: 'affiliate#7', size: 1n };
    const update = { kind: 'update', key, set, add: { 'reason:a-b': 2n, offers: [1n] } } as const;
    await table.write(update, budgetMs);
    await table.write({ ...update, add: { 'reason:a-b': 3n, offers: [2n] }, set: {}, remove: ['size'] }, budgetMs);
    expect(await itemAt(pk, 'a')).toEqual({
      ...key,
      affiliate_pk: 'affiliate#7',
      'reason:a-b': 5n,
      offers: [1n, 2n],
    });
  });

  test('is written only when any one of the tests holds', async () => {
    const pk = partition();
    const key = { pk, sk: 'a' };
    const claim = (by: string) =>
      table.write(
        {
          kind: 'update',
          key,
          set: { by },
          when: [
            { attribute: 'by', is: 'absent' },
            { attribute: 'by', is: 'equal', value: by },
          ],
        },
        budgetMs,
      );
    expect([await outcomeOf(claim('me')), await outcomeOf(claim('you')), await outcomeOf(claim('me'))]).toEqual([
      'done',
      'unmet',
      'done',
    ]);
    const flip = (revision: bigint) =>
      table.write(
        { ...put(pk, 'r', { revision }), when: [{ attribute: 'revision', is: 'less', value: revision }] },
        budgetMs,
      );
    await table.write(put(pk, 'r', { revision: 2n }), budgetMs);
    expect([await outcomeOf(flip(2n)), await outcomeOf(flip(3n)), (await itemAt(pk, 'r'))?.['revision']]).toEqual([
      'unmet',
      'done',
      3n,
    ]);
  });

  test('is deleted only when the condition holds', async () => {
    const pk = partition();
    await table.write(put(pk, 'a', { token: 'x' }), budgetMs);
    const remove = (value: string) =>
      table.write(
        { kind: 'delete', key: { pk, sk: 'a' }, when: [{ attribute: 'token', is: 'equal', value }] },
        budgetMs,
      );
    expect([await outcomeOf(remove('y')), await outcomeOf(remove('x')), await itemAt(pk, 'a')]).toEqual([
      'unmet',
      'done',
      undefined,
    ]);
  });
});

describe('a transaction', () => {
  test('does all of it or nothing, and says what kept it from happening', async () => {
    const pk = partition();
    const add = (sk: string) => ({ kind: 'update', key: { pk, sk }, add: { clicks: 1n } }) as const;
    const marker: TablePut = { ...put(pk, 'marker'), when: [{ attribute: 'pk', is: 'absent' }] };
    const writes = [marker, add('a'), add('b')];
    expect(await table.transact(writes, budgetMs)).toEqual({ status: 200, code: '' });
    expect(await table.transact(writes, budgetMs)).toEqual({ status: 400, code: 'ConditionalCheckFailed' });
    expect((await itemAt(pk, 'b'))?.['clicks']).toBe(1n);
  });

  test('of more writes than DynamoDB takes is no transaction', async () => {
    const pk = partition();
    const writes = Array.from({ length: 101 }, (_, index) => put(pk, `${index}`));
    expect(await outcomeOf(table.transact(writes, budgetMs))).toBe('unacceptable');
  });
});

describe('many items', () => {
  test('are written, read and deleted in as many calls as it takes', async () => {
    const pk = partition();
    const keys = Array.from({ length: 230 }, (_, index) => ({ pk, sk: `${index}`.padStart(3, '0') }));
    expect(
      await table.writeAll(
        keys.map(({ sk }) => put(pk, sk)),
        budgetMs,
      ),
    ).toEqual({ kind: 'ok', value: [] });
    const found = await table.get([...keys, { pk, sk: 'none' }], budgetMs);
    expect(found.kind === 'ok' && found.value.map(({ sk }) => sk).toSorted()).toEqual(keys.map(({ sk }) => sk));
    await table.writeAll(
      keys.map((key) => ({ kind: 'delete', key })),
      budgetMs,
    );
    expect(await table.get(keys, budgetMs)).toEqual({ kind: 'ok', value: [] });
  });

  test('none at all cost no call', async () => {
    expect(await table.get([], budgetMs)).toEqual({ kind: 'ok', value: [] });
    expect(await table.writeAll([], budgetMs)).toEqual({ kind: 'ok', value: [] });
  });

  test('are found by their sort keys, page by page, also in the index', async () => {
    const pk = partition();
    const affiliate_pk = `affiliate#${pk}`;
    const hours = ['05', '06', '07', '08'];
    await table.writeAll(
      hours.map((sk) => put(pk, sk, { affiliate_pk })),
      budgetMs,
    );
    for (const place of [{ pk }, { pk: affiliate_pk, index: 'by-affiliate' }] as const) {
      const query = { ...place, from: '05', to: '07', countMax: 2 };
      const first = await table.query(query, budgetMs);
      if (first.kind === 'failed' || !first.value.next) throw new Error('there is no next page');
      expect(first.value.items.map(({ sk }) => sk)).toEqual(['05', '06']);
      const second = await table.query({ ...query, after: first.value.next }, budgetMs);
      expect(second.kind === 'ok' && second.value.items.map(({ sk }) => sk)).toEqual(['07']);
    }
  });
});
