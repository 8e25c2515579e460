import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callOutcome } from '../../../core/call-outcome.ts';
import type { Table, TableItem, TableTest } from '../../../core/ports.ts';
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

async function write(pk: string, sk: string, set: TableItem, when?: readonly TableTest[]): Promise<string> {
  const answer = await table.write({ key: { pk, sk }, set, ...(when && { when }) }, budgetMs);
  return callOutcome(answer);
}

async function itemAt(pk: string, sk: string): Promise<TableItem | undefined> {
  const found = await table.get([{ pk, sk }], budgetMs);
  if (found.kind === 'failed') throw new Error(found.answer.code);
  return found.value[0];
}

describe('an item', () => {
  test('comes back as it was written: texts, and whole numbers of any size', async () => {
    const pk = partition();
    const set = { name: 'é#:', region: 'a reserved word', 'reason:a-b': 12_345_678_901_234_567_890n };
    expect(await write(pk, 'a', set)).toBe('done');
    expect(await itemAt(pk, 'a')).toEqual({ pk, sk: 'a', ...set });
  });

  test('keeps what a write does not set', async () => {
    const pk = partition();
    await write(pk, 'a', { one: 1n, two: 2n });
    await write(pk, 'a', { two: 3n });
    expect(await itemAt(pk, 'a')).toEqual({ pk, sk: 'a', one: 1n, two: 3n });
  });

  test('is written only when any one of the tests holds', async () => {
    const pk = partition();
    const claim = (id: string, was: string) =>
      write(pk, 'a', { first_id: id, expires_at: 1n }, [
        { attribute: 'first_id', is: 'absent' },
        { attribute: 'first_id', is: 'equal', value: was },
      ]);
    expect([await claim('b', 'c'), await claim('a', 'c'), await claim('a', 'b')]).toEqual(['done', 'unmet', 'done']);
    expect((await itemAt(pk, 'a'))?.['first_id']).toBe('a');
  });
});

describe('many items', () => {
  test('are read in as many calls as it takes', async () => {
    const pk = partition();
    const keys = Array.from({ length: 230 }, (_, index) => ({ pk, sk: `${index}`.padStart(3, '0') }));
    await Promise.all(keys.map(({ sk }) => write(pk, sk, { one: 1n })));
    const found = await table.get([...keys, { pk, sk: 'none' }], budgetMs);
    expect(found.kind === 'ok' && found.value.map(({ sk }) => sk).toSorted()).toEqual(keys.map(({ sk }) => sk));
  });

  test('none at all cost no call', async () => {
    expect(await table.get([], budgetMs)).toEqual({ kind: 'ok', value: [] });
  });
});
