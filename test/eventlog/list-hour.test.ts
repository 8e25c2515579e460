import { expect, test } from 'vitest';
import type { Bucket } from '../../core/ports.ts';
import { listWhole } from '../../eventlog/list-hour.ts';

const names = ['log/a', 'log/b', 'log/c', 'log/d', 'log/e'];
const bounds = { pagesMax: 3, pageBudgetMs: 1_000 };

/** Lists two keys a page. */
const list: Bucket['list'] = async (_prefix, _budgetMs, after) => {
  const keys = names.filter((name) => after === undefined || name > after).slice(0, 2);
  const last = keys.at(-1);
  const next = last === names.at(-1) ? undefined : last;
  const [etags, sizesBytes] = [keys.map((key) => `of ${key}`), keys.map(() => 7)];
  return { kind: 'ok', value: { keys, etags, sizesBytes, ...(next !== undefined && { next }) } };
};

test('a listing of several pages is whole and in order', async () => {
  const listed = await listWhole({ list }, 'log/', bounds);
  expect(listed).toEqual({
    kind: 'ok',
    value: names.map((key) => ({ key, etag: `of ${key}`, sizeBytes: 7 })),
  });
});

test('more pages than asked for are a failure, and so is the end of the time', async () => {
  const failed = (code: string) => ({ kind: 'failed', answer: { status: 0, code } });
  expect(await listWhole({ list }, 'log/', { ...bounds, pagesMax: 2 })).toEqual(failed('TooManyObjects'));
  expect(await listWhole({ list }, 'log/', { ...bounds, isOver: () => true })).toEqual(failed('TimeIsOver'));
});

test('a page that is refused is the answer', async () => {
  const refused = { kind: 'failed', answer: { status: 503, code: 'SlowDown' } } as const;
  const lastRefused: Bucket['list'] = (prefix, budgetMs, after) =>
    after === 'log/d' ? Promise.resolve(refused) : list(prefix, budgetMs, after);
  expect(await listWhole({ list: lastRefused }, 'log/', bounds)).toEqual(refused);
});
