import { beforeEach, expect, test } from 'vitest';
import { figuresState, isFiguresTable } from '../../local/figures-state.ts';
import type { AttributeValue } from '../../local/model/table/attribute-value.ts';
import { TableModel } from '../../local/model/table/table.ts';

const nowMs = Date.UTC(2026, 10, 23, 6, 30);

let table: TableModel;
beforeEach(() => {
  table = tableNamed('keeptrack-figures');
});

function tableNamed(name: string): TableModel {
  const key = { partition: { name: 'pk', type: 'S' }, sort: { name: 'sk', type: 'S' } } as const;
  const arn = `arn:aws:dynamodb:us-east-1:111122223333:table/${name}`;
  return new TableModel({ name, arn, key, indexes: [], hasPointInTimeRecovery: true, isDeletionProtected: true });
}

function put(pk: string, sk: string, more: Record<string, AttributeValue> = {}): void {
  table.replace(undefined, { pk: { S: pk }, sk: { S: sk }, ...more });
}

test('hours come newest first: provisional by the segments that were counted, final by what is in force', () => {
  put('segments#2026-11-23T06', 'aa#0');
  put('segments#2026-11-23T06', 'aa#1');
  put('segments#2026-11-23T06', 'bb#0');
  put('segments#2026-11-23T05', 'cc#0');
  put('hours#2026-11-23', '2026-11-23T05', {
    revision: { N: '2' },
    cause: { S: 'late' },
    events: { N: '1950' },
    finalized_at: { N: '1700' },
  });
  put('hours#2026-11-22', '2026-11-22T23', { revision: { N: '1' }, cause: { S: 'closed' } });
  put('reopen', '2026-11-23T05');
  expect(figuresState(table, nowMs)).toEqual({
    table: 'keeptrack-figures',
    items: 7,
    hours: [
      { hour: '2026-11-23T06', segments: 2, isOver: false, isReopened: false },
      {
        hour: '2026-11-23T05',
        segments: 1,
        isOver: true,
        isReopened: true,
        final: { revision: 2, cause: 'late', events: 1_950, atMs: 1_700 },
      },
      {
        hour: '2026-11-22T23',
        segments: 0,
        isOver: true,
        isReopened: false,
        final: { revision: 1, cause: 'closed', events: 0, atMs: 0 },
      },
    ],
  });
  expect(table.usage().used).toEqual({ read: 0, write: 0 });
});

test('hours that nothing is known of, and those of long ago, are left out', () => {
  put('segments#2026-11-22T06', 'old#0');
  put('offer#15', '2026-11-23T06#p#1#0#us-east-1#USD');
  expect(figuresState(table, nowMs).hours).toEqual([]);
});

test('the table of figures is known by its name', () => {
  expect([isFiguresTable(table), isFiguresTable(tableNamed('keeptrack-caps'))]).toEqual([true, false]);
});
