import { describe, expect, test } from 'vitest';
import { resultCsv, resultJson, resultTable } from '../../../../operator/commands/query/result-text.ts';

const result = {
  columns: ['offer_id', 'name', 'params'],
  rows: [
    [15, 'a "b", c', { erid: 'x' }],
    [8, null, null],
  ],
  isCut: false,
};

test('a table has its columns as wide as they need to be', () => {
  expect(resultTable(result)).toEqual([
    'offer_id  name      params',
    '--------  ----      ------',
    '15        a "b", c  {"erid":"x"}',
    '8',
  ]);
});

test('CSV quotes cells that need it', () => {
  expect(resultCsv(result)).toEqual(['offer_id,name,params', '15,"a ""b"", c","{""erid"":""x""}"', '8,,']);
});

test('JSON is an object for each row', () => {
  expect(JSON.parse(resultJson(result))).toEqual([
    { offer_id: 15, name: 'a "b", c', params: { erid: 'x' } },
    { offer_id: 8, name: null, params: null },
  ]);
});

describe('a sub id of a stranger', () => {
  const subIds = ['=HYPERLINK("http://evil.example")', '\u001b[2Jgone\nall is well'];
  const strange = { columns: ['aff_sub', 'amount'], rows: subIds.map((subId) => [subId, -1.5]), isCut: false };

  test('is no formula in CSV, and numbers stay numbers', () => {
    expect(resultCsv(strange)[1]).toBe(`"'=HYPERLINK(""http://evil.example"")",-1.5`);
  });

  test('cannot move the cursor or begin a line in a table', () => {
    expect(resultTable(strange)[3]).toMatch(/^\\x1b\[2Jgone\\x0aall is well +-1\.5$/);
  });
});
