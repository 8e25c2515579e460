import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { changesSince, readStatement, type Statement, statementObject } from '../../../core/periods/statement.ts';
import { row } from '../../operator/figures/figures-double.ts';

const statement: Statement = {
  ...{ from: '2026-10-01', to: '2026-10-31', timeZone: 'Asia/Kolkata' },
  days: [{ day: '2026-10-01', digest: 'd', hours: 24 }],
  rows: [row({ region: '' }, { approved: -1n, payout_micros: -9_007_199_254_740_993n, adjusted_payout_micros: 5n })],
};

test('a statement comes back exactly, with negative corrections', () => {
  const { gzip } = statementObject(statement);
  expect(readStatement(gzip)).toEqual(statement);
});

test('equal statements have equal names', () => {
  expect(statementObject(statement).digest).toBe(statementObject({ ...statement }).digest);
  expect(statementObject({ ...statement, rows: [] }).digest).not.toBe(statementObject(statement).digest);
});

test.each([
  ['no gzip'],
  ['{"v":2}\n'],
  ['{"v":1,"from":"2026-10-01","to":"2026-10-31","timeZone":"UTC","days":[]}\nno row\n'],
])('no statement is made of %j', (text) => {
  expect(readStatement(text === 'no gzip' ? Buffer.from(text) : gzipSync(text))).toBeUndefined();
});

test('changes are what is new, gone or different, and nothing else', () => {
  const said = [row({}, { clicks: 5n, payout_micros: 10n }), row({ offerId: 16 }, { clicks: 1n })];
  const today = [row({}, { clicks: 5n, payout_micros: 7n }), row({ offerId: 17 }, { approved: 2n })];
  expect(changesSince(today, said)).toEqual([
    row({}, { payout_micros: -3n }),
    row({ offerId: 16 }, { clicks: -1n }),
    row({ offerId: 17 }, { approved: 2n }),
  ]);
  expect(changesSince(said, said)).toEqual([]);
});
