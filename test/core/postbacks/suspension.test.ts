import { expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import {
  type AttemptEnd,
  encodeHealthBook,
  type HealthBook,
  isSuspended,
  joinedBooks,
  parseHealthBook,
  resumed,
  withAttempts,
} from '../../../core/postbacks/suspension.ts';

const nobody: HealthBook = new Map();
const { failures, spanMs } = limits.postbacks.suspendedAfter;

function failuresAt(timesMs: readonly number[]): readonly AttemptEnd[] {
  return timesMs.map((atMs) => ({ postbackId: 1, atMs, isDelivered: false }));
}

/** So many failures, the last one `overMs` after the first one. */
function spread(count: number, overMs: number): readonly AttemptEnd[] {
  return failuresAt(Array.from({ length: count }, (_, index) => 1_000 + (overMs * index) / (count - 1)));
}

test.each([
  ['ten failures over a day', failures, spanMs, true],
  ['nine failures over a day', failures - 1, spanMs, false],
  ['many failures over less than a day', 5 * failures, spanMs - 1, false],
])('%s', (_, count, overMs, expected) => {
  expect(isSuspended(withAttempts(nobody, spread(count, overMs)).get(1))).toBe(expected);
});

test('one success begins the count anew', () => {
  const [first = { postbackId: 1, atMs: 0, isDelivered: false }, ...rest] = spread(2 * failures, spanMs);
  const success = { postbackId: 1, atMs: first.atMs + 1, isDelivered: true };
  expect(isSuspended(withAttempts(nobody, [first, success, ...rest]).get(1))).toBe(false);
});

test('attempts of overlapping runs come in any order, and a success that is older than the failures changes nothing', () => {
  const book = withAttempts(nobody, spread(failures, spanMs));
  expect(isSuspended(withAttempts(book, [{ postbackId: 1, atMs: 2_000, isDelivered: true }]).get(1))).toBe(true);
});

test('a resumed postback is judged by what happens after that', () => {
  const book = withAttempts(nobody, spread(failures, spanMs));
  const health = book.get(1);
  if (health === undefined) throw new Error('no health');
  const again = new Map(book).set(1, resumed(health, spanMs + 5_000));
  expect(isSuspended(again.get(1))).toBe(false);
  expect(withAttempts(again, failuresAt([spanMs + 4_000])).get(1)).toMatchObject({ failures: 0 });
  expect(joinedBooks(again, book)).toEqual(again);
  expect(joinedBooks(book, again)).toEqual(again);
});

test('a book survives its text', () => {
  const book = withAttempts(nobody, spread(3, 10));
  expect(parseHealthBook(encodeHealthBook(book))).toEqual(book);
  expect(parseHealthBook(Buffer.from('{}'))).toBeUndefined();
});
