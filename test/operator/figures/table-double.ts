import type { Answer, Fetched, Table, TableItem, TableKey, TablePage, TableQuery } from '../../../core/ports.ts';

/** A table of these items that can be read, in pages of two. `fail` answers the next calls instead. */
export function tableOf(items: readonly TableItem[]) {
  const failures: Answer[] = [];
  const stored = [...items];
  let beforeNextQuery = () => {};
  const answered = <T>(value: T): Fetched<T> => {
    const failure = failures.shift();
    return failure ? { kind: 'failed', answer: failure } : { kind: 'ok', value };
  };
  const table: Table = {
    get: async (keys) => answered(stored.filter((item) => keys.some((key) => isOf(key, item)))),
    query: async (query) => {
      beforeNextQuery();
      beforeNextQuery = () => {};
      return answered(pageOf(stored, query));
    },
    write: () => Promise.reject(new Error('reports write nothing')),
    transact: () => Promise.reject(new Error('reports write nothing')),
    writeAll: () => Promise.reject(new Error('reports write nothing')),
  };
  return {
    table,
    /** What is there from now on. */
    replace: (next: readonly TableItem[]) => stored.splice(0, stored.length, ...next),
    beforeNextQuery: (act: () => void) => {
      beforeNextQuery = act;
    },
    fail: (...answers: readonly Answer[]) => failures.push(...answers),
  };
}

const pageSize = 2;

function pageOf(stored: readonly TableItem[], { pk, index, from, to, after }: TableQuery): TablePage {
  const found = stored
    .filter((item) => item[index === undefined ? 'pk' : 'affiliate_pk'] === pk && isBetween(item, from, to))
    .sort((one, other) => (textOf(one) < textOf(other) ? -1 : 1));
  const rest = after === undefined ? found : found.slice(found.findIndex((item) => textOf(item) === textOf(after)) + 1);
  const items = rest.slice(0, pageSize);
  const last = items.at(-1);
  return { items, ...(rest.length > pageSize && last !== undefined && { next: last }) };
}

function isOf({ pk, sk }: TableKey, item: TableItem): boolean {
  return item['pk'] === pk && item['sk'] === sk;
}

function isBetween({ sk }: TableItem, from: string, to: string): boolean {
  return typeof sk === 'string' && sk >= from && sk <= to;
}

function textOf({ pk, sk }: TableItem): string {
  return `${sk} ${pk}`;
}
